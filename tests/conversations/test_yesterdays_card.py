"""A button on the card of an earlier day: what is still here counts, what is closed says so, and no day is lost."""

from __future__ import annotations

from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.tables import Completion, Dose
from tests.house import House


async def days_done(house: House) -> list[str]:
    async with house.app.database.read() as session:
        return [day.isoformat() for day in await session.scalars(select(Completion.day).order_by(Completion.id))]


async def test_done_on_yesterdays_card_counts_for_yesterday_and_today_gets_something_else(
    study: House, bia: Person
) -> None:
    yesterdays = bia.messages[-1]
    await study.forward_to("2026-03-03 08:00")
    assert "you haven't finished this one yet" in bia.sees()
    await bia.presses("Done", on=yesterdays)
    seen = bia.sees()
    assert "Done. Day 1." in seen
    assert "Today's dose was the same one; it holds something else now." in seen
    assert await days_done(study) == ["2026-03-02"]
    await bia.says("/today")
    assert "A first look" not in bia.sees()
    await bia.presses("done")
    assert "Done. Day 2." in bia.sees()


async def test_done_on_a_closed_card_of_the_very_thing_that_is_here_again_counts_for_today(
    study: House, bia: Person
) -> None:
    first = bia.messages[-1]
    await study.forward_to("2026-03-03 08:00")
    for day in range(4, 11):
        await study.forward_to(f"2026-03-{day:02} 08:00")
        seen = bia.sees()
        if "A first look" in seen and day > 4:
            break
        await bia.says("/done")
    else:
        raise AssertionError("it never came back")
    bia.sees()
    await bia.presses("Done", on=first)
    assert "Done." in bia.sees()
    assert (await days_done(study))[-1] == f"2026-03-{day:02}"
    async with study.app.database.read() as session:
        newest = await session.scalar(select(Dose).order_by(Dose.day.desc()))
    assert newest is not None
    assert (newest.resource_id, newest.outcome) == ("first-look", "done")


async def test_done_on_a_closed_card_of_something_else_says_so_and_offers_todays(study: House, bia: Person) -> None:
    first = bia.messages[-1]
    await study.forward_to("2026-03-03 08:00")
    await study.forward_to("2026-03-06 12:00")
    bia.sees()
    await bia.presses("Done", on=first)
    assert "That dose was from 2 March. Today's is here." in bia.sees().replace("\n", " ")
    assert await days_done(study) == []
    await bia.presses("today")
    assert "A first look" not in bia.sees()


async def test_done_on_an_older_copy_of_a_card_is_not_taken_for_what_came_instead(study: House, bia: Person) -> None:
    older = bia.messages[-1]
    await bia.says("/today")
    await bia.presses("More…")
    await bia.presses("Not for me")
    bia.sees()
    await bia.presses("Done", on=older)
    assert "That card is from before; this is what the dose holds now." in bia.sees()
    assert await days_done(study) == []


async def test_done_as_a_word_finds_the_dose_that_is_still_open(study: House, bia: Person) -> None:
    await bia.says("/more")
    await bia.presses("done")
    bia.sees()
    await bia.says("/done")
    assert "Done. Day 1." in bia.sees()
    assert len(await days_done(study)) == 2
