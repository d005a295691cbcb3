"""The scenarios find what they are there to find: each mistake, put into the bot on purpose, breaks a promise that they tell.

Each is bred in every run of the suite, and one is looked for; all of them with `make chaos`.
"""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.errors import SlowDown, Uncertain
from bot.store.tables import Outgoing
from tests.chaos.mutants import MUTANT, MUTANTS
from tests.chaos.stage import set_stage
from tests.house import House, subscribed

FOUND = list(MUTANTS) if os.environ.get("TRILHA_WHOLE") else ["marks before the call"]

A_DAY = 60.0
"""Seconds, after which a day does not end: what fails is tried again and again."""


@pytest.mark.parametrize("name", FOUND)
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


@pytest.mark.parametrize("name", MUTANTS)
async def test_a_bot_with_the_mistake_lives_through_a_day(
    house: House, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """A mistake whose place in the bot is gone, or that breaks the bot itself, would tell nothing of the scenarios."""
    with pytest.MonkeyPatch.context() as bred:
        MUTANTS[name].breed(bred.setattr)
        await asyncio.wait_for(a_day(house), A_DAY)
    assert [record.msg for record in caplog.records if record.levelname == "ERROR"] == []


async def a_day(house: House) -> None:
    """A 429, an answer that is lost twice, a sender that vanished, and a pause."""
    ana = await subscribed(house.person("ana"))
    for error in (SlowDown("too many requests", 2), Uncertain("no answer"), Uncertain("no answer")):
        house.door.fails_next(error)
    await house.forward_to("2026-03-03 09:00")
    vanished = {"state": "sending", "lease_until": house.app.now(), "attempts": 1, "sent_at": None}
    async with house.app.database.write() as session:
        await session.execute(update(Outgoing).values(vanished))
    await house.forward(minutes=1)
    await ana.says("/pausa 2 dias")
    assert "Em pausa" in ana.sees()
