"""What may go, in which order, and what is late with it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.states import OutboxState
from bot.store.outbox.rows import WAITING
from bot.store.tables import Outgoing

LATEST = timedelta(days=2)
"""No dose goes so long after it was due: its day is over by then."""


class Ticket(NamedTuple):
    """A row that may be sent, and where it goes.

    Tickets sort by urgency (smaller is sooner), then by the instant they are due at, then by lot: nobody is always last. No two are of
    one row, so what comes after its number decides nothing.
    """

    priority: int
    due: datetime
    lot: bytes
    row_id: int
    address: Address
    expires_at: datetime | None
    in_doubt: bool

    @classmethod
    def of(
        cls,
        row_id: int,
        key: str,
        priority: int,
        due: datetime,
        address: Address,
        expires_at: datetime | None = None,
        in_doubt: bool = False,
    ) -> Ticket:
        """The ticket of a row; its lot is a hash of the key, so that it differs from person to person and from day to day."""
        lot = blake2b(key.encode(), digest_size=8).digest()
        return cls(priority, due, lot, row_id, address, expires_at, in_doubt)


async def waiting(session: AsyncSession, platforms: Collection[str], now: datetime, limit: int) -> list[Ticket]:
    """What may go now and nobody holds, the most urgent first."""
    urgency = (Outgoing.id, Outgoing.key, Outgoing.priority, Outgoing.not_before)
    address = (Outgoing.platform, Outgoing.chat, Outgoing.thread)
    rows = await session.execute(
        select(*urgency, *address, Outgoing.expires_at, Outgoing.doubts)
        .where(
            Outgoing.platform.in_(platforms),
            Outgoing.state.in_(WAITING),
            Outgoing.not_before <= now,
            or_(Outgoing.lease_until.is_(None), Outgoing.lease_until <= now),
        )
        .order_by(Outgoing.priority, Outgoing.not_before, Outgoing.id)
        .limit(limit)
    )
    return [Ticket.of(*row[:4], Address(*row[4:7]), row.expires_at, in_doubt=row.doubts > 0) for row in rows]


async def next_waiting(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest instant after another at which a waiting row may go."""
    return await session.scalar(
        select(func.min(Outgoing.not_before)).where(Outgoing.state.in_(WAITING), Outgoing.not_before > after)
    )


async def queue(session: AsyncSession, now: datetime, platforms: Collection[str]) -> tuple[int, datetime | None]:
    """How many rows on these platforms should have gone by now and did not, and since when the oldest of them waits."""
    waits = (Outgoing.state.in_(WAITING), Outgoing.not_before <= now, Outgoing.platform.in_(platforms))
    found = await session.execute(select(func.count(Outgoing.id), func.min(Outgoing.not_before)).where(*waits))
    count, oldest = found.one()
    return count, oldest


async def doses_go(session: AsyncSession, since: datetime) -> bool:
    """Whether any dose went out since an instant."""
    newest = select(Outgoing.id).where(*_doses_sent(since)).order_by(Outgoing.not_before.desc()).limit(1)
    return await session.scalar(newest) is not None


async def count_doses(session: AsyncSession, since: datetime) -> int:
    """How many doses went out since an instant."""
    return await session.scalar(select(func.count(Outgoing.id)).where(*_doses_sent(since))) or 0


def _doses_sent(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """By when they were due, of which there is an index: one by when they went would cost each of them something."""
    due = (Outgoing.state == OutboxState.SENT, Outgoing.not_before >= since - LATEST)
    return (*due, Outgoing.kind == "dose", Outgoing.sent_at >= since)


async def leases(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many rows are on their way, and when the lease of the oldest of them ends."""
    on_their_way = select(func.count(Outgoing.id), func.min(Outgoing.lease_until)).where(
        Outgoing.state == OutboxState.SENDING
    )
    count, ends = (await session.execute(on_their_way)).one()
    return count, ends
