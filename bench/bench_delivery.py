"""Delivery at the platform's limit, each line against a peer in the same run on the same machine; ten minutes or so in all.

python -m bench.bench_delivery [cost] [limit] [herd] [several] [growth]      all of them by default
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any, NamedTuple

from bench.delivery_stage import (
    Sends,
    answers,
    at_another_hour,
    fill,
    in_a_moment,
    move_everybody,
    p95,
    running,
    sends,
    settings_of,
    wait_until,
)
from bot.delivery.claim import AHEAD
from bot.delivery.rounds import PART
from bot.delivery.window import LARGEST_WINDOW
from tests.rig.postgres import Postgres
from tests.rig.telegram.log import Call, most_within
from tests.rig.telegram.process import RemotePerson, RemoteServer, running_server

HERD, BARE, STRICT = 10_000, 2_000, 1_500
"""How many doses we send at once, how many messages the bare loop, whose pace does not depend on that, and how many go at the limit."""
SIZES, DAILY_JOBS = (1_000, 10_000, 100_000), (1_000, 10_000)
"""The crowds whose growth is measured, and those for which a bot with a daily job for each is measured as well: 100,000 are in line (3)."""
TURNS = 3
"""How often what it costs is measured, in turn with the peer: of a shared machine the middle one says more than any."""
UNPACED = 100_000
KILLED, KILLED_A_SECOND = 3_000, 100
FILLED_WITHIN = 15
"""Seconds for a database to be filled and a bot to start: only then claiming counts whole."""
ASKERS = 40
"""People who ask for their streak meanwhile; they have no dose."""
FIRST_ASKER = 900_001


def row(what: str, ours: str, peer: str, verdict: str = "") -> None:
    """One line of the table, as soon as it is known."""
    print(f"{what:<58} {ours:>22} {peer:>28}  {verdict}", flush=True)


# ── (1) the cost of a message ─────────────────────────────────────────────────────────────────────────────────────────


async def cost(folder: Path) -> None:
    """10,000 doses due in one minute, no limits: messages a second and CPU a message, against the bare loop; the middle of three runs each.

    As many also with the HTTP library that the peer uses, so that the rest of the two can be compared. The peer answers nobody, so
    neither do we; how long people wait meanwhile is asked in a run of its own.
    """
    runs, peers = [], []
    for turn in range(TURNS):
        runs.append(await _our_sends(folder / f"cost-{turn}", HERD))
        peers.append(await _peers_sends())
    ours, (peer_rate, peer_cpu, *_) = sorted(runs)[TURNS // 2], sorted(peers)[TURNS // 2]
    by_httpx = await _our_sends(folder / "cost-httpx", HERD, "httpx")
    asked = await _our_sends(folder / "cost-asked", HERD, asked=True)
    for how, aim, one in (("", 2.5, ours), (", over httpx as the peer", 0.7, by_httpx)):
        row(
            f"{HERD:,} doses at once, no limits{how}: a second",
            f"{one.rate:,.0f}",
            f"bare loop of eight {peer_rate:,.0f}",
            f"{one.rate / peer_rate:.2f}× (aim {aim:.2f}×)",
        )
        row(
            "    CPU a message of the bot's process",
            f"{one.cpu:.2f} ms",
            f"{peer_cpu:.2f} ms",
            f"{one.cpu / peer_cpu:.2f}×",
        )
        row("    longest stall of the loop", f"{one.stall * 1000:.0f} ms", "", "(aim 100 ms)")
    row(f"{HERD:,} doses again while people ask: a second", f"{asked.rate:,.0f}", "")
    row("    answer to a command meanwhile, p95", f"{asked.busy * 1000:.0f} ms", f"idle {asked.idle * 1000:.0f} ms")
    row("    longest stall of the loop", f"{asked.stall * 1000:.0f} ms", "", "(aim 100 ms)")


class Sent(NamedTuple):
    """What sending to many came to: messages a second, CPU (ms) a message, the longest stall, p95 of an answer before and meanwhile."""

    rate: float
    cpu: float
    stall: float
    idle: float = 0.0
    busy: float = 0.0


async def _peers_sends() -> Sent:
    async with running_server("--no-limits", "--strangers") as telegram:
        bare = ("bench.peers.bare_loop", telegram.url, telegram.token, str(BARE), "1")
        async with running(*bare) as peer:
            began = peer.cpu()
            assert await peer.asked() == "done"
            spent = peer.cpu() - began
            arrived = await sends(telegram, BARE, 60)
            return Sent(arrived.per_second, spent * 1000 / BARE, 0.0)


async def _our_sends(folder: Path, count: int, http: str = "aiohttp", *, asked: bool = False) -> Sent:
    folder.mkdir()
    url = f"sqlite:///{folder / 'trilha.sqlite'}"
    async with running_server("--no-limits", "--strangers") as telegram:
        askers = await _askers(telegram, url) if asked else []
        slot = in_a_moment(60 + FILLED_WITHIN + 2 * AHEAD.total_seconds())
        await fill(url, count, slot)
        async with running("bench.our_bot", str(UNPACED), http, **settings_of(telegram, url, folder)) as bot:
            idle = p95(await answers(askers, 0.2))
            await wait_until(slot.due - 2 * AHEAD)  # before that it only waits, and claiming counts as well
            await bot.found()
            began, done = bot.cpu(), asyncio.Event()
            await wait_until(slot.due)
            asking = asyncio.create_task(answers(askers * 20, 0.2, done))
            arrived = await sends(telegram, count, 300)
            spent = bot.cpu() - began
            done.set()
            busy = p95(await asking)
            assert len(arrived.times) == count, f"{len(arrived.times)} of {count} doses came"
            stall = (await bot.found())["stall"]
            return Sent(arrived.per_second, spent * 1000 / count, stall, idle, busy)


async def _askers(telegram: RemoteServer, url: str) -> list[RemotePerson]:
    """People who only ask: their dose is due in twelve hours."""
    await fill(url, ASKERS, at_another_hour(in_a_moment()), FIRST_ASKER)
    numbers = range(FIRST_ASKER, FIRST_ASKER + ASKERS)
    return [await telegram.person(n, f"Learner {n}", "en", started=True) for n in numbers]


# ── (2) at the limit ──────────────────────────────────────────────────────────────────────────────────────────────────


async def limit(folder: Path, count: int = STRICT) -> None:
    """The server holds 30 a second strictly, and people ask meanwhile: how near we come, and how often it says 429.

    How long the same people wait while nothing goes out is asked before (4).
    """
    folder = folder / "limit"
    folder.mkdir()
    url = f"sqlite:///{folder / 'trilha.sqlite'}"
    async with running_server("--strangers") as telegram:
        askers = await _askers(telegram, url)
        slot = in_a_moment(60 + FILLED_WITHIN + 2 * AHEAD.total_seconds())
        await fill(url, count, slot)
        async with running("bench.our_bot", "25", **settings_of(telegram, url, folder)) as bot:
            idle = p95(await answers(askers, 0.2))
            await wait_until(slot.due - 2 * AHEAD)
            bot.cpu_since()
            await wait_until(slot.due)
            done = asyncio.Event()
            asking = asyncio.create_task(answers(askers * 20, 1.0, done))
            arrived = await sends(telegram, count, 180)
            cpu = bot.cpu_since() * 1000 / count
            done.set()
            busy = p95(await asking)
        refused = [call for call in await telegram.calls("sendMessage") if call["answer"] and not call["answer"]["ok"]]
    peer_rate, peer_refused, peer_lost = await _eager_peer(count)
    most = most_within(Call(at, "sendMessage", None, {}) for at in arrived.times)
    row(
        f"{count:,} doses, 30 a second held strictly: messages a second",
        f"{arrived.per_second:.1f}",
        f"bare loop {peer_rate:.1f}",
        "(aim 24)",
    )
    row("    429 from the server", f"{len(refused)}", f"{peer_refused} ({peer_lost} lost)", "(aim 0)")
    row("    most in any second", f"{most}", "")
    row(
        "    (4) answer to a command meanwhile, p95",
        f"{busy * 1000:.0f} ms",
        f"idle {idle * 1000:.0f} ms",
        f"CPU a message {cpu:.1f} ms",
    )


async def _eager_peer(count: int) -> tuple[float, int, int]:
    """The bare loop that waits when it is told to, with three tries."""
    async with running_server("--strangers") as telegram:
        bare = ("bench.peers.limited_loop", telegram.url, telegram.token, str(count), "1")
        async with running(*bare) as peer:
            lost = int((await asyncio.wait_for(peer.asked(), 300)).partition(" ")[2])
            arrived: Sends = await sends(telegram, count - lost, 5)
        calls = await telegram.calls("sendMessage")
    refused = sum(1 for call in calls if call["answer"] and not call["answer"]["ok"])
    return arrived.per_second, refused, lost


# ── (3) a herd of 100,000 ─────────────────────────────────────────────────────────────────────────────────────────────


async def herd(folder: Path, count: int = 100_000, share: float = 0.6) -> None:
    """100,000 subscribers, 60 % of them at one minute, against a bot with a daily job for each."""
    folder = folder / "herd"
    folder.mkdir()
    url = f"sqlite:///{folder / 'trilha.sqlite'}"
    together = int(count * share)
    async with running_server("--no-limits", "--strangers") as telegram:
        slot = in_a_moment(90)
        await fill(url, together, slot)
        await fill(url, count - together, at_another_hour(slot), together + 1)
        moved = await _start_after_new_zone_data(folder / "moved", folder / "trilha.sqlite")
        async with running("bench.our_bot", "25", "look", **settings_of(telegram, url, folder)) as bot:
            arrived = await sends(telegram, 25 * 40, 240)
            found, ours, started = await bot.found(), bot.megabytes(), bot.started_in
    peer = await _daily_jobs(folder, count, together, 150)
    row(
        f"{count:,} subscribers, {together:,} at one minute: start",
        f"{started:.1f} s",
        f"run_daily {peer.started:.1f} s",
        "(aim 5 s)",
    )
    row("    start after new zone data that moves everybody", f"{moved:.1f} s", "", "(aim 5 s)")
    row("    memory held", f"{ours:.0f} MB", f"{peer.held:.0f} MB", "(aim 300 MB)")
    row(
        "    longest stall of the loop",
        f"{found['stall'] * 1000:.0f} ms",
        f"{peer.stall * 1000:,.0f} ms",
        "(aim 100 ms)",
    )
    row(
        "    the longest that it computed at a stretch",
        f"{found['own'] * 1000:.0f} ms",
        "",
        "the rest of a stall is the machine",
    )
    query = f"{median(found['query']) * 1000:.0f}, worst {max(found['query']) * 1000:.0f} ms"
    row(f"    the claim's query for a part of {PART}", query, "", "(aim 50 ms)")
    row("    claiming such a part: choose, plan, write", f"{median(found['claim']) * 1000:.0f} ms", "")
    row(
        "    of the first 1,000 doses, on screens",
        f"{len(arrived.times):,}",
        f"{peer.arrived:,} of {together:,} in 60 s",
    )


async def _start_after_new_zone_data(folder: Path, file: Path) -> float:
    """How long the next start takes on a copy of the database when every due instant in it is wrong."""
    folder.mkdir()
    url = f"sqlite:///{shutil.copy(file, folder)}"
    await move_everybody(url)
    async with (
        running_server("--no-limits") as telegram,
        running("bench.our_bot", "25", **settings_of(telegram, url, folder)) as bot,
    ):
        return bot.started_in


class Daily(NamedTuple):
    """What daily jobs came to: seconds to start, MB, the longest stall, how many messages arrived within a minute, and how."""

    started: float
    held: float
    stall: float
    arrived: int
    rate: float
    cpu: float


async def _daily_jobs(folder: Path, count: int, together: int, ahead: float) -> Daily:
    """A bot with a daily job for each of so many, of which some are due together, so many seconds ahead."""
    async with running_server("--no-limits", "--strangers") as telegram:
        due = in_a_moment(ahead).due
        lines = [
            f"{number} {due:%H:%M}" if number <= together else f"{number} {(due.hour + 12) % 24:02}:00"
            for number in range(1, count + 1)
        ]
        subscribers = folder / "subscribers"
        subscribers.write_text("\n".join(lines))
        async with running("bench.peers.job_queue", telegram.url, telegram.token, str(subscribers)) as peer:
            held = peer.megabytes()
            wait = (due - in_a_moment().due).total_seconds()
            peer.cpu_since()
            arrived = await sends(telegram, together, wait + 60)
            cpu = peer.cpu_since() * 1000 / max(1, len(arrived.times))
            held = max(held, peer.megabytes())
            stall = (await asyncio.wait_for(peer.found(), 300))["stall"]
        return Daily(peer.started_in, held, stall, len(arrived.times), arrived.per_second, cpu)


# ── (5) several processes ─────────────────────────────────────────────────────────────────────────────────────────────


async def several(folder: Path, count: int = 2_000) -> None:
    """Two processes on PostgreSQL against one: what they send, and how long nobody sends when the leader is killed in the middle."""
    server = Postgres(folder / "postgres")
    try:
        one = await _sent_by(1, folder, server.create("one"), count)
        two = await _sent_by(2, folder, server.create("two"), count)
        over = await _leader_killed(folder, server.create("over"), beside=True)
        again = await _leader_killed(folder, server.create("again"), beside=False)
    finally:
        server.close()
    row(
        f"{count:,} doses on PostgreSQL, two processes: messages a second",
        f"{two:,.0f}",
        f"one process {one:,.0f}",
        f"{two / one:.2f}×",
    )
    row(
        "    silence when the leader is killed in the middle",
        f"{over.silence:.1f} s",
        f"alone, started again at once {again.silence:.1f} s",
    )
    for how, killed in (("the other takes over", over), ("alone", again)):
        row(
            f"    {how}: came after the kill, of {KILLED:,}",
            f"{killed.after:,}",
            "",
            f"{killed.missing} missing, {killed.copies} came twice (24 may)",
        )


async def _sent_by(processes: int, folder: Path, url: str, count: int) -> float:
    """Messages a second of so many processes."""
    async with running_server("--no-limits", "--strangers") as telegram:
        await fill(url, count, in_a_moment(60))
        settings = settings_of(telegram, url, folder)
        async with AsyncExitStack() as stack:
            for _ in range(processes):
                await stack.enter_async_context(running("bench.our_bot", str(UNPACED), **settings))
            arrived = await sends(telegram, count, 180)
            assert len(arrived.times) == count, f"{len(arrived.times)} of {count} doses came"
            return arrived.per_second


class Killed(NamedTuple):
    """What a kill cost: the longest silence within a minute of it, in seconds; how many doses came after it, never, or twice."""

    silence: float
    after: int
    missing: int
    copies: int


async def _leader_killed(folder: Path, url: str, beside: bool) -> Killed:
    """What a kill in the middle of many doses costs, with another process beside it or with one that is started again at once.

    They go at a pace, so that most of them are still to come for certain.
    """
    async with running_server("--no-limits", "--strangers") as telegram:
        await fill(url, KILLED, in_a_moment())
        ours = ("bench.our_bot", str(KILLED_A_SECOND)), settings_of(telegram, url, folder)
        async with AsyncExitStack() as stack:
            leader = await stack.enter_async_context(running(*ours[0], **ours[1]))
            if beside:
                await stack.enter_async_context(running(*ours[0], **ours[1]))
            await telegram.command("calls_reach", count=KILLED // 10, within=120)
            leader.kill()
            killed_at = monotonic()
            if not beside:
                await stack.enter_async_context(running(*ours[0], **ours[1]))
            calls = await _when_all_are_there(telegram, KILLED, 240)
    times, people = [call["at"] for call in calls], len({call["chat_id"] for call in calls})
    after = sum(at > killed_at for at in times)
    assert after > KILLED // 4, f"only {after} doses were left when the leader was killed: the silence tells nothing"
    soon = pairwise(
        at for at in times if killed_at - 5 < at < killed_at + 60
    )  # what was on its way waits for its lease
    return Killed(max(later - sooner for sooner, later in soon), after, KILLED - people, len(calls) - people)


async def _when_all_are_there(telegram: RemoteServer, people: int, within: float) -> list[dict[str, Any]]:
    """Every message that arrived, when so many people have one, or the time is over."""
    await telegram.command("calls_reach", count=people, within=within)
    until = monotonic() + within
    while True:  # copies are calls as well, so some may still be missing
        calls = [call for call in await telegram.calls("sendMessage") if call["delivered"]]
        if len({call["chat_id"] for call in calls}) >= people or monotonic() > until:
            return calls
        await asyncio.sleep(1)


# ── (6) growth ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def growth(folder: Path, sizes: Sequence[int] = SIZES) -> None:
    """The same minute with 1,000, 10,000 and 100,000 subscribers, as many as are claimed at once: what grows, and what does not.

    Beside it a bot with a daily job for each of them, as far as it goes.
    """
    for count in sizes:
        place = folder / f"growth-{count}"
        place.mkdir()
        url = f"sqlite:///{place / 'trilha.sqlite'}"
        async with running_server("--no-limits", "--strangers") as telegram:
            slot = in_a_moment(90 + count // 2_000)
            await fill(url, count, slot)
            async with running("bench.our_bot", str(UNPACED), **settings_of(telegram, url, place)) as bot:
                await wait_until(slot.due - 2 * AHEAD)
                bot.cpu_since()
                arrived = await sends(telegram, min(count, LARGEST_WINDOW), 150)
                cpu = bot.cpu_since() * 1000 / len(arrived.times)
                found, held = await bot.found(), bot.megabytes()
        peer = await _daily_jobs(place, count, count, 75) if count in DAILY_JOBS else None
        row(
            f"{count:,} subscribers due at one minute: start, memory",
            f"{bot.started_in:.1f} s, {held:.0f} MB",
            f"run_daily {peer.started:.1f} s, {peer.held:.0f} MB" if peer else "",
        )
        query = f"{median(found['query']) * 1000:.0f} ms, {median(found['claim']) * 1000:.0f} ms"
        row("    the claim's query, and claiming a part of them", query, "")
        row(
            "    messages a second, CPU a message",
            f"{arrived.per_second:,.0f}, {cpu:.2f} ms",
            f"{peer.rate:,.0f}, {peer.cpu:.2f} ms" if peer else "",
            f"{peer.arrived:,} of its messages within a minute" if peer else "",
        )


EVERY: dict[str, Callable[[Path], Coroutine[Any, Any, None]]] = {
    "cost": cost,
    "limit": limit,
    "herd": herd,
    "several": several,
    "growth": growth,
}


def main(chosen: list[str]) -> int:
    """Print the table as it comes."""
    print(
        f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    )
    row("what", "trilha", "peer")
    for name in chosen or EVERY:
        with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
            asyncio.run(EVERY[name](Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
