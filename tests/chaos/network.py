"""A bad line between the bot and the platform, and between the bot and PostgreSQL: after it heals, everything is delivered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from bot.delivery.senders import SENDERS
from tests.chaos.judge import Verdict
from tests.chaos.stage import PATIENCE, Stage
from tests.rig.proxy import BlackHole, Drip, Fault, FaultProxy, Latency, Refused, Reset, Says

Play = Callable[[Stage], Awaitable[Verdict]]
FAULTS: dict[str, tuple[Fault, float]] = {
    "2 s later": (Latency(2.0), 15),
    "reset in a body": (Reset(40), 12),
    "black hole": (BlackHole(), 60),
    "a byte a second": (Drip(1.0), 60),
    "502 page": (Says.page(), 12),
    "invalid JSON": (Says.garbage(), 12),
    "refused": (Refused(), 12),
}
"""What happens to the line, and for how many seconds: a byte a second lasts longer than any call may (45 s)."""


@asynccontextmanager
async def to_platform(stage: Stage) -> AsyncIterator[FaultProxy]:
    """The bot reaches the platform through a proxy."""
    async with FaultProxy(stage.telegram.host, stage.telegram.port) as proxy:
        stage.environment["BOT_TELEGRAM_API_URL"] = f"http://127.0.0.1:{proxy.port}"
        yield proxy


@asynccontextmanager
async def to_postgres(stage: Stage) -> AsyncIterator[FaultProxy]:
    """The bot reaches its database through a proxy."""
    assert stage.postgres is not None, "this needs a server"
    async with FaultProxy(stage.postgres.socket) as proxy:
        name = stage.database.url.database
        stage.environment["BOT_DATABASE_URL"] = f"postgresql://postgres@127.0.0.1:{proxy.port}/{name}"
        yield proxy


async def bad_line(stage: Stage, fault: Fault, seconds: float, people: int = 100) -> Verdict:
    """The line goes bad in the middle of the hour, heals, and the rest comes."""
    await stage.subscribers(people)
    async with to_platform(stage) as proxy:
        await stage.start()
        await stage.sends_reach(20)
        proxy.fault = fault
        await asyncio.sleep(seconds)
        proxy.heal()
        await stage.all_delivered()
        person = stage.people[1]
        person.says("/streak")  # and whoever answers people is not stuck either
        await person.sees_something("best", within=PATIENCE)
        await stage.stop()
        lost, swallowed = (sum(b"/sendMessage" in asked for asked in some) for some in (proxy.lost, proxy.swallowed))
    return await stage.judged(doubts=lost + swallowed, arrived=lost)


async def bad_line_to_postgres(stage: Stage, fault: Fault, seconds: float, people: int = 100) -> Verdict:
    """The same between the bot and its database."""
    await stage.subscribers(people)
    async with to_postgres(stage) as proxy:
        await stage.start()
        await stage.sends_reach(20)
        proxy.fault = fault
        await asyncio.sleep(seconds)
        proxy.heal()
        await stage.all_delivered()
        await stage.stop()
    return await stage.judged(doubts=SENDERS)  # a commit whose answer was lost, for each that was on its way


def plays() -> dict[str, tuple[Play, tuple[str, ...]]]:
    """Every fault of the line to the platform, on SQLite; and those that can happen to a database's."""
    every: dict[str, tuple[Any, tuple[str, ...]]] = {
        f"line to the platform: {name}": (partial(bad_line, fault=fault, seconds=seconds), ("sqlite",))
        for name, (fault, seconds) in FAULTS.items()
    }
    for name in ("2 s later", "reset in a body", "black hole", "refused"):
        fault, _ = FAULTS[name]
        every[f"line to PostgreSQL: {name}"] = (partial(bad_line_to_postgres, fault=fault, seconds=20), ("postgresql",))
    return every
