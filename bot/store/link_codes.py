"""Codes that link two accounts of one person: kept as digests, good once and for ten minutes; wrong ones are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import LinkCode, WrongCode

LASTS = timedelta(minutes=10)
TRIES, TRIES_WITHIN = 5, timedelta(hours=1)
"""How many wrong codes one person may enter in which time."""
USED = "linked:"
"""With what the keys of the notices begin that a code was used."""


async def make(session: AsyncSession, secret: str, person_id: int, platform: str, now: datetime) -> None:
    """Let a secret link somebody; it takes the place of the one they had."""
    await drop_open(session, person_id)
    session.add(LinkCode(digest=_digest(secret), person_id=person_id, platform=platform, until=now + LASTS))
    await session.flush()


async def find(session: AsyncSession, secret: str) -> LinkCode | None:
    """The code of a secret, also one that is over."""
    return await session.scalar(select(LinkCode).where(LinkCode.digest == _digest(secret)))


async def get(session: AsyncSession, number: int, person_id: int) -> LinkCode | None:
    """A code by its number, if that person was asked about it; as it stands now, whatever was read before."""
    found = select(LinkCode).where(LinkCode.id == number, LinkCode.shown_to == person_id)
    return await session.scalar(found.execution_options(populate_existing=True))


async def use(session: AsyncSession, number: int, person_id: int, now: datetime) -> bool:
    """Use a code up by whoever was asked about it; False if it is over. The conditional update is the referee between two at once."""
    used = await session.execute(
        update(LinkCode)
        .where(LinkCode.id == number, LinkCode.shown_to == person_id, LinkCode.used_at.is_(None), LinkCode.until > now)
        .values(used_at=now)
        .returning(LinkCode.id)
        .execution_options(synchronize_session=False)
    )
    return used.first() is not None


async def drop_open(session: AsyncSession, person_id: int) -> None:
    """Somebody's codes that were not used open nothing any more."""
    await session.execute(delete(LinkCode).where(LinkCode.person_id == person_id, LinkCode.used_at.is_(None)))


async def note_wrong(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Somebody entered a code that is none."""
    session.add(WrongCode(person_id=person_id, at=now))
    await session.flush()


async def may_try(session: AsyncSession, person_id: int, now: datetime) -> bool:
    """Whether somebody may enter another code; wrong ones of long ago are forgotten."""
    since = now - TRIES_WITHIN
    await session.execute(delete(WrongCode).where(WrongCode.person_id == person_id, WrongCode.at <= since))
    wrong = await session.scalar(select(func.count()).select_from(WrongCode).where(WrongCode.person_id == person_id))
    return (wrong or 0) < TRIES


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` codes that were over at an instant, and as many wrong ones; how many there were."""
    over = select(LinkCode.id).where(LinkCode.until < before).limit(limit)
    codes = await session.execute(delete(LinkCode).where(LinkCode.id.in_(over)).returning(LinkCode.id))
    old = select(WrongCode.id).where(WrongCode.at < before).limit(limit)
    wrong = await session.execute(delete(WrongCode).where(WrongCode.id.in_(old)).returning(WrongCode.id))
    return max(len(codes.all()), len(wrong.all()))


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
