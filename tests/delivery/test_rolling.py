"""Real processes come and go while doses are sent: each learner gets one, and every stop is clean.

Each step waits for what the server saw, never for a time; `make chaos` plays more stops, at random instants.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.judge import judge
from tests.chaos.stage import Stage, set_stage
from tests.conftest import fresh_database
from tests.rig.telegram import Flood, Slow

PATIENCE = 240
"""Seconds after which a test gives up waiting; the machine may be slow, and nothing is asserted about how long anything took."""


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with set_stage(tmp_path, f"sqlite:///{tmp_path / 'trilha.sqlite'}", seed=0) as opened:
        yield opened


@pytest.fixture
async def shared_stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage on PostgreSQL, where several processes share the work."""
    async with set_stage(tmp_path, fresh_database(request, "postgresql", tmp_path), seed=0) as opened:
        yield opened


async def all_have_one(stage: Stage, people: int) -> None:
    """Nothing lost, nothing doubled, nothing ever in doubt."""
    verdict = await judge(stage.platform, stage.database)
    assert verdict.check().delivered == people


async def a_process_comes(stage: Stage) -> asyncio.subprocess.Process:
    """One more process, which has found the platform."""
    openings = len(stage.telegram.calls("getMe"))
    process = await stage.spawn()
    await stage.telegram.calls_reach(openings + 1, "getMe", PATIENCE)
    return process


async def says(stage: Stage, word: str, times: int = 1) -> None:
    """Wait until it stands in the log so often."""
    async with asyncio.timeout(PATIENCE):
        while stage.log().count(word) < times:  # noqa: ASYNC110 (the other process gives no event)
            await asyncio.sleep(0.1)


async def goes(process: asyncio.subprocess.Process) -> None:
    """SIGTERM ends a process, and ends it well."""
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_rolling_over_one_process_at_a_time_loses_and_doubles_nothing(shared_stage: Stage) -> None:
    await shared_stage.subscribers(5)
    leading = await a_process_comes(shared_stage)
    await shared_stage.sends_reach(5)  # it leads, as it is alone
    people = 5
    for number in (1, 2):
        following = await a_process_comes(shared_stage)
        await says(shared_stage, "leader.waiting", number)
        await shared_stage.subscribers(30)  # a second's worth and more: it cannot be over when the leader goes
        await shared_stage.sends_reach(people + 1)
        await goes(leading)
        people += 30
        await shared_stage.sends_reach(people)
        leading = following
    await goes(leading)
    await all_have_one(shared_stage, people)


async def test_a_stop_in_the_middle_of_it_loses_and_doubles_nothing(stage: Stage) -> None:
    await stage.subscribers(40)
    stage.telegram.faults.add(Slow(0.4), method="sendMessage", times=None)  # always some on their way
    for share in (15, 40):
        await stage.start()
        await stage.sends_reach(share)
        await stage.stop()
    await all_have_one(stage, 40)


async def test_a_stop_during_a_silence_does_not_wait_for_its_end(stage: Stage) -> None:
    await stage.subscribers(20)
    stage.telegram.faults.add(Flood(3600, hold=True), method="sendMessage", at=5)
    await stage.start()
    await stage.telegram.calls_reach(5, "sendMessage", within=PATIENCE)
    await stage.stop()


async def test_a_stop_while_the_platform_cannot_be_reached_is_clean(stage: Stage) -> None:
    await stage.subscribers(1)
    await stage.telegram.stop()
    process = await stage.spawn()
    await says(stage, "telegram.unreachable")
    await goes(process)
    assert "Traceback" not in stage.log()
    await stage.telegram.start()
