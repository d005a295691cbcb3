"""Secrets that give a role: kept as digests, good for so many uses until an instant. Whoever holds one gets what it gives, no more."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Role
from bot.store.tables import Invitation

TRIES = 5
"""Wrong codes that an open owner code survives, whoever enters them."""


async def make(
    session: AsyncSession, secret: str, role: Role, *, uses: int, until: datetime, by: int | None, tries: int = TRIES
) -> Invitation:
    """Let a secret give a role. For owners there is one open code at most: a new one takes the place of those before."""
    if role == Role.OWNER:
        await session.execute(delete(Invitation).where(Invitation.role == Role.OWNER))
    row = Invitation(digest=_digest(secret), role=role, uses_left=uses, tries_left=tries, until=until, made_by=by)
    session.add(row)
    await session.flush()
    return row


async def use(session: AsyncSession, secret: str, role: Role, now: datetime) -> Invitation | None:
    """Use a secret up by one; None if it opens nothing. The conditional update is the referee between two at once.

    A wrong owner code costs a try of the open one: after `TRIES` it opens nothing any more.
    """
    digest = _digest(secret)
    good = (Invitation.role == role, Invitation.uses_left > 0, Invitation.tries_left > 0, Invitation.until > now)
    for row in await session.scalars(select(Invitation).where(*good)):
        if not compare_digest(row.digest, digest):
            continue
        used = await session.execute(
            update(Invitation)
            .where(Invitation.id == row.id, *good)
            .values(uses_left=Invitation.uses_left - 1)
            .returning(Invitation.id)
        )
        return row if used.first() else None
    if role == Role.OWNER:
        await session.execute(update(Invitation).where(*good).values(tries_left=Invitation.tries_left - 1))
    return None


async def open_ones(session: AsyncSession, now: datetime) -> list[Invitation]:
    """The curators' invitations that still open something."""
    found = select(Invitation).where(Invitation.role != Role.OWNER, Invitation.uses_left > 0, Invitation.until > now)
    return list(await session.scalars(found.order_by(Invitation.id)))


async def revoke(session: AsyncSession, number: int | None = None, *, made_by: int | None = None) -> int:
    """Let an invitation, or all that somebody made, open nothing any more; how many."""
    which = Invitation.id == number if number is not None else Invitation.made_by == made_by
    gone = await session.execute(
        delete(Invitation).where(which, Invitation.role != Role.OWNER).returning(Invitation.id)
    )
    return len(list(gone))


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` that open nothing any more: used up, tried in vain too often, or over before an instant; how many there were.

    Who invited whom is in the audit.
    """
    spent = or_(Invitation.uses_left <= 0, Invitation.tries_left <= 0, Invitation.until <= before)
    which = select(Invitation.id).where(spent).limit(limit)
    gone = await session.execute(delete(Invitation).where(Invitation.id.in_(which)).returning(Invitation.id))
    return len(gone.all())


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
