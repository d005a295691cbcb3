"""Days without a dose: pauses, which are theirs, and excuses, which are our failure. None of them costs a streak."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import pauses as pausing
from bot.store import news
from bot.store.engine import insert_into
from bot.store.tables import Excuse, Pause, Subscription

EXCUSES = cast(Table, Excuse.__table__)


async def pauses(session: AsyncSession, subscription_id: int) -> list[pausing.Pause]:
    """Every pause, oldest first."""
    columns = (Pause.from_day, Pause.to_day, Pause.why)
    rows = await session.execute(
        select(*columns).where(Pause.subscription_id == subscription_id).order_by(Pause.from_day)
    )
    return [pausing.Pause(*row) for row in rows]


async def begin_pause(session: AsyncSession, subscription_id: int, new: pausing.Pause, today: date) -> None:
    """Add a pause to those there are (`bot/learning/pauses.py` says what becomes of these)."""
    await _keep_pauses(session, subscription_id, pausing.with_asked(await pauses(session, subscription_id), new, today))


async def move_pause(
    session: AsyncSession, subscription_id: int, planned: pausing.Pause, new: pausing.Pause, today: date
) -> None:
    """Give a planned pause other days; what goes on stays as it is."""
    there = await pauses(session, subscription_id)
    await _keep_pauses(session, subscription_id, pausing.with_moved(there, planned, new, today))


async def begin_block(session: AsyncSession, subscription_id: int, day: date) -> None:
    """From a day on nothing gets through to them; what they asked for stays what it is."""
    await _keep_pauses(session, subscription_id, pausing.with_blocked(await pauses(session, subscription_id), day))


async def end_block(session: AsyncSession, subscription_id: int, today: date) -> None:
    """They let us in again; what they asked for goes on."""
    await _keep_pauses(session, subscription_id, pausing.without_blocked(await pauses(session, subscription_id), today))


async def end_pause(session: AsyncSession, subscription_id: int, today: date) -> None:
    """End what goes on; a pause that never acted vanishes, and one that is planned stays."""
    await _keep_pauses(session, subscription_id, pausing.without_current(await pauses(session, subscription_id), today))


async def call_off(session: AsyncSession, subscription_id: int, from_day: date) -> None:
    """A pause that has not begun is none."""
    await session.execute(delete(Pause).where(Pause.subscription_id == subscription_id, Pause.from_day == from_day))


async def call_off_all(session: AsyncSession, subscription_id: int, after: date) -> None:
    """The same for all that would begin after a day."""
    await session.execute(delete(Pause).where(Pause.subscription_id == subscription_id, Pause.from_day > after))


async def _keep_pauses(session: AsyncSession, subscription_id: int, kept: Sequence[pausing.Pause]) -> None:
    """Write down the pauses of a subscription, in place of those there were."""
    await session.execute(delete(Pause).where(Pause.subscription_id == subscription_id))
    if kept:
        await session.execute(insert(Pause), [{"subscription_id": subscription_id} | one._asdict() for one in kept])


async def excuses(session: AsyncSession, subscription_id: int) -> list[Excuse]:
    """Every day we failed the person, oldest first."""
    rows = await session.scalars(select(Excuse).where(Excuse.subscription_id == subscription_id).order_by(Excuse.day))
    return list(rows)


async def days_excused(session: AsyncSession, subscription_ids: Sequence[int], since: date) -> set[tuple[int, date]]:
    """On which (subscription, day) we failed somebody, from a day on."""
    found = select(Excuse.subscription_id, Excuse.day).where(Excuse.subscription_id.in_(subscription_ids))
    return {(number, day) for number, day in await session.execute(found.where(Excuse.day >= since))}


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


class Failed(NamedTuple):
    """A day on which we failed somebody whose row is locked, and the instant it was due."""

    subscription: Subscription
    day: date
    since: datetime | None


async def excuse_all(session: AsyncSession, failed: Sequence[Failed], why: str, *, until: datetime | None) -> None:
    """The same for the days of many: after an outage everybody has some. One statement, and the rows that hold their news."""
    if not failed:
        return
    write = insert_into(session, EXCUSES)
    newer = {name: write.excluded[name] for name in ("why", "since", "until")}
    rows = [
        {"subscription_id": subscription.id, "day": day, "why": why, "since": since, "until": until}
        for subscription, day, since in failed
    ]
    await session.execute(write.on_conflict_do_update(index_elements=["subscription_id", "day"], set_=newer), rows)
    for subscription, day, _ in failed:
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
