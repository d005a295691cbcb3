"""SIGTERM at any point of a broadcast: the bot ends well within ten seconds, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio

from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage


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
