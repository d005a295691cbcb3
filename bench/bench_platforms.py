"""Two platforms in one process, one of them away for a while: does the other wait for it?

python -m bench.bench_platforms [TELEGRAM DISCORD PER_SECOND [PAIRS]]

Everybody's dose is due when the bot starts, on Telegram and on Discord, and Discord refuses connections for the first seconds of it. The
peer is the same bot with the same people on Telegram and no Discord at all. Both run several times in turn, and the middle of
the pairs' ratios counts, so that what else the machine does falls on both.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.delivery_stage import fill, in_a_moment, p95, running, sends, settings_of
from tests.rig.discord import DiscordServer, Press
from tests.rig.discord import Person as DiscordPerson
from tests.rig.telegram.process import running_server

TELEGRAM, DISCORD, PER_SECOND, PAIRS = 1_500, 300, 100, 3
AWAY = 10.0
"""Seconds after Telegram's first dose for which Discord still refuses connections."""
FIRST_ON_DISCORD = 5_000_001
WITHIN = 300.0


@dataclass
class Outcome:
    """When Telegram's doses arrived, in seconds since the first, and the processor's milliseconds for each dose of either platform.

    How many people Discord reached, how many copies it got too many, how long after its return the last came, and how many seconds the
    slowest of the commands took that were used there meanwhile, until they were acknowledged.
    """

    telegram: list[float]
    cpu: float
    discord: int = 0
    doubled: int = 0
    caught_up: float = 0.0
    acknowledged: float = 0.0

    @property
    def p95(self) -> float:
        """Nineteen of twenty of Telegram's doses had come by then."""
        return p95(self.telegram)


async def alone(folder: Path, people: int, pace: int) -> Outcome:
    """The herd on Telegram, and no Discord."""
    async with running_server("--no-limits", "--strangers") as telegram:
        await _herds(folder, people, 0)
        settings = settings_of(telegram, _url(folder), folder)
        async with running("bench.our_bot", str(pace), **settings) as bot:
            began = bot.cpu()
            times = (await sends(telegram, people, WITHIN)).times
            return Outcome(_since_first(times), (bot.cpu() - began) * 1000 / max(1, len(times)))


async def both(folder: Path, people: int, on_discord: int, pace: int) -> Outcome:
    """Both herds; Discord is away from the start until `AWAY` seconds after Telegram's first dose."""
    discord = DiscordServer()
    await discord.start()
    await discord.stop()  # it has an address, and refuses
    async with running_server("--no-limits", "--strangers") as telegram:
        await _herds(folder, people, on_discord)
        settings = settings_of(telegram, _url(folder), folder) | {
            "BOT_DISCORD_TOKEN": discord.token,
            "BOT_LOG_LEVEL": "ERROR",
        }
        async with running("bench.platforms_bot", str(pace), str(discord.port), **settings) as bot:
            began = bot.cpu()
            await sends(telegram, 1, WITHIN)
            back = asyncio.create_task(_comes_back(discord, on_discord))
            times = (await sends(telegram, people, WITHIN)).times
            cpu = (bot.cpu() - began) * 1000 / max(1, len(times) + _received(discord).total())
            caught_up, acknowledged = await back
    await discord.end()
    received = _received(discord)
    return Outcome(_since_first(times), cpu, len(received), received.total() - len(received), caught_up, acknowledged)


async def _herds(folder: Path, people: int, on_discord: int) -> None:
    """Fill a database of its own."""
    folder.mkdir()
    slot = in_a_moment()
    await fill(_url(folder), people, slot)
    if on_discord:
        await fill(_url(folder), on_discord, slot, FIRST_ON_DISCORD, "discord")


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'trilha.sqlite'}"


async def _comes_back(discord: DiscordServer, count: int) -> tuple[float, float]:
    """Let Discord take connections again, and people use commands.

    How many seconds until everybody there has their dose, and how long the slowest command waited for a response.
    """
    await asyncio.sleep(AWAY)
    await discord.start()
    began = perf_counter()
    asked: list[Press] = []
    while len(_received(discord)) < count and perf_counter() - began < WITHIN:
        if discord.gateway.connection:
            asker = DiscordPerson(discord, FIRST_ON_DISCORD + len(asked) % count, "Learner", "en-US")
            asked.append(await asker.uses("streak"))
        await asyncio.sleep(0.1)
    back = perf_counter() - began
    answers = [(await press.is_answered(30)).interaction.answered_after or 0.0 for press in asked]
    return back, max(answers, default=0.0)


def _received(discord: DiscordServer) -> Counter[int]:
    """How many doses each person on Discord has."""
    return Counter(
        posted.channel.id
        for posted in discord.world.every_message()
        if any(button.get("custom_id", "").startswith("done:") for button in posted.buttons)
    )


def _since_first(times: list[float]) -> list[float]:
    return [at - times[0] for at in times]


async def pair(folder: Path, people: int, on_discord: int, pace: int, *, first: bool) -> tuple[Outcome, Outcome]:
    """Both contenders, one after the other; who begins alternates."""
    folder.mkdir()
    if first:
        peer = await alone(folder / "alone", people, pace)
        ours = await both(folder / "both", people, on_discord, pace)
    else:
        ours = await both(folder / "both", people, on_discord, pace)
        peer = await alone(folder / "alone", people, pace)
    return ours, peer


async def main(people: int, on_discord: int, pace: int, pairs: int = PAIRS) -> None:
    """The table."""
    print(f"{people:,} doses on Telegram, {on_discord:,} on Discord, {pace} a second each; Discord away for {AWAY:g} s")
    done: list[tuple[Outcome, Outcome]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for number in range(pairs):
            ours, peer = await pair(Path(temporary) / str(number), people, on_discord, pace, first=number % 2 == 0)
            done.append((ours, peer))
            print(
                f"  Telegram p95 since the first dose {ours.p95:5.1f} s, without Discord {peer.p95:5.1f} s;"
                f"  processor a dose {ours.cpu:.2f} ms, without {peer.cpu:.2f} ms;"
                f"  came {len(ours.telegram):,} and {len(peer.telegram):,};"
                f"  Discord {ours.discord:,} of {on_discord:,}, twice {ours.doubled}, all there {ours.caught_up:.1f} s after,"
                f" slowest command acknowledged in {ours.acknowledged:.2f} s",
                flush=True,
            )
    late = median(ours.p95 / peer.p95 for ours, peer in done)
    cpu = median(ours.cpu / peer.cpu for ours, peer in done)
    print(f"  middle of {pairs}: Telegram's p95 {late:.2f}x (aim within 1.10x), processor a dose {cpu:.2f}x")
    print(f"  lost on Discord: {sum(on_discord - ours.discord for ours, _ in done)} (aim 0)")
    print(f"  twice on Discord: {sum(ours.doubled for ours, _ in done)} (aim 0)")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    asyncio.run(main(*(given or [TELEGRAM, DISCORD, PER_SECOND])))
