"""The curators' room: cards and a daily summary in a group; what waits too long is raised and then closed with an apology; thanks."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.errors import NotSent
from bot.settings import PlatformId
from bot.store.tables import Base, Outgoing, Suggestion
from tests.house import House, given_role, subscribed

LINK = "https://jalammar.github.io/illustrated-transformer/"


def in_room(house: House, who: str = "carla") -> Person:
    return house.door.person(who, chat="-100", language="en")


async def state(house: House, number: int = 1) -> str | None:
    async with house.app.database.read() as session:
        return await session.scalar(select(Suggestion.state).where(Suggestion.id == number))


async def test_cards_come_to_the_room_and_are_decided_there(house: House, bruno: Person, carla: Person) -> None:
    room = in_room(house)
    await room.says("/room here")
    await bruno.says(f"/suggest {LINK} so clear")
    await house.app.settle()
    assert "#1 · from Bruno · “so clear”" in room.sees()
    await room.presses("Reject…")
    await room.presses("Off topic")
    assert "✗ Rejected by Carla, 12:00" in room.sees()
    assert await state(house) == "rejected"


async def test_the_summary_comes_at_its_hour_once_a_day(house: House, bruno: Person, carla: Person) -> None:
    room = in_room(house)
    await room.says("/room here")
    await room.says("/room 18:30")
    assert "The summary comes at 18:30" in room.sees()
    await bruno.says("/suggest https://example.net/1")
    await bruno.says("/suggest https://example.net/2")
    await carla.says("/reject 1 paywall")
    await house.forward_to("2026-03-02 18:29")
    room.sees()
    await house.forward_to("2026-03-02 18:30")
    said = room.sees()
    assert "1 suggestion waits." in said
    assert "Carla: 0 approved, 1 rejected" in said
    await house.forward_to("2026-03-03 18:29")
    assert room.sees() == ""
    await house.forward_to("2026-03-03 18:30")
    said = room.sees()
    assert "The oldest has waited for 1 day." in said
    assert "Carla" not in said, "what was told once is not told again"


@pytest.mark.parametrize("arrived", [True, False])
async def test_no_summary_keeps_the_name_of_a_curator_who_left(either_house: House, arrived: bool) -> None:
    bruno, carla = either_house.person("bruno", "en"), await given_role(either_house, "carla", "curator")
    await in_room(either_house, "dora").says("/start")
    await in_room(either_house).says("/room here")
    await in_room(either_house).says("/room 18:30")
    await bruno.says("/suggest https://example.net/1")
    await carla.says("/reject 1 paywall")
    await either_house.forward_to("2026-03-02 18:29")
    if not arrived:
        either_house.door.fails_next(NotSent("connection refused"))
    await either_house.forward_to("2026-03-02 18:30")
    await carla.says("/forget")
    await carla.presses("Delete everything")
    async with either_house.app.database.read() as session:
        rows = [(row.kind, str(row.facts)) for row in await session.scalars(select(Outgoing))]
    assert "summary" in dict(rows)
    assert [kind for kind, facts in rows if "Carla" in facts] == []
    await either_house.forward(hours=1)
    said = in_room(either_house).sees()
    assert ("Carla: 0 approved, 1 rejected" in said) == arrived
    assert ("a curator: 0 approved, 1 rejected" in said) == (not arrived)


async def test_a_day_without_news_is_quiet(house: House, carla: Person) -> None:
    room = in_room(house)
    await room.says("/room here")
    room.sees()
    await house.forward(days=3)
    assert room.sees() == ""


async def test_the_room_can_be_closed(house: House, bruno: Person, carla: Person) -> None:
    room = in_room(house)
    await room.says("/room here")
    await room.says("/room off")
    assert "Nothing from the queue comes here any more." in room.sees()
    await bruno.says(f"/suggest {LINK}")
    await house.forward(days=1)
    assert room.sees() == ""


async def test_a_room_that_moves_takes_its_cards_along(house: House, bruno: Person, carla: Person) -> None:
    room = in_room(house)
    await room.says("/room here")
    await room.moves_to("-100200")
    await bruno.says(f"/suggest {LINK}")
    await house.app.settle()
    assert "#1 · from Bruno" in room.sees()


async def test_being_in_the_room_makes_nobody_a_curator(house: House, bruno: Person, carla: Person) -> None:
    room, guest = in_room(house), in_room(house, "guest")
    await room.says("/room here")
    await bruno.says(f"/suggest {LINK}")
    await house.app.settle()
    await guest.presses("Approve")
    await guest.says("/approve 1 topic=charts")
    assert await state(house) == "waiting"


async def test_a_room_of_ones_own_leaves_with_its_person(either_house: House) -> None:
    bruno = either_house.person("bruno", "en")
    carla = await given_role(either_house, "carla", "curator")
    await carla.says("/room here")
    await bruno.says(f"/suggest {LINK} so clear")
    await either_house.app.settle()
    assert "#1 · from Bruno" in carla.sees()
    await carla.says("/room 18:30")
    await carla.says("/room off")
    await carla.says("/room here")
    await carla.says("/forget")
    await carla.presses("forget:yes")
    carla.sees()
    await bruno.says("/suggest https://example.net/1")
    await either_house.forward(days=2)
    assert carla.sees() == ""
    assert await places_of(either_house, "carla") == {}


async def test_a_room_of_ones_own_closes_with_the_role(
    house: House, bruno: Person, carla: Person, dora: Person
) -> None:
    await carla.says("/room here")
    await bruno.says(f"/suggest {LINK} so clear")
    await house.app.settle()
    await dora.says("/curators remove Carla")
    carla.sees()
    await bruno.says("/suggest https://example.net/1")
    await dora.says("/reject 1 paywall")
    await house.forward(days=2)
    assert carla.sees() == "", "neither a card, nor a summary, nor what became of the cards that she has"
    await dora.presses("curators:again")
    await carla.says("/room")
    assert "/room here" in carla.sees()


async def test_an_owner_whom_the_settings_name_no_longer_gets_no_cards_any_more(house: House, bruno: Person) -> None:
    house.settings = house.settings.model_copy(update={"owners": (PlatformId("terminal", "otto"),)})
    await house.restart()
    otto = house.person("otto", "en")
    await otto.says("/room here")
    house.settings = house.settings.model_copy(update={"owners": ()})
    await house.restart()
    otto.sees()
    await bruno.says(f"/suggest {LINK}")
    await house.forward(days=2)
    assert otto.sees() == ""


async def test_a_shared_room_stays_when_whoever_opened_it_is_forgotten(
    house: House, bruno: Person, carla: Person
) -> None:
    room = in_room(house)
    await room.says("/room here")
    await carla.says("/forget")
    await carla.presses("forget:yes")
    room.sees()
    await bruno.says(f"/suggest {LINK}")
    await house.app.settle()
    assert "#1 · from Bruno" in room.sees()


async def places_of(house: House, chat: str) -> dict[str, int]:
    """The tables in which any row holds a word, with how many rows do."""
    found: dict[str, int] = {}
    async with house.app.database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = [row for row in await session.execute(select(table)) if chat in str(tuple(row)).lower()]
            found |= {table.name: len(rows)} if rows else {}
    return found


async def test_what_waits_two_weeks_is_raised_and_then_closed_with_an_apology(
    house: House, bruno: Person, carla: Person
) -> None:
    await bruno.says(f"/suggest {LINK}")
    bruno.sees()
    await house.forward(days=14, minutes=-1)
    assert carla.sees() == ""
    await house.forward(minutes=2)
    assert "1 suggestion has waited for two weeks: #1." in carla.sees()
    await house.forward(days=2)
    assert "nobody got to it. That is on us, sorry." in bruno.sees()
    assert await state(house) == "closed"
    await bruno.says(f"/suggest {LINK}")
    assert "It waits for the curators as #1" in bruno.sees()


async def test_what_is_put_off_is_not_old_yet(house: House, bruno: Person, carla: Person) -> None:
    await bruno.says(f"/suggest {LINK}")
    await house.forward(days=10)
    await carla.says("/queue 1")
    await carla.presses("Later")
    await house.forward(days=6)
    assert await state(house) == "waiting"
    await house.forward(days=10, seconds=2)
    assert await state(house) == "closed"


async def test_the_author_hears_with_a_dose_how_many_their_link_helped(
    house: House, ana: Person, bruno: Person, carla: Person
) -> None:
    await subscribed(ana, "pictures")
    await bruno.says("/start")
    await bruno.presses("trail:first-steps")
    await bruno.says("Lisbon")
    await bruno.presses("begin")
    await bruno.says(f"/suggest {LINK}")
    await carla.says("/approve 1 topic=charts kind=article minutes=5 title=The Illustrated Transformer")
    for _ in range(3):
        await ana.says("/hoje")
        await ana.presses("Feito")
        await house.forward(days=1)
    await house.forward(days=3)
    assert bruno.screen.count("Your link The Illustrated Transformer has helped 1 learner so far. Thank you.") == 1


async def test_a_room_that_takes_nothing_any_more_is_closed_and_curators_hear_of_it(
    house: House, bruno: Person, carla: Person
) -> None:
    room = in_room(house)
    await room.says("/room here")
    house.door.blocked.add(room.address)
    await bruno.says(f"/suggest {LINK}")
    await house.app.settle()
    assert "The curators' room on Terminal takes nothing from me any more" in carla.sees()
    await bruno.says("/suggest https://example.net/2")
    await house.app.settle()
    assert len([sent for sent in house.door.refused if sent.to == room.address]) == 1
    house.door.blocked.clear()
    await room.says("/room here")
    await house.app.settle()
    assert "New suggestions come here" in room.sees()


async def test_help_before_others_lists_only_what_may_be_said_there(house: House, carla: Person) -> None:
    guest = house.door.person("eva", chat="-100", language="pt-BR")
    await guest.says("/ajuda")
    said = guest.sees()
    assert "/privacidade" in said
    assert "/hoje" not in said
    assert "O resto fica entre nós: fale comigo a sós." in said
    room = in_room(house)
    await room.says("/help")
    said = room.sees()
    assert "/queue" in said
    assert "/today" not in said
    assert "Everything else is between the two of us: write to me alone." in said
