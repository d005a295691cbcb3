"""What is played on Discord, which refuses a double by its nonce: nothing is missing, and there is no copy at all."""

from __future__ import annotations

import asyncio

from tests.chaos import kills
from tests.chaos.healing import goes_on
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage


async def kill_at_any_instant(stage: Stage) -> Verdict:
    """Twenty lives of a random length."""
    return await kills.kill_at_any_instant(stage, people=400, kills=20)


async def away(stage: Stage, people: int = 200, seconds: float = 30) -> Verdict:
    """Discord refuses every connection for half a minute, in the middle of the hour, and is back."""
    await stage.subscribers(people)
    await stage.start()
    await stage.sends_reach(40)
    await stage.discord.stop()
    had = stage.sends()
    await asyncio.sleep(1)
    in_doubt = await stage.rows_in("sending", "uncertain")  # what was with Discord at that instant
    await asyncio.sleep(seconds)
    await stage.discord.start()
    await goes_on(stage)
    await stage.all_delivered()
    await stage.stop()
    verdict = await stage.judged(doubts=in_doubt)
    verdict.require(had < people, "it was over before Discord went away")
    return verdict
