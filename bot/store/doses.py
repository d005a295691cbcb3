"""Doses and what they offered. What people think of it is in `marks.py`, what was learnt in `completions.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import outbox
from bot.store.tables import Dose, Offer, Outgoing, Subscription

DOSES, OFFERS = cast(Table, Dose.__table__), cast(Table, Offer.__table__)
_DAYS = select(Dose.subscription_id, Dose.day).where(
    Dose.subscription_id.in_(bindparam("subscriptions", expanding=True)),
    Dose.day >= bindparam("since"),
    Dose.number == 0,
)
_ONLY_SAID = _DAYS.add_columns(Dose.id).where(
    Dose.resource_id.is_(None),
    ~exists().where(Offer.dose_id == Dose.id),
    ~exists().where(Outgoing.dose_id == Dose.id),
)
PLANNED = (
    "subscription_id", "day", "number", "zone", "due_at", "closes_at", "minutes", "resource_id", "part", "small", "why", "news",
)  # fmt: skip
"""What is known of a dose when it is planned."""


async def find(session: AsyncSession, dose_id: int) -> Dose | None:
    """A dose by its number, for reading."""
    return await session.get(Dose, dose_id)


def beyond(subscription: Subscription, day: date, given: Sequence[Dose], *, now: datetime, closes_at: datetime) -> Dose:
    """A dose beyond those of a day, empty and not stored yet. Number 0 stays free for the one that comes at the hour."""
    return Dose(
        subscription_id=subscription.id,
        day=day,
        number=max((dose.number for dose in given), default=0) + 1,
        zone=subscription.zone,
        due_at=now,
        closes_at=closes_at,
        why={},
    )


async def of_day(session: AsyncSession, subscription_id: int, day: date, number: int = 0) -> Dose | None:
    """A day's dose, or what was asked for beyond it."""
    return await session.scalar(
        select(Dose).where(Dose.subscription_id == subscription_id, Dose.day == day, Dose.number == number)
    )


async def all_of_day(session: AsyncSession, subscription_id: int, day: date) -> list[Dose]:
    """A day's dose and what was asked for beyond it, in order."""
    found = select(Dose).where(Dose.subscription_id == subscription_id, Dose.day == day)
    return list(await session.scalars(found.order_by(Dose.number)))


async def last_seen(session: AsyncSession, subscription_id: int) -> Dose | None:
    """The newest dose of a subscription that can have reached the person: one that still waits is not theirs yet."""
    waits = exists().where(Outgoing.dose_id == Dose.id, Outgoing.kind == "dose", *outbox.UNSEEN)
    return await session.scalar(
        select(Dose)
        .where(Dose.subscription_id == subscription_id, ~waits)
        .order_by(Dose.day.desc(), Dose.number.desc())
        .limit(1)
    )


async def last_answered(session: AsyncSession, subscription_id: int) -> Dose | None:
    """The dose of a subscription that was answered last."""
    return await session.scalar(
        select(Dose)
        .where(Dose.subscription_id == subscription_id, Dose.outcome_at.is_not(None))
        .order_by(Dose.outcome_at.desc(), Dose.id.desc())
        .limit(1)
    )


async def days_given(session: AsyncSession, subscription_ids: Sequence[int], since: date) -> set[tuple[int, date]]:
    """Which (subscription, day) already have their dose, from a day on."""
    rows = await session.execute(_DAYS, {"subscriptions": list(subscription_ids), "since": since})
    return {(subscription_id, day) for subscription_id, day in rows}


async def only_said(session: AsyncSession, subscription_ids: Sequence[int], since: date) -> dict[tuple[int, date], int]:
    """Own doses, from a day on, that held nothing ever and were asked for, each by its (subscription, day).

    An answer said that nothing was left; no message carries them.
    """
    rows = await session.execute(_ONLY_SAID, {"subscriptions": list(subscription_ids), "since": since})
    return {(subscription_id, day): dose_id for subscription_id, day, dose_id in rows}


async def store(session: AsyncSession, planned: Sequence[Dose], now: datetime) -> None:
    """Store the doses of as many subscriptions, each with its first offer, and tell each its number.

    They go past the unit of work, which asks SQLite for the number of each new row by itself: two statements, however many doses.
    """
    if not planned:
        return
    rows = [{name: getattr(dose, name) for name in PLANNED} for dose in planned]
    written = await session.execute(insert(DOSES).returning(DOSES.c.subscription_id, DOSES.c.id), rows)
    numbers = {row.subscription_id: row.id for row in written}
    for dose in planned:
        dose.id = numbers[dose.subscription_id]
    offers = [
        {"dose_id": dose.id, "place": 0, "resource_id": dose.resource_id, "at": now}
        for dose in planned
        if dose.resource_id
    ]
    if offers:
        await session.execute(insert(OFFERS), offers)


def offer(session: AsyncSession, dose: Dose, place: int, now: datetime) -> None:
    """Write down what a dose offers at a place in its row of offers."""
    if dose.resource_id:
        session.add(Offer(dose_id=dose.id, place=place, resource_id=dose.resource_id, at=now))


async def offers_of(session: AsyncSession, dose_id: int) -> list[Offer]:
    """What a dose offered, in order."""
    return list(await session.scalars(select(Offer).where(Offer.dose_id == dose_id).order_by(Offer.place)))


async def passed_over(session: AsyncSession, subscription_id: int, day: date) -> frozenset[str]:
    """What the doses of a day offered and do not hold any more: somebody wanted something else instead, be there any or not."""
    found = (
        select(Offer.resource_id)
        .join(Dose, Dose.id == Offer.dose_id)
        .where(
            Dose.subscription_id == subscription_id,
            Dose.day == day,
            Offer.resource_id.is_distinct_from(Dose.resource_id),
        )
    )
    return frozenset(await session.scalars(found))


async def end_wish(session: AsyncSession, dose: Dose) -> None:
    """What a dose holds came, so whoever put it off on an earlier day has it; whatever becomes of it now."""
    await session.execute(
        update(Dose)
        .where(Dose.subscription_id == dose.subscription_id, Dose.wished == dose.resource_id, Dose.day < dose.day)
        .values(wished=None)
    )


async def take_back(session: AsyncSession, dose_ids: Sequence[int]) -> list[Dose]:
    """Remove doses that nobody saw, and give them as they were."""
    gone = list(await session.scalars(select(Dose).where(Dose.id.in_(dose_ids)).order_by(Dose.day)))
    await session.execute(delete(Dose).where(Dose.id.in_(dose_ids)).execution_options(synchronize_session=False))
    return gone


async def drop(session: AsyncSession, dose: Dose) -> None:
    """Remove one dose for good, such as a day's that had nothing to give."""
    await session.delete(dose)
    await session.flush()
