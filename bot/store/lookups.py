"""What people look up in lists with pages: the words are kept for a while, the pages' buttons name their number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Lookup

KEPT = 20
"""How many a person has; the pages of older ones are no longer turned."""


async def keep(session: AsyncSession, person_id: int, kind: str, words: str, now: datetime) -> Lookup:
    """Write down what is looked up; the same words once more are the same row. The oldest give way."""
    known = list(
        await session.scalars(select(Lookup).where(Lookup.person_id == person_id).order_by(Lookup.at, Lookup.id))
    )
    same = next((row for row in known if (row.kind, row.words) == (kind, words)), None)
    if same is not None:
        same.at = now
        return same
    gone = [row.id for row in known[: len(known) - KEPT + 1]] if len(known) >= KEPT else []
    if gone:
        await session.execute(delete(Lookup).where(Lookup.id.in_(gone)).execution_options(synchronize_session=False))
    row = Lookup(person_id=person_id, kind=kind, words=words, at=now)
    session.add(row)
    await session.flush()
    return row


async def find(session: AsyncSession, lookup_id: int, person_id: int, kind: str) -> Lookup | None:
    """What a button's number stands for, if it is theirs."""
    return await session.scalar(
        select(Lookup).where(Lookup.id == lookup_id, Lookup.person_id == person_id, Lookup.kind == kind)
    )
