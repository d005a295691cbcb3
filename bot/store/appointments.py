"""What a person is due besides the dose: snoozes, nudges and digests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.engine import insert_into
from bot.store.tables import Appointment


async def make(session: AsyncSession, person_id: int, kind: str, about: str, due_at: datetime) -> None:
    """Make an appointment, or move the one of this kind and subject; of two at once the later one stands."""
    said = {"person_id": person_id, "kind": kind, "about": about}
    made = insert_into(session, Appointment).values(said | {"due_at": due_at})
    await session.execute(made.on_conflict_do_update(index_elements=list(said), set_={"due_at": due_at}))


async def take_due(session: AsyncSession, now: datetime, limit: int) -> list[Appointment]:
    """Take the appointments whose time has come out of the book."""
    rows = list(
        await session.scalars(
            select(Appointment)
            .where(Appointment.due_at <= now)
            .order_by(Appointment.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    await session.execute(delete(Appointment).where(Appointment.id.in_([row.id for row in rows])))
    return rows


async def cancel(session: AsyncSession, person_id: int, kind: str, about: str | None = None) -> None:
    """Strike a person's appointments of a kind, all of them or one subject's."""
    found = delete(Appointment).where(Appointment.person_id == person_id, Appointment.kind == kind)
    await session.execute(found if about is None else found.where(Appointment.about == about))


async def next_due(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest appointment after an instant."""
    return await session.scalar(select(func.min(Appointment.due_at)).where(Appointment.due_at > after))
