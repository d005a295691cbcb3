"""SIGTERM at any point of a broadcast: the bot ends well within ten seconds, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio

from tests.chaos.judge import Verdict, judge
from tests.chaos.stage import Stage

ENDS_WITHIN = 10.0


async def stop_anywhere(stage: Stage, people: int = 500, stops: int = 20) -> Verdict:
    """Twenty lives, each ended by a polite word at a random instant."""
    await stage.subscribers(people)
    took: list[float] = []
    for _ in range(stops):
        await stage.start()
        await stage.opened()
        await asyncio.sleep(stage.chance.uniform(0.1, 1.5))
        took.append(await stage.stop())
    await stage.start()
    await stage.all_delivered()
    took.append(await stage.stop())
    verdict = await judge(stage.telegram, stage.database, doubts=0)
    verdict.require(max(took) <= ENDS_WITHIN, f"one stop took {max(took):.1f} s")
    return verdict
