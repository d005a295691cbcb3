"""What choosing reads of people, on both engines: the same whatever the order of rows, and never more queries for more people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import event

from bot.learning.dose import Given
from bot.learning.sessions import Thread
from bot.learning.small import Small
from bot.learning.taste import HEARD
from bot.states import ThreadState
from bot.store import feedback, marks, threads, ticks
from bot.store.database import Database
from bot.store.seen import DAYS_READ, Seen, seen_by
from bot.store.tables import Card, Dose, Resource, Subscription
from tests.store.test_database import NOON, somebody

TODAY = date(2026, 3, 2)


def dose(subscription: Subscription, day: date, resource: str | None, number: int = 0, **more: object) -> Dose:
    at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return Dose(
        subscription_id=subscription.id, day=day, number=number, zone="UTC", due_at=at, closes_at=at, resource_id=resource, **more
    )  # fmt: skip


async def ana_and(database: Database, *resources: str) -> tuple[int, Subscription]:
    async with database.write() as session:
        person, subscription = await somebody(session)
        for name in resources:
            session.add(
                Resource(id=name, title=name, url="https://example.org", topic="t", added_at=NOON - timedelta(days=400))
            )
        return person.id, subscription


async def read(database: Database, *some: Subscription) -> list[Seen]:
    async with database.read() as session:
        seen = await seen_by(session, some, NOON)
    return [seen[one.id] for one in some]


async def test_of_a_newcomer_there_is_nothing(database: Database) -> None:
    _, subscription = await ana_and(database)
    [seen] = await read(database, subscription)
    assert seen == Seen(language="en")


async def test_everything_choosing_needs_is_read(database: Database) -> None:
    ana, subscription = await ana_and(database, "a", "b", "c", "d")
    yesterday = TODAY - timedelta(days=1)
    async with database.write() as session:
        small = {"kind": "concept", "id": "t:ação, “x”"}
        session.add(dose(subscription, yesterday, "a", outcome="done", small=small))
        session.add(dose(subscription, TODAY, "c", number=10))
        session.add(dose(subscription, TODAY, "b", number=2))
        session.add(dose(subscription, TODAY, None))
        for name, mark in (("a", "done"), ("b", "skipped"), ("c", "saved"), ("d", "known")):
            await marks.mark(session, ana, name, mark, NOON)
        await threads.keep(session, ana, Thread("b", 2, 5, ThreadState.OPEN, yesterday, TODAY))
        for ago, kind in ((1, "right"), (3, "too_long"), (300, "too_hard")):
            at = NOON - timedelta(days=ago)
            feedback.add(session, person_id=ana, resource_id="a", kind=kind, at=at, day=at.date())
        await ticks.tick(session, ana, "steps", "load", NOON)
        for number, due in (
            (7, NOON - timedelta(days=1)),
            (8, NOON - timedelta(days=2)),
            (9, NOON + timedelta(days=1)),
        ):
            session.add(_card(ana, number, due))
    [seen] = await read(database, subscription)
    assert seen.settled == {"a", "b", "d"}
    assert seen.recent == [Given(yesterday, "a", True), Given(TODAY, "b", False), Given(TODAY, "c", False)]
    assert seen.small == {Small("concept", "t:ação, “x”"): yesterday}
    assert [(thread.resource, thread.part) for thread in seen.threads] == [("b", 2)]
    assert seen.pressed == [("a", "right", NOON - timedelta(days=1)), ("a", "too_long", NOON - timedelta(days=3))]
    assert seen.ticked == {("steps", "load")}
    assert seen.due == [(8, TODAY - timedelta(days=2)), (7, TODAY - timedelta(days=1))]


def _card(person_id: int, number: int, due: datetime) -> Card:
    return Card(
        id=number, person_id=person_id, key=str(number), origin="note", prompt="", answer="x", state="{}", due_at=due, made_at=NOON,
        day=TODAY,
    )  # fmt: skip


async def test_of_a_long_past_only_the_newest_month_of_days_is_read(database: Database) -> None:
    _, subscription = await ana_and(database, "a", "b")
    days = [TODAY - timedelta(days=2 * ahead) for ahead in range(60)]
    async with database.write() as session:
        session.add_all(dose(subscription, day, "a", outcome="done") for day in days)
        session.add(dose(subscription, days[3], "b", number=1))
    [seen] = await read(database, subscription)
    assert [given.day for given in seen.recent] == sorted([*days[:DAYS_READ], days[3]])


async def test_only_the_newest_presses_are_heard_but_no_broken_link_is_forgotten(database: Database) -> None:
    names = [f"r{number:02}" for number in range(HEARD + 5)]
    ana, subscription = await ana_and(database, *names)
    async with database.write() as session:
        at = NOON - timedelta(days=29)
        feedback.add(session, person_id=ana, resource_id="r00", kind="broken", at=at, day=at.date())
        for ago, name in enumerate(names):
            at = NOON - timedelta(hours=ago)
            feedback.add(session, person_id=ana, resource_id=name, kind="right", at=at, day=at.date())
    [seen] = await read(database, subscription)
    assert [(name, kind) for name, kind, _ in seen.pressed] == [(name, "right") for name in names[:HEARD]]
    assert seen.pressed[0][2] == NOON
    assert seen.broken == [("r00", NOON - timedelta(days=29))]


async def test_what_was_rated_again_and_again_pushes_no_other_press_out(database: Database) -> None:
    ana, subscription = await ana_and(database, "a", "b")
    async with database.write() as session:
        presses = [("b", "not_for_me", 99), *(("a", ("right", "too_easy")[ago % 2], ago) for ago in range(2 * HEARD))]
        for name, kind, ago in presses:
            at = NOON - timedelta(hours=ago)
            feedback.add(session, person_id=ana, resource_id=name, kind=kind, at=at, day=at.date())
    [seen] = await read(database, subscription)
    assert [(name, kind) for name, kind, _ in seen.pressed] == [("a", "right"), ("b", "not_for_me")]


async def test_what_came_into_the_catalog_is_new_to_those_who_were_there_before(database: Database) -> None:
    _, subscription = await ana_and(database, "a")
    async with database.write() as session:
        for name, ago in (("new", 3), ("long-there", 90)):
            session.add(
                Resource(id=name, title=name, url="https://x.org", topic="t", added_at=NOON - timedelta(days=ago))
            )
    subscription.began_on = TODAY - timedelta(days=100)
    assert (await read(database, subscription))[0].added == {"new": (NOON - timedelta(days=3)).date()}
    subscription.began_on = TODAY
    assert (await read(database, subscription))[0].added == {}


async def test_more_people_take_no_more_queries(database: Database) -> None:
    async with database.write() as session:
        everybody = [(await somebody(session, f"p{number}"))[1] for number in range(20)]
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", counted)
    await read(database, everybody[0])
    for_one, count = count, 0
    await read(database, *everybody)
    assert count == for_one
