"""The scenarios find what they are there to find: each mistake, put into the bot on purpose, breaks a promise that they tell.

One of them in every run of the suite; all of them with `make chaos`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.chaos.mutants import MUTANT, MUTANTS
from tests.chaos.stage import set_stage

BRED = list(MUTANTS) if os.environ.get("TRILHA_WHOLE") else ["marks before the call"]


@pytest.mark.parametrize("name", BRED)
async def test_a_scenario_finds_the_mistake(tmp_path: Path, name: str) -> None:
    mutant = MUTANTS[name]
    async with set_stage(tmp_path, f"sqlite:///{tmp_path / 'trilha.sqlite'}", seed=1, on=mutant.on) as stage:
        stage.program = ("-m", "tests.chaos.program")
        stage.patience = mutant.patience
        stage.environment[MUTANT] = name
        try:
            found = "\n".join((await mutant.play(stage)).problems)
        except (AssertionError, TimeoutError) as error:
            found = f"{type(error).__name__}: {error}"
        assert re.search(mutant.says, found), found or "it found nothing"
