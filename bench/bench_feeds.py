"""Visiting 1,000 feeds over loopback, side by side with the library `reader` (its `update_feeds` with workers), in one run.

    python -m bench.bench_feeds [FEEDS] [--only ours|theirs]

The sites, the bot's poller and the peer are three processes. One round reads all feeds for the first time, then come rounds in which none,
few, and all changed; both keep what they saw in SQLite, and rounds that matter are made three times, in turns, of which the median counts.
Printed are feeds a second, the seconds of the processor a thousand feeds take (with the processes that read them), the longest stall of
the bot's own loop, and its memory over twenty rounds. The aim is twice the peer's pace where most are unchanged and no less than its pace
where all changed. `python -m bench.feed_doses` measures what a dose that is due feels of it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, thread_time
from typing import Any

from bench.feed_press import Press
from bot.catalog.entry import Catalog
from bot.feeds.poll import Poller
from bot.feeds.workers import Workers
from bot.logs import set_up
from bot.operate.memory import keep_for_good
from bot.settings import read_settings
from bot.store import feeds
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.web.fetch import Fetcher

ROUNDS = 20
PEER_WORKERS = 20
TICK = 0.005
BY_DEFAULT = 1000


@dataclass(frozen=True)
class Lap:
    """One round: seconds on the clock, of the processor, the longest stall, and megabytes held after it.

    `own` is how much of a stall was our own computing at most; the rest of one is a machine that let others run.
    """

    took: float
    processor: float
    held: float
    stall: float = 0.0
    own: float = 0.0


class Contender:
    """A process that visits all feeds when told to."""

    def __init__(self, target: Callable[..., None], folder: Path, port: int, feeds_: int) -> None:
        self._line, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=target, args=(folder, port, feeds_, theirs))
        self._process.start()
        self._line.recv()

    def lap(self) -> Lap:
        """Let it visit all of them."""
        self._line.send(True)
        lap: Lap = self._line.recv()
        return lap

    def end(self) -> None:
        """Let it go."""
        self._line.send(None)
        self._process.join()


# ---------------------------------------------------------------------------------------------------------------- ours


class Ours:
    """The bot's poller with its own database, workers and clock."""

    def __init__(self, folder: Path, port: int, feeds_: int) -> None:
        self.time = datetime(2026, 3, 2, 12, tzinfo=UTC)
        self.database = Database(f"sqlite:///{folder / 'ours.sqlite'}")
        self.feeds = feeds_
        self.workers = Workers()

        async def resolve(host: str, _: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", port)]

        self.web = Fetcher(allowed=lambda _: True, resolve=resolve)
        self.poller = Poller(
            self.database, lambda: Catalog(version=1), self.web, self.workers, lambda: self.time, Random(1)
        )

    async def begin(self) -> None:
        """Follow everything."""
        await migrate(self.database)
        self.web.open()
        async with self.database.write() as session:
            await follow_all(session, self.feeds, self.time)

    async def round(self) -> None:
        """Visit all of them."""
        self.time += timedelta(days=1, hours=2)
        visits = await self.poller.go()
        assert visits == self.feeds, visits

    async def end(self) -> None:
        """Let everything go."""
        await self.poller.stop()
        await self.workers.close()
        await self.web.close()
        await self.database.close()


async def follow_all(session: Any, count: int, now: datetime) -> None:
    """Follow that many feeds, each on a host of its own."""
    for number in range(count):
        await feeds.add(
            session,
            given_key=f"{number}",
            url_key=f"{number}",
            url=f"http://feed{number}.example/{number}",
            host=f"feed{number}.example",
            title=f"Feed {number}",
            origin="chat",
            added_at=now,
            next_at=now,
        )


def run_ours(folder: Path, port: int, feeds_: int, line: Connection[Any, Any]) -> None:
    """In its process: a round for each word on the line."""
    set_up(read_settings(None, log_level="ERROR"))
    asyncio.run(_serve_ours(Ours(folder, port, feeds_), line))


async def _serve_ours(ours: Ours, line: Connection[Any, Any]) -> None:
    await ours.begin()
    keep_for_good()
    line.send(True)
    while await asyncio.to_thread(line.recv) is not None:
        stop = asyncio.Event()
        watching = asyncio.create_task(longest_stall(stop))
        began, spent = perf_counter(), processor()
        await ours.round()
        took, spent = perf_counter() - began, processor() - spent
        stop.set()
        line.send(Lap(took, spent, memory(), *await watching))
    await ours.end()


async def longest_stall(stop: asyncio.Event) -> tuple[float, float]:
    """How long the loop stood still at most, which a dose that is due would wait, and how much of the processor it took in one turn."""
    most = own = 0.0
    while not stop.is_set():
        before, spent = perf_counter(), thread_time()
        await asyncio.sleep(TICK)
        most = max(most, perf_counter() - before - TICK)
        own = max(own, thread_time() - spent)
    return most, own


# -------------------------------------------------------------------------------------------------------------- theirs


def run_theirs(folder: Path, port: int, feeds_: int, line: Connection[Any, Any]) -> None:
    """In its process: the peer, as its guide says, with a storage file and `update_feeds` with workers."""
    import feedparser_sgmllib

    sys.modules.setdefault("sgmllib", feedparser_sgmllib)  # its own copy of feedparser asks for it by its old name
    import reader

    logging.getLogger("reader").setLevel(logging.CRITICAL)
    theirs: Any = reader.make_reader(str(folder / "theirs.sqlite"))
    for number in range(feeds_):
        theirs.add_feed(f"http://127.0.0.1:{port}/{number}")
    line.send(True)
    while line.recv() is not None:
        began, spent = perf_counter(), processor()
        theirs.update_feeds(scheduled=False, workers=PEER_WORKERS)
        line.send(Lap(perf_counter() - began, processor() - spent, memory()))


def processor() -> float:
    """Seconds of the processor that this process and its children took; of living ones as the system has it now."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    over = resource.getrusage(resource.RUSAGE_CHILDREN)
    living = sum(map(_seconds_of, _children()))
    return mine.ru_utime + mine.ru_stime + over.ru_utime + over.ru_stime + living


def _children() -> list[int]:
    found = [(task / "children").read_text() for task in Path("/proc/self/task").iterdir()]
    return [int(number) for line in found for number in line.split()]


def _seconds_of(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory() -> float:
    """Megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


# ------------------------------------------------------------------------------------------------------------- the run


ROUNDS_OF = (
    ("for the first time", 0.0, 0.0, 1),
    ("unchanged", 0.0, 2.0, 3),
    ("one in twenty changed", 0.05, 2.0, 3),
    ("all changed", 1.0, 1.0, 3),
)
"""What, the share that changes, the aim, and how many times."""


def main() -> int:
    asked = argparse.ArgumentParser(description="visit feeds, beside the library reader")
    asked.add_argument("feeds", nargs="?", type=int, default=BY_DEFAULT)
    asked.add_argument("--only", choices=("ours", "theirs"))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        press = Press(given.feeds)
        sides = {"ours": run_ours, "theirs": run_theirs}
        running = {
            side: Contender(run, Path(name), press.port, press.feeds)
            for side, run in sides.items()
            if given.only in (None, side)
        }
        print(f"{press.feeds} feeds; the sites and each side have a process of their own", flush=True)
        compare(press, running)
        if "ours" in running:
            watch_memory(press, running["ours"])
        for contender in running.values():
            contender.end()
        press.end()
    return 0


def compare(press: Press, running: dict[str, Contender]) -> None:
    """Both sides, round for round on the same documents."""
    missed = []
    for what, share, aim, times in ROUNDS_OF:
        laps: dict[str, list[Lap]] = {side: [] for side in running}
        for _ in range(times):
            press.change(share)
            for side, contender in running.items():
                laps[side].append(contender.lap())
        told = [_told(side, press.feeds, laps[side]) for side in running]
        if len(running) == 2:
            ours, theirs = (median(lap.took for lap in laps[side]) for side in ("ours", "theirs"))
            told.append(f"ratio {theirs / ours:.1f}")
            if theirs / ours < aim:
                missed.append(what)
        print(f"{what:22} {'   '.join(told)}", flush=True)
    if len(running) == 2:
        print(f"missed: {', '.join(missed)}" if missed else "every aim reached")


def _told(side: str, count: int, laps: list[Lap]) -> str:
    pace = count / median(lap.took for lap in laps)
    cost = 1000 * median(lap.processor for lap in laps) / count
    most, own = (1000 * max(getattr(lap, name) for lap in laps) for name in ("stall", "own"))
    stall = f", stall {most:.0f} ms (own {own:.0f})" if side == "ours" else ""
    return f"{side} {pace:6.0f} feeds/s, {cost:5.2f} s CPU a thousand{stall}"


def watch_memory(press: Press, ours: Contender) -> None:
    """Twenty rounds, one in ten changed, and what the process holds after each fifth."""
    held = []
    for number in range(ROUNDS):
        press.change(0.1)
        lap = ours.lap()
        if number % 5 == 4:
            held.append(f"{lap.held:.0f}")
    print(f"memory after 5, 10, 15, 20 rounds: {', '.join(held)} MB")


if __name__ == "__main__":
    sys.exit(main())
