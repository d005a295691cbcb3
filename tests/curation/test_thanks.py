"""Whoever brought a link hears how many it helped, at each mark once."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.curation import daily
from bot.store import suggestions
from bot.store.database import Database
from bot.store.tables import Completion, Person, Resource, Subscription, Suggestion, Voice
from tests.house import MONDAY_NOON

DAY = timedelta(days=1)
BRUNO = 1
LINK = "https://example.net/graphs"


@pytest.fixture
async def approved(database: Database) -> Database:
    """Bruno has a subscription and brought a link, which is in the catalog."""
    async with database.write() as session:
        for number in range(BRUNO, 10):
            session.add(Person(id=number, name=f"{number}", language="en", met_at=MONDAY_NOON))
        session.add(Resource(id="graphs", title="Graphs", url=LINK, topic="charts", added_at=MONDAY_NOON))
        session.add(Suggestion(address_key="1", address=LINK, url=LINK, made_at=MONDAY_NOON, resource_id="graphs"))
        await session.flush()
        await session.execute(update(Suggestion).values(state="approved"))
        session.add(Voice(suggestion_id=1, person_id=BRUNO, name="", url=LINK, why="", at=MONDAY_NOON))
        where = {"owner": "person:1", "person_id": BRUNO, "platform": "terminal", "chat": "bruno"}
        when = {"zone": "Europe/Lisbon", "days": "12345", "hour": time(8), "turn": time(4)}
        session.add(Subscription(**where, **when, trail="own", minutes=10))
    return database


def done(session: AsyncSession, *people: int, slip: bool = False, key: str = "1") -> None:
    for number in people:
        withdrawn = MONDAY_NOON if slip else None
        what = {"key": key, "kind": "dose", "resource_id": "graphs", "withdrawn_at": withdrawn}
        when = {"at": MONDAY_NOON, "zone": "UTC", "day": MONDAY_NOON.date()}
        session.add(Completion(person_id=number, **what, **when))


async def told(database: Database, day: int) -> list[int]:
    """What Bruno was told by then, the looks of that day included."""
    await daily.thank(database, MONDAY_NOON + day * DAY)
    async with database.read() as session:
        return [piece["n"] for piece in (await session.get_one(Subscription, 1)).news]


async def test_each_mark_is_told_once_and_only_what_others_did_counts(approved: Database) -> None:
    async with approved.write() as session:
        done(session, BRUNO)
        done(session, 2, slip=True)
    assert await told(approved, 0) == []
    async with approved.write() as session:
        done(session, 3, 4)
        done(session, 3, key="again")
    assert await told(approved, 0) == [], "it is looked at once a day"
    assert await told(approved, 1) == [2]
    async with approved.write() as session:
        done(session, 5, 6)
    assert await told(approved, 2) == [2], "four are not five"
    async with approved.write() as session:
        done(session, 7, 8)
    assert await told(approved, 3) == [2, 6]
    assert await told(approved, 4) == [2, 6]


async def test_beyond_the_last_mark_nothing_is_counted(approved: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "HELPED", (1, 2))
    async with approved.write() as session:
        done(session, 2, 3)
    assert await told(approved, 0) == [2]
    async with approved.write() as session:
        done(session, 4)
    async with approved.read() as session:
        assert await suggestions.helpful(session, 2) == {}
        assert await suggestions.helpful(session, 3) == {1: 3}
    assert await told(approved, 1) == [2]


async def test_what_is_taken_back_while_it_is_counted_is_not_told(
    approved: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = suggestions.helpful

    async def and_meanwhile(session: AsyncSession, most: int) -> dict[int, int]:
        helpful = await count(session, most)
        async with approved.write() as other:
            await other.execute(update(Suggestion).values(state="waiting"))
        return helpful

    monkeypatch.setattr(suggestions, "helpful", and_meanwhile)
    async with approved.write() as session:
        done(session, 2)
    assert await told(approved, 0) == []
