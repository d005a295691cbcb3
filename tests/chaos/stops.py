"""SIGTERM at any point of a broadcast, also where nobody answers: the bot ends well within ten seconds, nothing is lost or doubled."""

from __future__ import annotations

import asyncio

from tests.chaos.judge import Verdict
from tests.chaos.network import judged_by_proxy, to_platform, to_postgres
from tests.chaos.stage import Stage
from tests.rig.proxy import BlackHole, FaultProxy

LONG_ENOUGH = 5.0
"""Seconds after which everything that goes on has met the silence."""


async def stop_anywhere(stage: Stage, people: int = 500, stops: int = 20) -> Verdict:
    """Twenty lives, each ended by a polite word at a random instant."""
    await stage.subscribers(people)
    for _ in range(stops):
        await stage.start()
        await stage.opened()
        await asyncio.sleep(stage.chance.uniform(0.1, 1.5))
        await stage.stop()
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
    return await stage.judged()


async def stop_while_the_platform_is_silent(stage: Stage) -> Verdict:
    """The platform takes everything and answers nothing, and somebody stops the bot: what is on its way stays in doubt."""
    async with to_platform(stage) as proxy:
        await _stop_in_silence(stage, proxy)
        await _go_on(stage, proxy)
        return await judged_by_proxy(stage, proxy)


async def stop_while_postgres_is_silent(stage: Stage) -> Verdict:
    """The same with the database: what it could not be told of any more stays in doubt."""
    async with to_postgres(stage) as proxy:
        await _stop_in_silence(stage, proxy)
        await stage.note_doubts()
        await _go_on(stage, proxy)
    return await stage.judged()


async def _stop_in_silence(stage: Stage, proxy: FaultProxy, people: int = 100) -> None:
    await stage.subscribers(people)
    await stage.start()
    await stage.sends_reach(20)
    proxy.fault = BlackHole()
    await asyncio.sleep(LONG_ENOUGH)
    await stage.stop()


async def _go_on(stage: Stage, proxy: FaultProxy) -> None:
    proxy.heal()
    await stage.start()
    await stage.all_delivered()
    await stage.stop()
