"""The curators' rooms: where cards go, and when the summary comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.store import outbox
from bot.store.priority import Priority
from bot.store.tables import Room


async def every(session: AsyncSession) -> list[Room]:
    """All rooms."""
    return list(await session.scalars(select(Room).order_by(Room.id)))


async def at(session: AsyncSession, address: Address) -> Room | None:
    """The room of a chat, whichever of its threads it is in."""
    return await session.scalar(select(Room).where(Room.platform == address.platform, Room.chat == address.chat))


async def open_at(
    session: AsyncSession,
    address: Address,
    *,
    person_id: int | None,
    language: str,
    zone: str,
    summary_at: time,
    next_at: datetime,
    now: datetime,
) -> Room:
    """Let cards go to a chat, or to another thread of it than before; `person_id` is whose chat it is, None for one of several."""
    room = await at(session, address)
    if room is None:
        room = Room(platform=address.platform, chat=address.chat, since=now)
        session.add(room)
    room.thread, room.language, room.zone = address.thread, language, zone
    room.summary_at, room.next_at, room.person_id = summary_at, next_at, person_id
    await session.flush()
    return room


async def close(session: AsyncSession, address: Address) -> bool:
    """Let nothing go there any more; False if nothing did."""
    gone = await session.execute(
        delete(Room).where(Room.platform == address.platform, Room.chat == address.chat).returning(Room.id)
    )
    return gone.first() is not None


async def lose(session: AsyncSession, address: Address) -> bool:
    """Nobody is at an address any more; False if no room was there. Another thread of the chat may well be."""
    thread = Room.thread.is_(None) if address.thread is None else Room.thread == address.thread
    there = (Room.platform == address.platform, Room.chat == address.chat, thread)
    gone = await session.execute(delete(Room).where(*there).returning(Room.id))
    return gone.first() is not None


async def due(session: AsyncSession, now: datetime) -> Sequence[Room]:
    """The rooms whose summary is due."""
    rows = await session.scalars(select(Room).where(Room.next_at <= now).with_for_update(skip_locked=True))
    return list(rows)


async def next_due(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest summary after an instant."""
    return await session.scalar(select(func.min(Room.next_at)).where(Room.next_at > after))


async def show(session: AsyncSession, suggestion_id: int, now: datetime) -> int:
    """Write a row that brings a card to every room, once each; how many are new."""
    rows = [
        {
            "key": f"card:{suggestion_id}:{room.id}:{now.timestamp():.0f}",
            "kind": "card",
            "platform": room.platform,
            "chat": room.chat,
            "thread": room.thread,
            "person_id": room.person_id,
            "facts": {"suggestion": suggestion_id, "language": room.language},
            "priority": Priority.AFTER_DOSES,
            "not_before": now,
        }
        for room in await every(session)
    ]
    return len(await outbox.put(session, rows))
