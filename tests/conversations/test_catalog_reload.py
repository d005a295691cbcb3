"""The catalog changes under a running bot: what is good is taken, what is broken leaves the last good one, and progress stays."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.house import SMALL_CATALOG, House, settings_for, subscribed


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[tuple[House, Path]]:
    """A house with a catalog of its own to edit."""
    file = tmp_path / "catalog.yaml"
    shutil.copy(SMALL_CATALOG, file)
    house = House(settings_for(tmp_path).model_copy(update={"catalog": file}))
    await house.open()
    yield house, file
    await house.close()


async def test_a_new_entry_is_in_the_next_dose(kept: tuple[House, Path]) -> None:
    house, file = kept
    ana = await subscribed(house.person("ana"))
    file.write_text(file.read_text().replace("title: What is data?", "title: What data is"))
    assert await house.app.reload()
    await house.forward_to("2026-03-03 08:00")
    assert "What data is" in ana.sees()


async def test_a_broken_file_leaves_the_last_good_one_and_the_curators_are_told_once(kept: tuple[House, Path]) -> None:
    house, file = kept
    ana = await subscribed(house.person("ana"))
    carla = house.person("carla", "en")
    await carla.says("/start")
    async with house.app.database.write() as session:
        from bot.store import people

        await people.give_role(session, "terminal", "carla", "curator")
    carla.sees()
    file.write_text(file.read_text().replace("topic: basics", "topic: basic"))
    for _ in range(2):
        assert not await house.app.reload()
    await house.app.settle()
    told = carla.sees()
    assert told.count("The catalog was not reloaded, 1 problem: line 23:") == 1
    assert "The last good one stays in use." in told
    assert ana.sees() == ""
    await house.forward_to("2026-03-03 08:00")
    assert "What is data?" in ana.sees()


async def test_an_entry_that_was_taken_out_is_not_given_but_what_was_done_stays(kept: tuple[House, Path]) -> None:
    house, file = kept
    ana = await subscribed(house.person("ana"))
    await ana.says("/hoje")
    await ana.presses("Feito")
    without = [
        line for line in file.read_text().splitlines() if "what-is-data" not in line and "data-in-words" not in line
    ]
    file.write_text("\n".join(without) + "\n")
    assert await house.app.reload()
    ana.sees()
    await house.forward_to("2026-03-03 08:00")
    assert "Types of data" in ana.sees()
    await ana.says("/sequencia")
    assert "1 dia" in ana.sees()
    shutil.copy(SMALL_CATALOG, file)
    assert await house.app.reload()
    await house.forward_to("2026-03-04 08:00")
    assert "Types of data" in ana.sees(), "an unanswered dose is still here"
