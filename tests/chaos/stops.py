"""SIGTERM at any point of a broadcast, also where nobody answers: the bot ends well within ten seconds, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from bot.delivery.senders import SENDERS
from tests.chaos.judge import Verdict
from tests.chaos.network import to_platform, to_postgres
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
    return await stage.judged(doubts=0)


async def stop_while_the_platform_is_silent(stage: Stage) -> Verdict:
    """The platform takes everything and answers nothing, and somebody stops the bot: what is on its way stays in doubt."""
    return await _stop_in_silence(stage, to_platform(stage))


async def stop_while_postgres_is_silent(stage: Stage) -> Verdict:
    """The same with the database."""
    return await _stop_in_silence(stage, to_postgres(stage))


async def _stop_in_silence(stage: Stage, line: AbstractAsyncContextManager[FaultProxy], people: int = 100) -> Verdict:
    await stage.subscribers(people)
    async with line as proxy:
        await stage.start()
        await stage.sends_reach(20)
        proxy.fault = BlackHole()
        await asyncio.sleep(LONG_ENOUGH)
        await stage.stop()
        proxy.heal()
        await stage.start()
        await stage.all_delivered()
        await stage.stop()
    return await stage.judged(doubts=SENDERS)
