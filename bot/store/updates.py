"""Updates that took effect, and answers that wait to be on a screen.

The key is written in the transaction of the effects, so an update that is served again finds it and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Update


async def find(session: AsyncSession, key: str) -> Update | None:
    """The update, if it took effect before."""
    return await session.scalar(select(Update).where(Update.key == key))


def add(session: AsyncSession, key: str, *, person_id: int | None, at: datetime, answer: str) -> None:
    """Write down that an update takes effect now, and what it is answered."""
    session.add(Update(key=key, person_id=person_id, at=at, answer=answer))


async def newest(session: AsyncSession) -> datetime | None:
    """When the last of them took effect."""
    return await session.scalar(select(func.max(Update.at)))


@dataclass(frozen=True, slots=True)
class Rendered:
    """An update whose answer has just come to the screen."""

    person_id: int | None
    answer: str


async def rendered(session: AsyncSession, key: str) -> Rendered | None:
    """The answer is on the screen; only the key stays. Gives what was kept until now."""
    row = await session.execute(select(Update.person_id, Update.answer).where(Update.key == key))
    found = row.first()
    await session.execute(update(Update).where(Update.key == key).values(answer=None))
    return Rendered(found[0], found[1]) if found and found[1] else None


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` updates that no platform serves again; how many there were."""
    old = select(Update.key).where(Update.at < before).limit(limit)
    gone = await session.execute(delete(Update).where(Update.key.in_(old)).returning(Update.key))
    return len(gone.all())
