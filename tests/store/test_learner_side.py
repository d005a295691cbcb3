"""What the learner's side writes down: presses, threads, ticks. Once is once, on both engines."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.learning.sessions import Thread
from bot.states import ThreadState
from bot.store import feedback, my_data, people, threads, ticks
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import Resource
from tests.store.test_database import NOON, somebody

DAY = date(2026, 3, 2)


async def ana_with_a_book(database: Database) -> int:
    async with database.write() as session:
        person, _ = await somebody(session)
        session.add(Resource(id="book", title="A book", url="https://example.org", topic="t", added_at=NOON))
        return person.id


async def test_every_press_is_a_row_and_goes_with_the_person(database: Database) -> None:
    ana = await ana_with_a_book(database)
    async with database.write() as session:
        for ago, kind in ((3, "too_hard"), (1, "right"), (2, "too_long")):
            at = NOON - timedelta(days=ago)
            feedback.add(session, person_id=ana, resource_id="book", kind=kind, at=at, day=at.date())
    async with database.read() as session:
        kinds = [row.kind for row in await feedback.of_person(session, ana)]
        recent = [row.kind for row in await feedback.of_person(session, ana, since=NOON - timedelta(days=2))]
        assert len((await my_data.everything_of(session, ana))["feedback"]) == 3
    assert kinds == ["too_hard", "too_long", "right"]
    assert recent == ["too_long", "right"]
    async with database.write() as session:
        await people.forget(session, ana)
        assert await feedback.of_person(session, ana) == []


async def test_what_nobody_can_press_is_refused(database: Database) -> None:
    ana = await ana_with_a_book(database)
    async with database.write() as session:
        with pytest.raises(ValueError, match="meh"):
            feedback.add(session, person_id=ana, resource_id="book", kind="meh", at=NOON, day=DAY)


async def test_a_thread_is_one_row_and_comes_back_as_it_went_in(database: Database) -> None:
    ana = await ana_with_a_book(database)
    begun = Thread("book", 1, 10, ThreadState.OPEN, DAY, DAY, "the preface")
    later = replace(begun, part=4, state=ThreadState.SHELVED, last_on=DAY + timedelta(days=3), note="ação")
    for value in (begun, later):
        async with database.write() as session:
            await threads.keep(session, ana, value)
    async with database.read() as session:
        [row] = await threads.of_person(session, ana)
        assert threads.thread_of(row) == later
        assert await threads.of_person(session, ana, [ThreadState.OPEN]) == []
        assert await threads.find(session, ana, "another") is None


async def test_ten_ticks_at_once_are_one(database: Database) -> None:
    ana = await ana_with_a_book(database)

    async def tick() -> bool:
        async with database.write() as session:
            return await ticks.tick(session, ana, "steps", "load", NOON)

    assert sorted(await asyncio.gather(*(tick() for _ in range(10)))) == [False] * 9 + [True]
    async with database.write() as session:
        assert await ticks.of_person(session, ana) == {("steps", "load")}
        await ticks.untick(session, ana, "steps", "load")
        assert await ticks.of_person(session, ana) == frozenset()


async def test_what_was_there_before_survives_the_step(tmp_path: object) -> None:
    """Adding to `doses` must not touch what points to its rows, as copying the table would."""
    database = Database(f"sqlite:///{tmp_path}/before.sqlite")
    await migrate(database, "0003")
    async with database.write() as session:
        for statement in (
            "INSERT INTO resources VALUES ('book', 'A book', 'https://example.org', 't', '2026-03-02', NULL)",
            "INSERT INTO people (id, name, language, language_chosen, role, met_at)"
            " VALUES (1, 'ana', 'en', 0, 'learner', '2026-03-02')",
            "INSERT INTO subscriptions (id, owner, person_id, platform, chat, trail, topics, ticked, known_topics, minutes, hour,"
            " turn, zone, days, goal, state) VALUES (1, 'person:1', 1, 'terminal', 'ana', 'first', '[]', '[]', '[]', 15, '08:00:00',"
            " '04:00:00', 'UTC', '1234567', 'streak', 'active')",
            "INSERT INTO doses (id, subscription_id, day, number, zone, due_at, closes_at, resource_id, why)"
            " VALUES (1, 1, '2026-03-02', 0, 'UTC', '2026-03-02', '2026-03-03', 'book', '{}')",
            "INSERT INTO offers VALUES (1, 0, 'book', '2026-03-02')",
        ):
            await session.execute(text(statement))
    await migrate(database)
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM offers"))).scalar() == 1
        level = await session.execute(text("SELECT level, minutes_on, resource_languages FROM subscriptions"))
        assert level.one() == (2, "{}", None)
    await database.close()
