"""A bad line between the bot and the platform, and between the bot and PostgreSQL: after it heals, everything is delivered."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from tests.chaos.healing import goes_on
from tests.chaos.judge import Verdict
from tests.chaos.presses import presses
from tests.chaos.stage import Stage
from tests.rig.proxy import BlackHole, Drip, Fault, FaultProxy, Kept, Latency, Refused, Reset, Says

Play = Callable[[Stage], Awaitable[Verdict]]
FAULTS: dict[str, tuple[Fault, float]] = {
    "black hole": (BlackHole(), 60),
    "a byte a second": (Drip(1.0), 60),
    "2 s later": (Latency(2.0), 15),
    "reset in a body": (Reset(40), 12),
    "502 page": (Says.page(), 12),
    "invalid JSON": (Says.garbage(), 12),
    "refused": (Refused(), 12),
}
"""What happens to the line, and for how many seconds: a byte a second lasts longer than any call may (45 s)."""
OF_A_DATABASE = ("black hole", "reset in a body", "refused", "2 s later")
AT_ONCE = 5.0
"""Seconds, less than any row waits for its next attempt: a call that reaches the server within them is the one that the proxy kept."""


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


async def bad_line_to_platform(stage: Stage, fault: Fault, seconds: float) -> Verdict:
    """The line goes bad in the middle of the hour, heals, and the rest comes: a copy of what lost its answer, of nothing else."""
    async with to_platform(stage) as proxy:
        await _is_at_work(stage)
        await _goes_bad(proxy, fault, seconds)
        proxy.heal()
        await goes_on(stage)
        await stage.all_delivered()
        person = stage.people[1]
        person.says("/streak")  # and whoever answers people is not stuck either
        await person.sees_something("first Done", within=stage.patience)
        await stage.stop()
        return await judged_by_proxy(stage, proxy)


async def bad_line_to_postgres(stage: Stage, fault: Fault, seconds: float) -> Verdict:
    """The same between the bot and its database: a copy of what could not be written down, and only slowness leaves nothing in doubt.

    People press meanwhile. Where the mark that an answer was shown got lost, the answer is given again.
    """
    stage.telegram.expects("message is not modified")
    async with to_postgres(stage) as proxy:
        async with presses(stage) as pressed:
            await _is_at_work(stage)
            with pressed.meanwhile():
                await _goes_bad(proxy, fault, seconds)
            if not isinstance(fault, Latency):
                await stage.note_doubts()
            proxy.heal()
            await goes_on(stage)
            await stage.all_delivered()
        await stage.stop()
    verdict = await stage.judged(done=pressed.who)
    await pressed.judge(verdict)
    return verdict


async def _is_at_work(stage: Stage, people: int = 100) -> None:
    await stage.subscribers(people)
    await stage.start()
    await stage.sends_reach(20)


async def _goes_bad(proxy: FaultProxy, fault: Fault, seconds: float) -> None:
    proxy.fault = fault
    await asyncio.sleep(seconds)


async def judged_by_proxy(stage: Stage, proxy: FaultProxy) -> Verdict:
    """The verdict where the proxy says which requests it swallowed and which answers it lost, and the server whether that is true."""
    rows = await stage.rows_by_chat()
    lost, swallowed = _sends(proxy.lost), _sends(proxy.swallowed)
    caught = Counter(rows[chat] for chat, _ in lost)
    verdict = await stage.judged(doubts=len(lost) + len(swallowed), caught=caught)
    calls = [(str(call.chat_id), call.at) for call in stage.telegram.calls("sendMessage")]
    for chat, at in swallowed:
        arrived = [to for to, when in calls if to == chat and abs(when - at) < AT_ONCE]
        verdict.require(not arrived, f"what was swallowed on its way to {chat} arrived")
    for chat, at in lost:
        verdict.require(any(to == chat and when <= at for to, when in calls), f"no call to {chat} lost its answer")
    verdict.notes.append(f"{len(swallowed)} sends swallowed, {len(lost)} answers lost")
    return verdict


def _sends(kept: Sequence[Kept]) -> list[tuple[str, float]]:
    """Chat and instant of the messages among what a proxy kept."""
    sends = []
    for asked, at in kept:
        head, _, body = asked.partition(b"\r\n\r\n")
        if b"/sendMessage " in head.partition(b"\r\n")[0]:
            sends.append((str(json.loads(body)["chat_id"]), at))
    return sends


def plays() -> dict[str, tuple[Play, tuple[str, ...]]]:
    """Every fault of the line to the platform, on SQLite; and those that can happen to a database's."""
    every: dict[str, tuple[Any, tuple[str, ...]]] = {
        f"line to the platform: {name}": (partial(bad_line_to_platform, fault=fault, seconds=seconds), ("sqlite",))
        for name, (fault, seconds) in FAULTS.items()
    }
    for name in OF_A_DATABASE:
        play = partial(bad_line_to_postgres, fault=FAULTS[name][0], seconds=20)
        every[f"line to PostgreSQL: {name}"] = (play, ("postgresql",))
    return every
