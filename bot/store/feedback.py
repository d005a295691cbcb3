"""What people pressed about resources: rows with a date, never changed. Taste follows from them (`bot/learning/taste.py`)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.taste import KINDS, RATINGS
from bot.store.tables import Feedback


def add(
    session: AsyncSession,
    *,
    person_id: int,
    resource_id: str,
    kind: str,
    at: datetime,
    day: date,
    dose_id: int | None = None,
) -> None:
    """Write down a press. Raises ValueError for a kind that nothing follows from."""
    if kind not in KINDS:
        raise ValueError(f"nobody can press {kind!r}; it is one of {KINDS}")
    session.add(Feedback(person_id=person_id, resource_id=resource_id, kind=kind, at=at, day=day, dose_id=dose_id))


async def of_person(session: AsyncSession, person_id: int, since: datetime | None = None) -> list[Feedback]:
    """Everything a person pressed, oldest first; with `since` from that instant on."""
    found = select(Feedback).where(Feedback.person_id == person_id)
    if since is not None:
        found = found.where(Feedback.at >= since)
    return list(await session.scalars(found.order_by(Feedback.at, Feedback.id)))


async def rating_of(session: AsyncSession, person_id: int, resource_id: str) -> str | None:
    """How somebody last rated a resource, if they ever did."""
    return await session.scalar(
        select(Feedback.kind)
        .where(Feedback.person_id == person_id, Feedback.resource_id == resource_id, Feedback.kind.in_(RATINGS))
        .order_by(Feedback.at.desc(), Feedback.id.desc())
        .limit(1)
    )


async def take_back(session: AsyncSession, person_id: int, resource_id: str, kind: str, dose_id: int) -> None:
    """A press by mistake never was."""
    await session.execute(
        delete(Feedback).where(
            Feedback.person_id == person_id,
            Feedback.resource_id == resource_id,
            Feedback.kind == kind,
            Feedback.dose_id == dose_id,
        )
    )
