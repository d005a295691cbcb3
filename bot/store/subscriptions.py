"""Subscriptions: who is due when, by which timetable. Days without a dose are in `days_off.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Date, Integer, Table, bindparam, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import pauses as pausing
from bot.learning.schedule import Due, Schedules
from bot.learning.timetable import Timetable
from bot.states import SubscriptionState
from bot.store.soundness import are_days, is_zone
from bot.store.tables import Pause, Schedule, Subscription

SUBSCRIPTIONS = cast(Table, Subscription.__table__)
_DUE = (
    select(Subscription)
    .where(
        Subscription.state == SubscriptionState.ACTIVE,
        Subscription.next_due_at <= bindparam("instant"),
        Subscription.platform.in_(bindparam("platforms", expanding=True)),
        Subscription.id.not_in(bindparam("but", expanding=True)),
    )
    .order_by(Subscription.next_due_at, Subscription.lot)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True, key_share=True)
)
_MOVE_ON = (
    update(SUBSCRIPTIONS)
    .where(SUBSCRIPTIONS.c.id == bindparam("number"))
    .values(next_day=bindparam("day"), next_due_at=bindparam("at"), lot=bindparam("new_lot"))
)
_WISHES = (
    select(Schedule.subscription_id, Schedule.from_day, Schedule.zone, Schedule.hour, Schedule.turn, Schedule.days)
    .where(Schedule.subscription_id.in_(bindparam("subscriptions", expanding=True)))
    .order_by(Schedule.subscription_id, Schedule.from_day)
)
_PAUSES = (
    select(Pause.subscription_id, Pause.from_day, Pause.to_day, Pause.why)
    .where(Pause.subscription_id.in_(bindparam("subscriptions", expanding=True)), Pause.to_day.is_not(None))
    .order_by(Pause.subscription_id, Pause.from_day)
)


def timetable_of(row: Subscription | Schedule) -> Timetable:
    """The row's hour, turn, zone and days as a value the rules understand."""
    return _timetable(row.zone, row.hour, row.turn, row.days)


@lru_cache(maxsize=4096)
def _timetable(zone: str, hour: time, turn: time, days: str) -> Timetable:
    """The same value for the many who chose the same. A zone nobody knows raises ValueError each time."""
    return Timetable(zone=zone, hour=hour, turn=turn, days=frozenset(map(int, days)))


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
    """The histories of many subscriptions in two queries, by subscription. A pause without an end is told by their state."""
    wishes: dict[int, list[tuple[date, Timetable]]] = defaultdict(list)
    paused: dict[int, list[pausing.Pause]] = defaultdict(list)
    of_these = {"subscriptions": [subscription.id for subscription in subscriptions]}
    for number, from_day, *wish in await session.execute(_WISHES, of_these):
        wishes[number].append((from_day, _timetable(*wish)))
    for number, from_day, to_day, why in await session.execute(_PAUSES, of_these):
        paused[number].append(pausing.Pause(from_day, to_day, why))
    return {
        one.id: Schedules(tuple(wishes[one.id]) or ((date.min, timetable_of(one)),), tuple(paused[one.id]))
        for one in subscriptions
    }


async def make_sense(
    session: AsyncSession, subscription: Subscription, *, zone: str | None = None, days: str | None = None
) -> None:
    """Where a zone or days, of now or of before, mean nothing any more, put these in their place; what means something stays."""
    before = await session.scalars(select(Schedule).where(Schedule.subscription_id == subscription.id))
    for row in (subscription, *before):
        if zone and not is_zone(row.zone):
            row.zone = zone
        if days and not are_days(row.days):
            row.days = days
    await session.flush()


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


async def set_due_all(session: AsyncSession, dues: Mapping[int, Due | None]) -> None:
    """Write down when the next dose of each of many is due; None silences a subscription. One statement, past the unit of work."""
    if dues:
        await session.execute(_MOVE_ON, [_moved_on(number, due) for number, due in dues.items()])


async def correct_due(session: AsyncSession, numbers: Sequence[int], found: Due, due: Due | None) -> None:
    """Write down for people, in place of what was found there, what is due; who moved on meanwhile stays.

    Their lots follow from the day, so where that stays it is one statement for all of them.
    """
    was_found = SUBSCRIPTIONS.c.next_due_at == bindparam("found")
    if due and due.day == found.day:
        at_once = update(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id.in_(bindparam("numbers", expanding=True)), was_found)
        given = {"numbers": list(numbers), "found": found.at, "at": due.at}
        await session.execute(at_once.values(next_due_at=bindparam("at")), given)
    else:
        rows = [_moved_on(number, due) | {"found": found.at} for number in numbers]
        await session.execute(_MOVE_ON.where(was_found), rows)


