"""What choosing a dose needs to know of many subscriptions, in a number of queries that does not grow with them.

Of the past only what choosing looks at is read: the newest month of doses, the newest presses, and of marks the bare ids, put together
by the database: a year of somebody's history is one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.learning.dose import Given
from bot.learning.sessions import OPEN, SHELVED, Thread
from bot.learning.small import Small, small_from
from bot.learning.taste import HALF_LIFE
from bot.store import threads
from bot.store.tables import Card, Dose, Feedback, Mark, Person, Resource, Subscription, Tick
from bot.store.tables import Thread as ThreadRow

SETTLING = ("done", "known", "dismissed", "skipped")
"""The marks after which a resource does not come back as a dose."""
DAYS_READ = 31
"""How many of the newest days with a dose are read: a month, in which no small thing repeats."""
PRESSES_READ = 4 * HALF_LIFE
"""How far back presses are read; what is older says next to nothing."""
NEW_FOR = timedelta(days=60)
"""How long a resource counts as new in the catalog."""


@dataclass(slots=True)
class Seen:
    """What somebody met so far, for choosing.

    `settled` are resources that do not come back, `recent` the newest doses, the newest last, `small` the day on which each small thing
    last came, `pressed` the newest presses as (resource, kind, instant), `due` the card that has waited longest. `language` is the
    interface's, `heard_at` when they last wrote.
    """

    language: str = ""
    heard_at: datetime | None = None
    settled: frozenset[str] = frozenset()
    recent: list[Given] = field(default_factory=list)
    small: dict[Small, date] = field(default_factory=dict)
    threads: list[Thread] = field(default_factory=list)
    pressed: list[tuple[str, str, datetime]] = field(default_factory=list)
    ticked: frozenset[tuple[str, str]] = frozenset()
    due: int | None = None
    added: dict[str, date] = field(default_factory=dict)


async def seen_by(session: AsyncSession, some: Sequence[Subscription], now: datetime) -> dict[int, Seen]:
    """What many subscriptions met so far, by subscription."""
    seen = {subscription.id: Seen() for subscription in some}
    people = {subscription.person_id: seen[subscription.id] for subscription in some if subscription.person_id}
    ids = list(people)
    for person_id, language, heard_at in await session.execute(
        select(Person.id, Person.language, Person.heard_at).where(Person.id.in_(ids))
    ):
        people[person_id].language, people[person_id].heard_at = language, heard_at
    for person_id, settled in await session.execute(
        select(Mark.person_id, func.aggregate_strings(Mark.resource_id, " "))
        .where(Mark.person_id.in_(ids), Mark.mark.in_(SETTLING))
        .group_by(Mark.person_id)
    ):
        people[person_id].settled = frozenset(settled.split(" "))
    await _read_doses(session, seen)
    for row in await session.scalars(
        select(ThreadRow).where(ThreadRow.person_id.in_(ids), ThreadRow.state.in_((OPEN, SHELVED, "retired")))
    ):
        people[row.person_id].threads.append(threads.thread_of(row))
    for person_id, resource_id, kind, at in await session.execute(
        select(Feedback.person_id, Feedback.resource_id, Feedback.kind, Feedback.at)
        .where(Feedback.person_id.in_(ids), Feedback.at >= now - PRESSES_READ)
        .order_by(Feedback.at)
    ):
        people[person_id].pressed.append((resource_id, kind, at))
    await _read_small_things(session, people, now)
    await _read_added(session, some, seen, now)
    return seen


async def _read_doses(session: AsyncSession, seen: dict[int, Seen]) -> None:
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
    rows = await session.execute(
        select(Dose.subscription_id, Dose.day, Dose.resource_id, Dose.outcome, Dose.small)
        .join(Subscription, Subscription.id == Dose.subscription_id)
        .where(Subscription.id.in_(list(seen)), Dose.day >= func.coalesce(first, date.min))
        .order_by(Dose.subscription_id, Dose.day, Dose.number)
    )
    for subscription_id, day, resource_id, outcome, small in rows:
        mine = seen[subscription_id]
        if resource_id:
            mine.recent.append(Given(day, resource_id, outcome is not None))
        if small and (came := small_from(small)):
            mine.small[came] = day


async def _read_small_things(session: AsyncSession, people: dict[int, Seen], now: datetime) -> None:
    ticked: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for person_id, checklist, step in await session.execute(
        select(Tick.person_id, Tick.checklist, Tick.step).where(Tick.person_id.in_(list(people)))
    ):
        ticked[person_id].add((checklist, step))
    for person_id, steps in ticked.items():
        people[person_id].ticked = frozenset(steps)
    for person_id, card_id in await session.execute(
        select(Card.person_id, Card.id)
        .where(Card.person_id.in_(list(people)), Card.suspended.is_(False), Card.due_at <= now)
        .order_by(Card.due_at.desc(), Card.id.desc())
    ):
        people[person_id].due = card_id


async def _read_added(
    session: AsyncSession, some: Sequence[Subscription], seen: dict[int, Seen], now: datetime
) -> None:
    """What came into the catalog since each of them began."""
    first = select(func.min(Resource.added_at)).scalar_subquery()  # what was there from the start is new to nobody
    rows = await session.execute(
        select(Resource.id, Resource.added_at).where(
            Resource.added_at >= now - NEW_FOR, Resource.added_at > first, Resource.retired_at.is_(None)
        )
    )
    added = {resource_id: added_at.date() for resource_id, added_at in rows}
    newest = max(added.values(), default=date.min)
    for subscription in some:
        if subscription.began_on and subscription.began_on < newest:
            began = subscription.began_on
            seen[subscription.id].added = {resource: day for resource, day in added.items() if day > began}
