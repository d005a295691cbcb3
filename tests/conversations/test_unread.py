"""A link whose page nobody read yet: its title and minutes are asked for before it goes into anybody's dose."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.doors.terminal import Person
from bot.store.tables import Suggestion
from tests.house import House, given_role

LINK = "https://example.net/attention"


@pytest.fixture
async def desk(house: House, bruno: Person, carla: Person) -> Person:
    """Carla with the card of a bare link on her screen."""
    await bruno.says(f"/suggest {LINK}")
    await carla.says("/queue 1")
    carla.sees()
    return carla


async def row(house: House) -> Suggestion:
    async with house.app.database.read() as session:
        return (await session.scalars(select(Suggestion))).one()


async def keep(house: House, **values: object) -> None:
    async with house.app.database.write() as session:
        await session.execute(update(Suggestion).values(**values))


async def test_one_line_tells_title_and_minutes_and_the_approval_goes_on(house: House, desk: Person) -> None:
    await desk.presses("Approve")
    seen = desk.sees()
    assert "I have not read that page yet; in a moment I may know what it is." in seen
    assert "What is #1 called, and how many minutes does it take?" in seen
    await desk.says("Attention explained, 20")
    assert "Which topic?" in desk.sees()
    await desk.presses("Models")
    assert "✓ Approved by Carla" in desk.sees()
    await house.app.live.follow()
    entry = house.app.catalog.resource((await row(house)).resource_id or "")
    assert entry
    assert (entry.title, entry.minutes, entry.estimated) == ("Attention explained", 20, ())


async def test_in_portuguese_and_by_command(house: House, bruno: Person) -> None:
    carla = await given_role(house, "carla", "curator", "pt-BR")
    await bruno.says(f"/suggest {LINK}")
    await carla.says("/aprovar 1 tema=models")
    assert "Como se chama #1, e quantos minutos leva?" in carla.sees()
    await carla.says("Atenção explicada, 20 min")
    assert "✓ Aprovado por Carla" in carla.sees()


async def test_a_title_alone_leaves_the_minutes_to_a_button(house: House, desk: Person) -> None:
    await desk.says("/edit 1 topic=models")
    await desk.presses("Approve")
    desk.sees()
    await desk.says("GPT-4")
    assert "How long does it take?" in desk.sees()
    await desk.presses("20 min")
    assert "✓ Approved by Carla" in desk.sees()
    assert (await row(house)).edits == {"topic": "models", "title": "GPT-4", "minutes": 20}


async def test_who_waits_for_the_page_needs_to_write_nothing(house: House, desk: Person) -> None:
    await desk.presses("Approve")
    await keep(house, fill_at=None, problem=None, facts={"title": "Attention", "minutes": 9})
    desk.sees()
    await desk.presses("Approve")
    assert "Which topic?" in desk.sees()


async def test_a_page_that_was_read_and_tells_no_minutes_leaves_them_to_its_kind(house: House, desk: Person) -> None:
    await keep(house, fill_at=None, problem=None, facts={"title": "A course", "kind": "course"})
    await desk.presses("Approve")
    assert "Which topic?" in desk.sees()


async def test_a_page_without_a_title_is_asked_for_one(house: House, desk: Person) -> None:
    await keep(house, fill_at=None, problem="no_title", facts={"kind": "article"})
    await desk.presses("Approve")
    seen = desk.sees()
    assert "What is #1 called? Just write it." in seen
    assert "I have not read" not in seen


async def test_what_leads_nowhere_is_asked_about_first_and_then_for_its_title(house: House, desk: Person) -> None:
    await keep(house, fill_at=None, problem="gone")
    await desk.presses("Approve")
    assert "Approve it all the same?" in desk.sees()
    await desk.presses("Approve all the same")
    assert "What is #1 called, and how many minutes" in desk.sees()
    await desk.says("Attention, 20")
    await desk.presses("Models")
    assert "✓ Approved by Carla" in desk.sees()


async def test_of_several_those_nobody_read_are_left_out_and_named(house: House, bruno: Person, desk: Person) -> None:
    await bruno.says("/suggest https://example.net/other")
    await desk.says("/edit 2 title=Other minutes=5")
    desk.sees()
    await desk.says("/approve 1-2 topic=models")
    seen = desk.sees()
    assert "#2 approved: Other" in seen
    assert "Left out, with no title or minutes yet: #1." in seen
    assert "#1" in desk.buttons()


async def test_the_answer_of_the_second_curator_says_who_was_faster(house: House, desk: Person, dora: Person) -> None:
    await desk.presses("Approve")
    await dora.says("/reject 1 paywall")
    desk.sees()
    await desk.says("Attention explained, 20")
    seen = desk.sees()
    assert "Dora decided this (12:00): rejected." in seen
    assert (await row(house)).edits == {}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Attention, 0", "isn't a number of minutes"),
        ("Attention, 99999", "isn't a number of minutes"),
        ("x" * 400, "too long"),
    ],
)
async def test_what_cannot_be_kept_is_said_and_asked_again(house: House, desk: Person, said: str, answer: str) -> None:
    await desk.presses("Approve")
    desk.sees()
    await desk.says(said)
    assert answer in desk.sees()
    await desk.says("Attention, 20")
    assert "Which topic?" in desk.sees()


@pytest.mark.parametrize(
    "action", ["long:1", "long:1:nope:20", "long:1:approve:x", "long:9:approve:5", "long:1:approve:0"]
)
async def test_a_forged_size_changes_nothing(house: House, desk: Person, action: str) -> None:
    await desk.forges(action)
    assert desk.sees() != ""
    assert (await row(house)).state == "waiting"


async def test_a_learner_tells_nothing(house: House, desk: Person, bruno: Person) -> None:
    bruno.sees()
    await bruno.forges("long:1:approve:20")
    assert "That is for the curators to press." in bruno.sees()
