"""What must hold in every database: one query for each, naming the rows for which it does not."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, insert, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, load_only

from bot.states import DoseOutcome, Marked, OutboxState, SubscriptionState
from bot.store.completions import STANDS
from bot.store.engine import is_sqlite
from bot.store.outbox import WAITING
from bot.store.tables import Card, Completion, Dose, Mark, Outgoing, Review, Schedule, Subscription

GRACE = timedelta(minutes=15)
"""What a running bot is about to do by itself; two minutes would do, a busy machine may need more."""
HOUR = timedelta(hours=1)
ON_ITS_WAY = (*WAITING, OutboxState.SENDING)
Query = Select[Any]


def abandoned(now: datetime) -> Query:
    """Messages on their way whose lease ended long ago: a round takes them up, so none is being made."""
    return select(Outgoing.id).where(Outgoing.state == OutboxState.SENDING, Outgoing.lease_until < now - GRACE)


def silent(now: datetime) -> Query:
    """Active subscriptions without a next dose and none on its way, though no dose says that nothing is left.

    The last one that came by itself may say it, or one of its day or later that they asked for.
    """
    later = aliased(Dose)
    says_so = and_(
        Dose.subscription_id == Subscription.id,
        Dose.resource_id.is_(None),
        ~exists().where(later.subscription_id == Dose.subscription_id, later.day > Dose.day, later.number == 0),
    )
    waits = exists().where(Outgoing.subscription_id == Subscription.id, Outgoing.state.in_(ON_ITS_WAY))
    return select(Subscription.id).where(
        Subscription.state == SubscriptionState.ACTIVE,
        Subscription.silent_since.is_(None),  # we are quiet until they write
        or_(Subscription.next_due_at.is_(None), Subscription.next_day.is_(None)),
        ~exists().where(says_so),  # the trail ran dry: the person chooses
        ~waits,
    )


def ahead(now: datetime) -> Query:
    """Active subscriptions whose next dose is not due within the hour: all that is well, and what lies too far ahead."""
    return select(Subscription.id).where(
        Subscription.state == SubscriptionState.ACTIVE,
        Subscription.silent_since.is_(None),
        Subscription.next_due_at > now + HOUR,
    )


def overdue(now: datetime) -> Query:
    """Active subscriptions whose dose is due and claimed by nobody: no bot runs, or the queue is very long."""
    return select(Subscription.id).where(
        Subscription.state == SubscriptionState.ACTIVE, Subscription.next_due_at < now - GRACE
    )


def doubled(now: datetime) -> Query:
    """Doses that went out, or will, in more than one row."""
    rows = select(Outgoing.dose_id).where(Outgoing.kind == "dose", Outgoing.dose_id.is_not(None))
    return rows.where(Outgoing.state != OutboxState.DEAD).group_by(Outgoing.dose_id).having(func.count() > 1)


def orphaned(now: datetime) -> Query:
    """Messages that carry a dose, though there is none."""
    return select(Outgoing.id).where(Outgoing.kind == "dose", Outgoing.dose_id.is_(None), Outgoing.state.in_(WAITING))


def expired(now: datetime) -> Query:
    """Messages that wait though their time is over."""
    return select(Outgoing.id).where(Outgoing.state.in_(WAITING), Outgoing.expires_at < now - GRACE)


def unmarked(now: datetime) -> Query:
    """Resources that somebody did, and that are not marked so: they would come again."""
    marked = exists().where(
        Mark.person_id == Completion.person_id, Mark.resource_id == Completion.resource_id, Mark.mark == Marked.DONE
    )
    return select(Completion.id).where(Completion.kind == "done", Completion.resource_id.is_not(None), STANDS, ~marked)


def unkept(now: datetime) -> Query:
    """Doses that say done, without the completion that counts for the day."""
    kept = exists().where(Completion.dose_id == Dose.id, STANDS)
    return select(Dose.id).where(Dose.outcome == DoseOutcome.DONE, ~kept)


def miscounted(now: datetime) -> Query:
    """Cards whose number of reviews is not that of their answers."""
    reviews = select(func.count(Review.number)).where(Review.card_id == Card.id).scalar_subquery()
    return select(Card.id).where(Card.reviewed != reviews)


def without_schedule(now: datetime) -> Query:
    """Subscriptions that never wrote down which timetable acts on which day."""
    written = exists().where(Schedule.subscription_id == Subscription.id)
    return select(Subscription.id).where(Subscription.state != SubscriptionState.DRAFT, ~written)


async def card_states(session: AsyncSession, after: int, limit: int) -> list[tuple[int, str]]:
    """A page of cards with what the scheduler keeps of them."""
    rows = await session.execute(select(Card.id, Card.state).where(Card.id > after).order_by(Card.id).limit(limit))
    return [(card_id, state) for card_id, state in rows]


async def page_of(session: AsyncSession, query: Query, after: int, limit: int) -> list[int]:
    """A page of the rows that a query would look through, by their numbers: only these lead from page to page without a long way."""
    key = query.column_descriptions[0]["expr"]
    return list(await session.scalars(select(key).where(key > after).order_by(key).limit(limit)))


async def found(
    session: AsyncSession,
    query: Query,
    platforms: Collection[str] | None = None,
    among: Collection[int] | None = None,
) -> list[int]:
    """The rows for which it does not hold; only those of some platforms, or among some rows, if they are named."""
    if platforms is not None:
        query = query.where(query.column_descriptions[0]["entity"].platform.in_(platforms))
    if among is not None:
        query = query.where(query.column_descriptions[0]["expr"].in_(among))
    return [number for (number,) in await session.execute(query)]


async def broken_pages(session: AsyncSession) -> list[str]:
    """What SQLite itself finds wrong with its file; nothing on other engines, which look by themselves."""
    if not is_sqlite(session):
        return []
    return [line for (line,) in await session.execute(text("PRAGMA integrity_check(20)")) if line != "ok"]


# --------------------------------------------------------------------------------------------------------------- repairs


async def bury(session: AsyncSession, ids: list[int], reason: str) -> list[int]:
    """Give messages up that can no longer go; which of them still waited."""
    buried = await session.execute(
        update(Outgoing)
        .where(Outgoing.id.in_(ids), Outgoing.state.in_(WAITING))
        .values(state=OutboxState.DEAD, lease_until=None, reason=reason)
        .returning(Outgoing.id)
    )
    return [number for (number,) in buried]


async def mark_done(session: AsyncSession, completion_ids: list[int]) -> None:
    """Mark what these completions did."""
    missing = (
        select(Completion.person_id, Completion.resource_id, literal("done"), func.min(Completion.at))
        .where(Completion.id.in_(completion_ids))
        .group_by(Completion.person_id, Completion.resource_id)
    )
    await session.execute(insert(Mark).from_select(["person_id", "resource_id", "mark", "at"], missing))


async def recount(session: AsyncSession, card_ids: list[int]) -> None:
    """Count the reviews of cards again."""
    reviews = select(func.count(Review.number)).where(Review.card_id == Card.id).scalar_subquery()
    await session.execute(
        update(Card).where(Card.id.in_(card_ids)).values(reviewed=reviews).execution_options(synchronize_session=False)
    )


async def subscriptions_of(session: AsyncSession, ids: Sequence[int], *, lock: bool = True) -> list[Subscription]:
    """Subscriptions by their numbers, locked unless they are only looked at: of each its timetable, for the rest may make no sense."""
    timetable = load_only(
        Subscription.zone, Subscription.hour, Subscription.turn, Subscription.days, Subscription.next_due_at
    )
    found = select(Subscription).where(Subscription.id.in_(ids)).options(timetable)
    return list(await session.scalars(found.with_for_update(key_share=True) if lock else found))