def _moved_on(number: int, due: Due | None) -> dict[str, Any]:
    if due is None:
        return {"number": number, "day": None, "at": None, "new_lot": 0}
    return {"number": number, "day": due.day, "at": due.at, "new_lot": lot_of(number, due.day)}


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
    wanted = {"platforms": list(platforms), "instant": instant, "limit": limit, "but": list(but)}
    return list(await session.scalars(_DUE, wanted))


async def first_due(
    session: AsyncSession, platforms: Collection[str], after: datetime | None = None
) -> datetime | None:
    """The earliest instant at which any subscription on these platforms is due, or the earliest after another.

    Asked of each platform by itself: of one the index knows who is first, of several it would be looked through.
    """
    due = select(func.min(Subscription.next_due_at)).where(Subscription.state == SubscriptionState.ACTIVE)
    due = due if after is None else due.where(Subscription.next_due_at > after)
    firsts = [await session.scalar(due.where(Subscription.platform == platform)) for platform in platforms]
    return min((first for first in firsts if first), default=None)


async def count_due(session: AsyncSession, since: datetime | None, until: datetime, platforms: Collection[str]) -> int:
    """How many active subscriptions on these platforms are due by an instant, or between two, both included."""
    due = select(func.count(Subscription.id)).where(
        Subscription.state == SubscriptionState.ACTIVE,
        Subscription.platform.in_(platforms),
        Subscription.next_due_at <= until,
    )
    return await session.scalar(due.where(Subscription.next_due_at >= since) if since else due) or 0


Wishes = tuple[tuple[date, str, time, time, str], ...]
"""From which day on somebody wanted what: zone, hour, turn, days; oldest first. The same value for all who chose the same."""


def history_of(wishes: Wishes) -> Schedules:
    """The wishes as the rules understand them. Raises ValueError where they make no sense."""
    return Schedules(tuple((from_day, _timetable(*wish)) for from_day, *wish in wishes))


async def waiting_among(
    session: AsyncSession, numbers: range, after: datetime
) -> list[tuple[int, date, datetime, Wishes]]:
    """Which active subscriptions of these numbers have something due after an instant: each with that day and instant, and its wishes."""
    rows = await session.execute(
        select(
            Subscription.id,
            Subscription.next_day,
            Subscription.next_due_at,
            func.coalesce(Schedule.from_day, literal(date.min, Date)),
            func.coalesce(Schedule.zone, Subscription.zone),
            func.coalesce(Schedule.hour, Subscription.hour),
            func.coalesce(Schedule.turn, Subscription.turn),
            func.coalesce(Schedule.days, Subscription.days),
        )
        .outerjoin(Schedule, Schedule.subscription_id == Subscription.id)
        .where(
            Subscription.id.between(numbers.start, numbers.stop - 1),
            Subscription.state == SubscriptionState.ACTIVE,
            Subscription.next_day.is_not(None),
            Subscription.next_due_at > after,
        )
        .order_by(Subscription.id, Schedule.from_day)
    )
    return [(*whose, tuple(row[3:] for row in theirs)) for whose, theirs in groupby(rows, key=itemgetter(0, 1, 2))]


async def active_among(session: AsyncSession, numbers: range) -> list[Subscription]:
    """The active subscriptions of these numbers to which we are not silent, locked for this transaction."""
    among = Subscription.id.between(numbers.start, numbers.stop - 1)
    found = select(Subscription).where(
        among, Subscription.state == SubscriptionState.ACTIVE, Subscription.silent_since.is_(None)
    )
    return list(await session.scalars(found.order_by(Subscription.id).with_for_update(key_share=True)))


async def dry_after(session: AsyncSession, number: int, limit: int) -> list[Subscription]:
    """Active subscriptions with a higher number for which nothing is due, though we are not silent, locked for this transaction."""
    found = select(Subscription).where(
        Subscription.id > number,
        Subscription.state == SubscriptionState.ACTIVE,
        Subscription.silent_since.is_(None),
        Subscription.next_due_at.is_(None),
    )
    rows = found.order_by(Subscription.id).limit(limit).with_for_update(skip_locked=True, key_share=True)
    return list(await session.scalars(rows))


async def last_number(session: AsyncSession) -> int:
    """The highest number of any subscription."""
    return await session.scalar(select(func.max(Subscription.id))) or 0


async def find(session: AsyncSession, subscription_id: int) -> Subscription:
    """One that is known to exist, to look at."""
    return await session.get_one(Subscription, subscription_id)


async def lock(session: AsyncSession, subscription_id: int) -> Subscription | None:
    """A subscription by its number, locked for this transaction."""
    return await session.get(Subscription, subscription_id, with_for_update={"key_share": True}, populate_existing=True)
