"""Two platforms in one process, one of them away for a while: does the other wait for it?

python -m bench.bench_platforms [TELEGRAM DISCORD PER_SECOND]

Everybody's dose is due at one minute, on Telegram and on Discord, and Discord refuses connections for the first seconds of it. The peer is
the same bot with the same people on Telegram and nobody on Discord, in the same run.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.delivery_stage import fill, in_a_moment, p95, running, sends, settings_of
from tests.rig.discord import DiscordServer
from tests.rig.telegram.process import running_server

TELEGRAM, DISCORD, PER_SECOND = 3_000, 600, 100
AWAY = 10.0
"""Seconds for which Discord refuses connections once doses are due."""
FIRST_ON_DISCORD = 5_000_001
WITHIN = 600.0


@dataclass
class Outcome:
    """When Telegram's doses arrived, in seconds since the first; how many Discord got, how many of them twice, and how long it took."""

    telegram: list[float]
    discord: int = 0
    doubled: int = 0
    caught_up: float = 0.0


async def measure(folder: Path, people: int, on_discord: int, pace: int) -> Outcome:
    """One herd; Discord is away from before the minute until `AWAY` seconds after Telegram's first dose."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'trilha.sqlite'}"
    slot = in_a_moment(60)
    await fill(url, people, slot)
    await fill(url, on_discord, slot, FIRST_ON_DISCORD, "discord")
    discord = DiscordServer()
    await discord.start()
    async with running_server("--no-limits", "--strangers") as telegram:
        settings = settings_of(telegram, url, folder) | {"BOT_DISCORD_TOKEN": discord.token}
        async with running("bench.platforms_bot", str(pace), str(discord.port), **settings):
            await discord.stop()
            await sends(telegram, 1, WITHIN)
            arriving = asyncio.create_task(sends(telegram, people, WITHIN))
            await asyncio.sleep(AWAY)
            await discord.start()
            caught_up = await _all_received(discord, on_discord)
            times = (await arriving).times
    await discord.end()
    received = _received(discord)
    doubled = received.total() - len(received)
    return Outcome([at - times[0] for at in times], len(received), doubled, caught_up)


async def _all_received(discord: DiscordServer, count: int) -> float:
    """Wait until everybody on Discord has their dose; how many seconds that took."""
    began = perf_counter()
    while len(_received(discord)) < count and perf_counter() - began < WITHIN:
        await asyncio.sleep(0.25)
    return perf_counter() - began


def _received(discord: DiscordServer) -> Counter[int]:
    """How many doses each person on Discord has."""
    return Counter(
        posted.channel.id
        for posted in discord.world.every_message()
        if any(button.get("custom_id", "").startswith("done:") for button in posted.buttons)
    )


async def main(people: int, on_discord: int, pace: int) -> None:
    """The table."""
    with tempfile.TemporaryDirectory() as temporary:
        alone = await measure(Path(temporary) / "alone", people, 0, pace)
        both = await measure(Path(temporary) / "both", people, on_discord, pace)
    print(f"{people:,} doses on Telegram, {on_discord:,} on Discord, {pace} a second each; Discord away for {AWAY:g} s")
    late, peer = p95(both.telegram), p95(alone.telegram)
    print(
        f"  Telegram, p95 since the first dose: {late:.1f} s, alone {peer:.1f} s: {late / peer:.2f}x (aim within 1.10x)"
    )
    print(f"  Telegram, doses that came: {len(both.telegram):,} of {people:,}")
    print(f"  Discord, doses that came: {both.discord:,} of {on_discord:,}; twice: {both.doubled} (aim 0)")
    print(f"  Discord, all there {both.caught_up:.1f} s after it was back")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    asyncio.run(main(*(given or [TELEGRAM, DISCORD, PER_SECOND])))
