"""Two people become one: no row is lost, no key is broken, and no column that names somebody is forgotten."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.file import read_catalog
from bot.chat import Message, MessageRef, unstyled
from bot.delivery.book import Arrival, Book
from bot.learning import recall
from bot.learning.pauses import Pause
from bot.learning.schedule import Schedules
from bot.learning.streak import History
from bot.learning.timetable import Timetable
from bot.states import Marked, OutboxState, ThreadState
from bot.store import cards, days_off, people, union
from bot.store.database import Database
from bot.store.invariants import miscounted
from bot.store.tables import (
    Appointment,
    Base,
    Card,
    Completion,
    Dose,
    Feedback,
    Mark,
    OpenQuestion,
    Outgoing,
    Person,
    Resource,
    Review,
    ShownCard,
    Subscription,
    Suggestion,
    Thread,
    Tick,
    Voice,
)
from bot.store.union.subscriptions import GOES_OVER, TOLD_ANEW
from tests.house import MONDAY_NOON, SMALL_CATALOG

RESOURCES = ("one", "two", "three")
DAY = date(2026, 3, 2)


def test_every_column_that_names_a_person_is_treated() -> None:
    assert set(union.COLUMNS) == set(union.columns_naming("people")), (
        "say in bot/store/union/people.py what becomes of it"
    )


def test_every_column_that_names_a_subscription_is_treated() -> None:
    assert set(union.columns_naming("subscriptions")) == GOES_OVER | TOLD_ANEW


class Lived:
    """What somebody left behind, by chance."""

    def __init__(self, session: AsyncSession, person: Person, chance: Random) -> None:
        self.session, self.person, self.chance = session, person, chance

    def at(self) -> datetime:
        return MONDAY_NOON + timedelta(minutes=self.chance.randrange(10_000))

    def some(self, among: tuple[Any, ...]) -> list[Any]:
        return self.chance.sample(among, self.chance.randint(0, len(among)))

    async def live(self) -> None:
        mine = self.person.id
        subscription = await self.subscribe()
        for resource in self.some(RESOURCES):
            for mark in self.some((Marked.DONE, Marked.SAVED, Marked.KNOWN)):
                self.session.add(Mark(person_id=mine, resource_id=resource, mark=mark, at=self.at()))
            of = self.chance.randint(1, 5)
            state = self.chance.choice(list(ThreadState))
            self.session.add(
                Thread(
                    person_id=mine, resource_id=resource, part=self.chance.randint(0, of), of=of, state=state, note=str(mine),
                    opened_on=DAY, last_on=DAY + timedelta(days=self.chance.randrange(9)),
                )
            )  # fmt: skip
            self.session.add(Feedback(person_id=mine, resource_id=resource, kind="right", at=self.at(), day=DAY))
            await self._card(f"catalog:{resource}:0", "catalog")
        for step in self.some(("a", "b")):
            self.session.add(Tick(person_id=mine, checklist="list", step=step, at=self.at()))
            self._complete(f"step:list:{step}", "step")
        await self._card("note:1", "note")
        for ahead in self.some((0, 1, 2)):
            for number in range(self.chance.randint(1, 3)):
                await self._dose(subscription, DAY + timedelta(days=ahead), number)
        for kind in self.some(("nudge", "digest")):
            self.session.add(Appointment(person_id=mine, kind=kind, about="", due_at=self.at()))
        until = self.at()
        self.session.add(OpenQuestion(person_id=mine, platform="x", chat="group", kind="k", about="", until=until))
        for number in self.some((1, 2)):
            self.session.add(
                Voice(suggestion_id=number, person_id=mine, name="A", url="u", why=f"said by {mine}", at=self.at())
            )
        await self.session.flush()

    async def subscribe(self) -> Subscription:
        made = Subscription(
            owner=f"person:{self.person.id}", person_id=self.person.id, platform="x", chat="c", trail="t", minutes=15,
            hour=MONDAY_NOON.time(), turn=MONDAY_NOON.time(), zone="UTC", days="1234567", began_on=DAY, state="active",
            known_topics=[f"known{self.person.id}"],
        )  # fmt: skip
        self.session.add(made)
        await self.session.flush()
        return made

    async def _dose(self, subscription: Subscription, day: date, number: int) -> None:
        dose = Dose(
            subscription_id=subscription.id, day=day, number=number, zone="UTC", due_at=MONDAY_NOON,
            closes_at=MONDAY_NOON, resource_id="one",
        )  # fmt: skip
        self.session.add(dose)
        await self.session.flush()
        self.session.add(
            Outgoing(
                key=f"dose:{dose.id}", kind="dose", platform="x", chat="c", person_id=self.person.id,
                subscription_id=subscription.id, dose_id=dose.id, not_before=MONDAY_NOON, state="sent",
            )
        )  # fmt: skip
        self._complete(f"dose:{dose.id}", "done", dose.id)

    def _complete(self, key: str, kind: str, dose_id: int | None = None) -> None:
        day = DAY + timedelta(days=self.chance.randrange(9))
        self.session.add(
            Completion(
                person_id=self.person.id, key=key, kind=kind, dose_id=dose_id, resource_id="one", at=self.at(),
                zone="UTC", day=day,
            )
        )  # fmt: skip

    async def _card(self, key: str, origin: str) -> None:
        made = await cards.make(
            self.session, person_id=self.person.id, key=key, origin=origin, resource_id=None, prompt="?",
            answer=f"of {self.person.id}", now=self.at(), day=DAY, retention=90,
        )  # fmt: skip
        assert made
        for _ in range(self.chance.randrange(3)):
            at = made.made_at + timedelta(days=self.chance.randrange(1, 30))
            await cards.answer(self.session, made, self.chance.randint(1, 4), at, 90)


async def world(session: AsyncSession) -> None:
    for name in RESOURCES:
        session.add(Resource(id=name, title=name, url=name, topic="t", added_at=MONDAY_NOON))
    for number in (1, 2):
        session.add(Suggestion(id=number, address_key=str(number), address="a", url="a", made_at=MONDAY_NOON))
    await session.flush()


async def keys(session: AsyncSession, table: type[Base], *names: str) -> Counter[tuple[Any, ...]]:
    columns = [getattr(table, name) for name in names]
    return Counter(tuple(row) for row in await session.execute(select(*columns)))


async def everything(session: AsyncSession) -> dict[str, Any]:
    """What must be there after as it was before, but for what both had."""
    return {
        "days": await keys(session, Completion, "day", "at", "dose_id"),
        "feedback": await keys(session, Feedback, "resource_id", "at"),
        "doses": await keys(session, Dose, "id", "day"),
        "sent": await keys(session, Outgoing, "key"),
        "answers": await keys(session, Review, "at", "rating"),
        "marks": set(await keys(session, Mark, "resource_id", "mark")),
        "ticks": set(await keys(session, Tick, "checklist", "step")),
        "long": set(await keys(session, Thread, "resource_id")),
        "links": set(await keys(session, Voice, "suggestion_id")),
        "lines": await session.scalar(select(func.count()).where(Card.origin == "note")),
        "questions": set(await keys(session, Card, "origin", "prompt")),
        "asked": set(await keys(session, OpenQuestion, "chat")),
        "due": set(await keys(session, Appointment, "kind")),
    }


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_two_people_did_one_did_it_all(database: Database, seed: int) -> None:
    chance = Random(seed)
    async with database.write() as session:
        await world(session)
        pair = [
            await people.add(session, platform, "ana", name="Ana", language="en", now=MONDAY_NOON)
            for platform in ("here", "there")
        ]
        for person in pair:
            await Lived(session, person, chance).live()
    async with database.write() as session:
        stays, leaves = [await session.get_one(Person, person.id) for person in pair]
        before = await everything(session)
        first_marks = {
            tuple(row[:2]): row[2]
            for row in await session.execute(
                select(Mark.resource_id, Mark.mark, func.min(Mark.at)).group_by(Mark.resource_id, Mark.mark)
            )
        }
        subscriptions = {one.person_id: one for one in await session.scalars(select(Subscription))}
        await union.end(session, subscriptions[stays.id], subscriptions[leaves.id])
        await union.unite(session, stays, leaves)
    async with database.read() as session:
        assert await everything(session) == before
        assert [one.id for one in await session.scalars(select(Person))] == [stays.id]
        for name, column in union.columns_naming("people").items():
            assert set(await session.scalars(select(column))) <= {stays.id, None}, name
        marks = {(row.resource_id, row.mark): row.at for row in await session.scalars(select(Mark))}
        assert marks == first_marks
        assert list(await session.scalars(miscounted(MONDAY_NOON))) == []
        for card in await session.scalars(select(Card)):
            assert (
                card.due_at
                == recall.due_of(card.state)
                == recall.due_of(recall.replay(await cards.reviews_of(session, card.id)))
            )
        assert len([row for row in await session.scalars(select(Thread)) if row.state == "open"]) <= 2
        known = (await session.scalars(select(Subscription))).one().known_topics
        assert sorted(known) == sorted(f"known{person.id}" for person in pair)


async def test_a_row_that_would_be_lost_ends_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(union.COLUMNS, "marks.person_id")
    async with database.write() as session:
        await world(session)
        stays = await people.add(session, "here", "ana", name="Ana", language="en", now=MONDAY_NOON)
        leaves = await people.add(session, "there", "ana", name="Ana", language="en", now=MONDAY_NOON)
        session.add(Mark(person_id=leaves.id, resource_id="one", mark=Marked.DONE, at=MONDAY_NOON))
        with pytest.raises(RuntimeError, match=r"marks\.person_id still names somebody who leaves"):
            await union.unite(session, stays, leaves)


async def test_what_was_on_its_way_to_the_one_who_leaves_is_marked_all_the_same(database: Database) -> None:
    async with database.write() as session:
        await world(session)
        stays = await people.add(session, "here", "ana", name="Ana", language="en", now=MONDAY_NOON)
        leaves = await people.add(session, "there", "ana", name="Ana", language="en", now=MONDAY_NOON)
        card = Outgoing(
            key="card:1",
            kind="card",
            platform="there",
            chat="c",
            person_id=leaves.id,
            not_before=MONDAY_NOON,
            state="due",
        )
        session.add(card)
    book = Book(database, lambda: read_catalog(SMALL_CATALOG), lambda: MONDAY_NOON)
    parcel = await book.take(card.id)
    assert parcel
    async with database.write() as session:
        await union.unite(session, await session.merge(stays), await session.merge(leaves))
    shown = Message(unstyled("a card"), shows="suggestion:1:waiting")
    await book.arrived(Arrival(parcel, shown, MessageRef(parcel.address, "7"), MONDAY_NOON))
    async with database.read() as session:
        assert await session.scalar(select(Outgoing.state)) == OutboxState.SENT
        assert await session.scalar(select(ShownCard.person_id)) == stays.id


async def test_of_two_pauses_that_begin_on_one_day_the_longer_stays(database: Database) -> None:
    async with database.write() as session:
        ana = await people.add(session, "terminal", "ana", name="Ana", language="en", now=MONDAY_NOON)
        subscription = await Lived(session, ana, Random(1)).subscribe()
        both = [Pause(DAY, None, "asked"), Pause(DAY, DAY + timedelta(days=3), "asked")]
        for told in (both, both[::-1]):
            await union.retell(
                session,
                subscription,
                History(DAY, Schedules(((DAY, Timetable("UTC", MONDAY_NOON.time())),)), pauses=told),
            )
            assert await days_off.pauses(session, subscription.id) == both[:1]
