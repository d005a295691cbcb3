"""A short slice of `make chaos`, for every run of the suite. Each says its seed when it fails: the scenario can be played again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import randrange

import pytest

from tests.chaos import kills
from tests.chaos.stage import Stage, set_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    seed = randrange(1_000_000)
    print(f"seed {seed}")
    async with set_stage(tmp_path, f"sqlite:///{tmp_path / 'trilha.sqlite'}", seed) as opened:
        yield opened


async def test_a_kill_at_any_step_loses_no_dose(stage: Stage) -> None:
    verdict = await kills.kill_at_every_step(stage, people=18)
    assert verdict.check().delivered == 18
    assert stage.kills == 6
    assert verdict.copies >= 2  # after the answer was read and before the mark, there is one at least


async def test_a_kill_loses_no_update_and_doubles_none(stage: Stage) -> None:
    verdict = await kills.kill_with_updates_waiting(stage, updates=20, kills=1)
    assert verdict.check().delivered == 20
