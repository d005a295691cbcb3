"""Subscriptions: who is due when, and what each of their days was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.schedule import Due, Schedules
from bot.learning.timetable import Timetable
from bot.store import news
from bot.store.tables import Excuse, Pause, Schedule, Subscription


def timetable_of(row: Subscription | Schedule) -> Timetable:
    """The row's hour, turn, zone and days as a value the rules understand."""
    return Timetable(zone=row.zone, hour=row.hour, turn=row.turn, days=frozenset(map(int, row.days)))


async def of_person(session: AsyncSession, person_id: int, *, lock: bool = True) -> Subscription | None:
    """A person's subscription, in whatever state; locked unless it is only looked at.

    Locks here are the weaker kind that leaves foreign keys alone (PostgreSQL: FOR NO KEY UPDATE), or a claim that inserts rows for a
    person and a command of that person would wait for each other.
    """
    found = select(Subscription).where(Subscription.person_id == person_id)
    return await session.scalar(found.with_for_update(key_share=True) if lock else found)


async def schedules(session: AsyncSession, subscription: Subscription) -> Schedules:
    """The history of a subscription's timetables."""
    return (await schedules_of(session, [subscription]))[subscription.id]


async def schedules_of(session: AsyncSession, subscriptions: Sequence[Subscription]) -> dict[int, Schedules]:
    """The histories of many subscriptions in one query, by subscription."""
    wishes: dict[int, list[tuple[date, Timetable]]] = defaultdict(list)
    rows = await session.scalars(
        select(Schedule)
        .where(Schedule.subscription_id.in_([subscription.id for subscription in subscriptions]))
        .order_by(Schedule.subscription_id, Schedule.from_day)
    )
    for row in rows:
        wishes[row.subscription_id].append((row.from_day, timetable_of(row)))
    return {
        subscription.id: Schedules(tuple(wishes[subscription.id]) or ((date.min, timetable_of(subscription)),))
        for subscription in subscriptions
    }


async def keep_schedules(session: AsyncSession, subscription: Subscription, history: Schedules) -> None:
    """Write the newest wish of a history, in place of those that never acted."""
    from_day, timetable = history.wishes[-1]
    await session.execute(
        delete(Schedule).where(Schedule.subscription_id == subscription.id, Schedule.from_day >= from_day)
    )
    days = "".join(map(str, sorted(timetable.days)))
    session.add(
        Schedule(
            subscription_id=subscription.id,
            from_day=from_day,
            hour=timetable.hour,
            turn=timetable.turn,
            zone=timetable.zone,
            days=days,
        )
    )
    subscription.hour, subscription.turn = timetable.hour, timetable.turn
    subscription.zone, subscription.days = timetable.zone, days


def set_due(subscription: Subscription, due: Due | None) -> None:
    """Write down when the next dose is due; None silences the subscription."""
    subscription.next_day = due.day if due else None
    subscription.next_due_at = due.at if due else None
    subscription.lot = lot_of(subscription.id, due.day) if due else 0


def lot_of(subscription_id: int, day: date) -> int:
    """A number that orders a slot: another one for each person and each day, so that nobody is always last."""
    return int.from_bytes(blake2b(f"{subscription_id}:{day}".encode(), digest_size=4).digest(), "big") >> 1


