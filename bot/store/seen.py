"""What choosing a dose needs to know of many subscriptions, in a number of queries that does not grow with them.

Of the past only what choosing looks at is read: the newest month of doses, the newest presses, and of marks the bare ids, put together
by the database: a year of somebody's history is one row. The statements are put together once, here, for to put one together takes
longer than to run it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, String, bindparam, case, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from bot.learning.dose import Given
from bot.learning.sessions import UNFINISHED, Thread
from bot.learning.small import Small
from bot.learning.taste import HEARD, HEARD_FOR, said_of
from bot.store import links, threads
from bot.store.marks import SETTLING
from bot.store.tables import Card, Dose, Feedback, Mark, Person, Resource, Subscription, Tick
from bot.store.tables import Thread as ThreadRow

DAYS_READ = 31
"""How many of the newest days with a dose are read: a month, in which no small thing repeats."""
MANY = 1000
"""More than the doses anybody asks for in a day; added to their numbers, so that they sort as text."""
FIELD, RECORD = "\x1f", "\x1e"
"""What separates fields and records where the database puts rows together; no id and no word of a catalog holds these."""
NO_SMALL = Small("", "")
"""What stands for the small thing of a dose that had none."""
NEW_FOR = timedelta(days=60)
"""How long a resource counts as new in the catalog."""


@dataclass(slots=True)
class Seen:
    """What somebody met so far, for choosing.

    `settled` are resources that do not come back, `recent` the newest doses, the newest last, `small` the day on which each small thing
    last came, `pressed` the newest presses that taste listens to as (resource, kind, instant), the newest first, `broken` the links that
    they reported and when, `due` the cards to recall and since when, the one that has waited longest first. `language` is the interface's,
    `heard_at` when they last wrote. `texts` is what the database put together, before it is taken apart.
    """

    language: str = ""
    heard_at: datetime | None = None
    settled: frozenset[str] = frozenset()
    recent: list[Given] = field(default_factory=list)
    small: dict[Small, date] = field(default_factory=dict)
    threads: list[Thread] = field(default_factory=list)
    pressed: list[tuple[str, str, datetime]] = field(default_factory=list)
    broken: list[tuple[str, datetime]] = field(default_factory=list)
    ticked: frozenset[tuple[str, str]] = frozenset()
    due: list[tuple[int, date]] = field(default_factory=list)
    added: dict[str, date] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    dead: frozenset[str] = frozenset()


async def seen_by(session: AsyncSession, some: Sequence[Subscription], now: datetime) -> dict[int, Seen]:
    """What many subscriptions met so far, by subscription."""
    return {number: prepare(seen) for number, seen in (await read(session, some, now)).items()}


async def read(session: AsyncSession, some: Sequence[Subscription], now: datetime) -> dict[int, Seen]:
    """Everything from the database: the long histories as one text each, not taken apart yet."""
    seen = {subscription.id: Seen() for subscription in some}
    people = {subscription.person_id: seen[subscription.id] for subscription in some if subscription.person_id}
    ids = list(people)
    for person_id, language, heard_at in await session.execute(_LANGUAGES, {"people": ids}):
        people[person_id].language, people[person_id].heard_at = language, heard_at
    for person_id, settled in await session.execute(_SETTLED, {"people": ids}):
        people[person_id].texts["settled"] = settled
    for subscription_id, doses in await session.execute(_DOSES, {"subscriptions": list(seen)}):
        seen[subscription_id].texts["doses"] = doses
    for row in await session.scalars(_THREADS, {"people": ids}):
        people[row.person_id].threads.append(threads.thread_of(row))
    for person_id, presses in await session.execute(_PRESSES, {"people": ids, "since": now - HEARD_FOR, "now": now}):
        people[person_id].texts["presses"] = presses
    await _read_small_things(session, people, now)
    await _read_added(session, some, seen, now)
    dead = await links.dead_ids(session)
    for one in seen.values():
        one.dead = dead
    return seen


def _one_text(*columns: ColumnElement[Any] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """All rows of a group as one text, put together by the database: reading one long text is far quicker than reading many rows."""
    record: ColumnElement[str] = literal("").concat(columns[0])
    for column in columns[1:]:
        record = record.concat(FIELD).concat(column)
    return func.aggregate_strings(record, RECORD)


def _columns(text: str, count: int) -> list[list[str]]:
    """Such a text as its columns, the rows in order of their first fields: one cut for all of it, not one for each row."""
    fields = FIELD.join(sorted(text.split(RECORD))).split(FIELD)
    return [fields[place::count] for place in range(count)]


def _newest_doses() -> Select[int, str]:
    """The doses of the newest month of days; the index on (subscription, day) is all that is walked."""
    older = aliased(Dose)
    first = (
        select(older.day)
        .where(older.subscription_id == Subscription.id, older.number == 0)
        .order_by(older.day.desc())
        .offset(DAYS_READ - 1)
        .limit(1)
        .correlate(Subscription)
        .scalar_subquery()
    )
    columns = (
        cast(Dose.day, String),
        cast(Dose.number + MANY, String),
        func.coalesce(Dose.resource_id, ""),
        case((Dose.outcome.is_not(None) | Dose.put_off, "1"), else_=""),
        func.coalesce(Dose.wished, ""),
        func.coalesce(cast(Dose.small, String), ""),
    )
    return (
        select(Dose.subscription_id, _one_text(*columns))
        .join(Subscription, Subscription.id == Dose.subscription_id)
        .where(Subscription.id.in_(_SUBSCRIPTIONS), Dose.day >= func.coalesce(first, date.min))
        .group_by(Dose.subscription_id)
    )


_PEOPLE: BindParameter[int] = bindparam("people", expanding=True)
_SUBSCRIPTIONS: BindParameter[int] = bindparam("subscriptions", expanding=True)
_NOW = bindparam("now", type_=Card.due_at.type)
_LANGUAGES = select(Person.id, Person.language, Person.heard_at).where(Person.id.in_(_PEOPLE))
_SETTLED = (
    select(Mark.person_id, func.aggregate_strings(Mark.resource_id, " "))
    .where(Mark.person_id.in_(_PEOPLE), Mark.mark.in_(SETTLING))
    .group_by(Mark.person_id)
)
_DOSES = _newest_doses()
_THREADS = select(ThreadRow).where(ThreadRow.person_id.in_(_PEOPLE), ThreadRow.state.in_(UNFINISHED))
_PRESSES = (
    select(Feedback.person_id, _one_text(cast(Feedback.at, String), Feedback.resource_id, Feedback.kind))
    .where(Feedback.person_id.in_(_PEOPLE), Feedback.at >= bindparam("since"), Feedback.at <= _NOW)
    .group_by(Feedback.person_id)
)
_TICKS = select(Tick.person_id, Tick.checklist, Tick.step).where(Tick.person_id.in_(_PEOPLE))
_CARDS = (
    select(Card.person_id, Card.id, Card.due_at)
    .where(Card.person_id.in_(_PEOPLE), Card.suspended.is_(False), Card.due_at <= _NOW)
    .order_by(Card.due_at, Card.id)
)
_ADDED = select(Resource.id, Resource.added_at).where(
    Resource.added_at >= bindparam("since"),
    Resource.added_at
    > select(func.min(Resource.added_at)).scalar_subquery(),  # what was there from the start is new to nobody
    Resource.retired_at.is_(None),
)


def prepare(seen: Seen) -> Seen:
    """Take the texts apart that the database put together, and give the same back.

    Of many people each is prepared when it is their turn and let go before the next: hundreds of small values that are still in the
    processor's cache are read several times as fast as those of five hundred people prepared beforehand.
    """
    texts = seen.texts
    if "settled" in texts:
        seen.settled = frozenset(texts.pop("settled").split(" "))
    if "doses" in texts:
        _prepare_doses(seen, texts.pop("doses"))
    if "presses" in texts:
        _prepare_presses(seen, texts.pop("presses"))
    return seen


def _prepare_doses(seen: Seen, text: str) -> None:
    days, _, resources, answered, wished, small = _columns(text, 6)
    dates = list(map(_day, days))
    seen.recent = list(map(Given, dates, resources, map(bool, answered), wished))
    if "" in resources:
        seen.recent = [given for given in seen.recent if given.resource or given.wished]
    seen.small = dict(zip(map(_small_of, small), dates, strict=True))
    seen.small.pop(NO_SMALL, None)


def _prepare_presses(seen: Seen, text: str) -> None:
    """The newest that count for taste, what was pressed again about the same thing taken once; and every broken link."""
    ats, resources, kinds = _columns(text, 3)
    said: dict[tuple[str, str], tuple[str, str, datetime]] = {}
    for at, resource, kind in zip(reversed(ats), reversed(resources), reversed(kinds), strict=True):
        about = said_of(resource, kind)
        if kind == "broken":
            seen.broken.append((resource, _instant(at)))
        elif len(said) < HEARD and about not in said:
            said[about] = (resource, kind, _instant(at))
    seen.pressed = list(said.values())


def _instant(stored: str) -> datetime:
    """PostgreSQL names a zone, SQLite does not and means UTC; to read it along is quicker than to put it on afterwards."""
    return datetime.fromisoformat(stored if "+" in stored or "-" in stored[10:] else f"{stored}+00:00")


_day = lru_cache(maxsize=1_000)(date.fromisoformat)


@lru_cache(maxsize=10_000)
def _small_of(stored: str) -> Small:
    if not stored:
        return NO_SMALL
    row = json.loads(stored)
    return Small(row["kind"], row["id"])


async def _read_small_things(session: AsyncSession, people: dict[int, Seen], now: datetime) -> None:
    ticked: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for person_id, checklist, step in await session.execute(_TICKS, {"people": list(people)}):
        ticked[person_id].add((checklist, step))
    for person_id, steps in ticked.items():
        people[person_id].ticked = frozenset(steps)
    for person_id, card_id, due_at in await session.execute(_CARDS, {"people": list(people), "now": now}):
        people[person_id].due.append((card_id, due_at.date()))


async def _read_added(
    session: AsyncSession, some: Sequence[Subscription], seen: dict[int, Seen], now: datetime
) -> None:
    """What came into the catalog since each of them began."""
    rows = await session.execute(_ADDED, {"since": now - NEW_FOR})
    added = {resource_id: added_at.date() for resource_id, added_at in rows}
    newest = max(added.values(), default=date.min)
    for subscription in some:
        if subscription.began_on and subscription.began_on < newest:
            began = subscription.began_on
            seen[subscription.id].added = {resource: day for resource, day in added.items() if day > began}
