"""The small thing beside a dose: look up, a step to tick, a tip, somebody to follow, a line to recall; and the checklists themselves."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.doors.terminal import Person
from bot.store.tables import Completion, Dose, Tick
from tests.house import House

STEP = {"kind": "step", "id": "a-wall:plan"}


async def put_beside(house: House, small: dict[str, Any]) -> None:
    """Today's dose gets this small thing."""
    async with house.app.database.write() as session:
        await session.execute(update(Dose).values(small=small))


async def steps_done(house: House) -> int:
    async with house.app.database.read() as session:
        return (
            await session.scalar(
                select(func.count(Completion.id)).where(Completion.kind == "step", Completion.withdrawn_at.is_(None))
            )
            or 0
        )


@pytest.mark.parametrize(
    ("small", "line"),
    [
        ({"kind": "concept", "id": "ground:leave-one-out"}, "+ Look up: leave-one-out"),
        (STEP, "+ Next step of “A wall, step by step”: Draw it."),
        ({"kind": "tip", "id": "log"}, "+ A tip: Keep a log."),
        ({"kind": "follow", "id": "carpenter"}, "+ Worth following (profile): A carpenter"),
    ],
)
async def test_each_small_thing_is_one_line(study: House, bia: Person, small: dict[str, Any], line: str) -> None:
    await put_beside(study, small)
    bia.sees()
    await bia.says("/today")
    assert line in bia.sees().splitlines()


@pytest.mark.parametrize(
    "small",
    [
        {"kind": "concept", "id": "ground:gone"},
        {"kind": "step", "id": "gone:gone"},
        {"kind": "tip", "id": "gone"},
        {"kind": "follow", "id": "gone"},
        {"kind": "recall", "id": "99"},
    ],
)
async def test_what_left_the_catalog_leaves_no_gap(study: House, bia: Person, small: dict[str, Any]) -> None:
    await put_beside(study, small)
    bia.sees()
    await bia.says("/today")
    seen = bia.sees()
    assert "+" not in seen
    assert bia.buttons() == ("Open", "Done", "Another", "Later", "More…")


async def test_a_step_is_ticked_off_counts_for_the_day_and_stays_ticked(study: House, bia: Person) -> None:
    await put_beside(study, STEP)
    await bia.says("/today")
    await bia.presses("Tick it off")
    assert "Ticked. Day 1." in bia.sees()
    assert "✓ Ticked" in bia.buttons()
    await bia.says("/checklists")
    assert "1. A wall, step by step · 1/2" in bia.sees()


async def test_a_tick_can_be_taken_back_and_a_step_counts_once(study: House, bia: Person) -> None:
    await put_beside(study, STEP)
    await bia.says("/today")
    await bia.presses_twice_at_once("Tick it off")
    await bia.presses("✓ Ticked")
    assert "Open again" in bia.sees()
    assert await study.count(Tick) == 0
    await bia.presses("Tick it off")
    assert await steps_done(study) == 1


async def test_a_ticked_step_makes_room_for_the_next(study: House, bia: Person) -> None:
    await bia.says("/checklists")
    await bia.presses("1")
    assert "☐ 1. Draw it.\n☐ 2. Lay the stones." in bia.sees()
    await bia.presses("1")
    assert "✓ 1. Draw it." in bia.sees()
    await bia.presses("✓ 1")
    assert "☐ 1. Draw it." in bia.sees()


async def test_a_line_of_theirs_comes_beside_the_dose_when_it_is_due(study: House, bia: Person) -> None:
    await bia.presses("Done")
    await bia.says("a look is not a glance")
    await study.forward_to("2026-03-03 08:00")
    await bia.presses("done")
    bia.sees()
    await study.forward_to("2026-03-05 12:30")
    bia.sees()
    await put_beside(study, {"kind": "recall", "id": "1"})
    await bia.says("/today")
    assert "+ Still there? A first look" in bia.sees()
    await bia.presses("Recall it")
    assert "What did you want to remember of it?" in bia.sees()


async def test_somebody_elses_line_is_never_shown(study: House, bia: Person, caio: Person) -> None:
    await bia.presses("Done")
    await bia.says("a secret")
    await put_beside(study, {"kind": "recall", "id": "1"})
    caio.sees()
    await caio.says("/hoje")
    assert "+" not in caio.sees()


@pytest.mark.parametrize(
    "action", ["tick:1", "tick:99", "tick:", "untick:1", "checklist:x:0", "step:x:y:on:0", "step:", "checklists:x"]
)
async def test_a_forged_tick_changes_nothing(study: House, bia: Person, action: str) -> None:
    await put_beside(study, {"kind": "tip", "id": "log"})
    bia.sees()
    await bia.forges(action)
    assert bia.sees() != ""
    assert await steps_done(study) == 0


@pytest.mark.parametrize(
    ("small", "stays"),
    [
        ({"kind": "concept", "id": "ground:leave-one-out"}, False),
        (STEP, False),
        ({"kind": "tip", "id": "log"}, True),
        ({"kind": "follow", "id": "carpenter"}, True),
    ],
)
async def test_a_small_thing_of_another_topic_goes_with_what_it_stood_beside(
    study: House, bia: Person, small: dict[str, Any], stays: bool
) -> None:
    await put_beside(study, small)
    await bia.says("/topics ground")
    await bia.presses("I know this topic")
    async with study.app.database.read() as session:
        dose = (await session.scalars(select(Dose))).one()
    assert dose.resource_id != "first-look"
    assert (dose.small == small) is stays
    assert dose.small
    assert "ground" not in dose.small["id"]


@pytest.mark.parametrize("which", ["1", "wall", "A wall, step by step"])
async def test_a_checklist_is_opened_by_its_number_or_name(study: House, bia: Person, which: str) -> None:
    bia.sees()
    await bia.says(f"/checklists {which}")
    assert "Draw it." in bia.sees()


@pytest.mark.parametrize("which", ["99", "0", "nosuch"])
async def test_a_checklist_nobody_knows_is_said_back_with_those_there_are(
    study: House, bia: Person, which: str
) -> None:
    bia.sees()
    await bia.says(f"/checklists {which}")
    assert f"I can't tell which checklist “{which}” is." in bia.sees()
    assert bia.buttons()