async def due_by(
    session: AsyncSession, platforms: Collection[str], instant: datetime, limit: int, but: Collection[int] = ()
) -> list[Subscription]:
    """Up to `limit` active subscriptions due by an instant but some, the longest waiting first, locked for this transaction.

    Only those on `platforms`: where no door is open, nothing is promised, and the days count as lost when it opens again.

    On PostgreSQL another process passes over the rows this one holds.
    """
    rows = await session.scalars(
        select(Subscription)
        .where(
            Subscription.state == "active",
            Subscription.next_due_at <= instant,
            Subscription.platform.in_(platforms),
            Subscription.id.not_in(but),
        )
        .order_by(Subscription.next_due_at, Subscription.lot)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return list(rows)


async def first_due(
    session: AsyncSession, platforms: Collection[str], after: datetime | None = None
) -> datetime | None:
    """The earliest instant at which any subscription on these platforms is due, or the earliest after another."""
    due = select(func.min(Subscription.next_due_at)).where(
        Subscription.state == "active", Subscription.platform.in_(platforms)
    )
    return await session.scalar(due if after is None else due.where(Subscription.next_due_at > after))


async def count_due(
    session: AsyncSession, since: datetime | None, until: datetime, platforms: Collection[str] | None = None
) -> int:
    """How many active subscriptions are due by an instant, or between two (the second included); on all platforms unless said."""
    due = select(func.count(Subscription.id)).where(Subscription.state == "active", Subscription.next_due_at <= until)
    if platforms is not None:
        due = due.where(Subscription.platform.in_(platforms))
    return await session.scalar(due.where(Subscription.next_due_at >= since) if since else due) or 0


async def active_after(session: AsyncSession, last_id: int, limit: int) -> list[Subscription]:
    """A page of active subscriptions by number."""
    rows = await session.scalars(
        select(Subscription)
        .where(Subscription.state == "active", Subscription.id > last_id)
        .order_by(Subscription.id)
        .limit(limit)
    )
    return list(rows)


async def pauses(session: AsyncSession, subscription_id: int) -> list[Pause]:
    """Every pause, oldest first."""
    rows = await session.scalars(select(Pause).where(Pause.subscription_id == subscription_id).order_by(Pause.from_day))
    return list(rows)


async def begin_pause(
    session: AsyncSession, subscription_id: int, from_day: date, to_day: date | None, why: str
) -> None:
    """Begin a pause, in place of what was open."""
    await end_pause(session, subscription_id, from_day)
    await session.merge(Pause(subscription_id=subscription_id, from_day=from_day, to_day=to_day, why=why))


async def end_pause(session: AsyncSession, subscription_id: int, to_day: date) -> None:
    """End what is open or would go on after `to_day`; a pause that never acted vanishes."""
    still = and_(Pause.subscription_id == subscription_id, (Pause.to_day.is_(None)) | (Pause.to_day > to_day))
    await session.execute(delete(Pause).where(still, Pause.from_day >= to_day))
    await session.execute(update(Pause).where(still).values(to_day=to_day))


async def excuses(session: AsyncSession, subscription_id: int) -> list[Excuse]:
    """Every day we failed the person, oldest first."""
    rows = await session.scalars(select(Excuse).where(Excuse.subscription_id == subscription_id).order_by(Excuse.day))
    return list(rows)


async def excuse(
    session: AsyncSession,
    subscription_id: int,
    days: Iterable[date],
    why: str,
    *,
    since: datetime | None,
    until: datetime | None,
) -> None:
    """Write down that these days were our failure; the next dose says so."""
    subscription = await session.get(Subscription, subscription_id, with_for_update={"key_share": True})
    for day in days:
        await session.merge(Excuse(subscription_id=subscription_id, day=day, why=why, since=since, until=until))
        if subscription:
            news.add(subscription, {"kind": why, "day": day.isoformat()})


async def keep_silence(session: AsyncSession, subscription_id: int, first: date, end: date, now: datetime) -> None:
    """Write down that we were quiet from the first of these days on, the last one left out; what else is known of a day stands."""
    known = {row.day for row in await excuses(session, subscription_id)}
    days = (first + timedelta(days=ahead) for ahead in range((end - first).days))
    session.add_all(
        Excuse(subscription_id=subscription_id, day=day, why="silent", since=now, until=now)
        for day in days
        if day not in known
    )


async def lock(session: AsyncSession, subscription_id: int) -> Subscription | None:
    """A subscription by its number, locked for this transaction."""
    return await session.get(Subscription, subscription_id, with_for_update={"key_share": True}, populate_existing=True)
