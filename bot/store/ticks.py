"""Steps of checklists that people ticked off."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.engine import insert_into
from bot.store.tables import Tick


async def tick(session: AsyncSession, person_id: int, checklist: str, step: str, at: datetime) -> bool:
    """Tick a step off; False if it was."""
    written = await session.execute(
        insert_into(session, Tick)
        .values(person_id=person_id, checklist=checklist, step=step, at=at)
        .on_conflict_do_nothing()
        .returning(Tick.step)
    )
    return written.first() is not None


async def untick(session: AsyncSession, person_id: int, checklist: str, step: str) -> None:
    """Take a tick away again."""
    await session.execute(
        delete(Tick).where(Tick.person_id == person_id, Tick.checklist == checklist, Tick.step == step)
    )


async def of_person(session: AsyncSession, person_id: int) -> frozenset[tuple[str, str]]:
    """What a person ticked off, as (checklist, step)."""
    found = await session.execute(select(Tick.checklist, Tick.step).where(Tick.person_id == person_id))
    return frozenset((checklist, step) for checklist, step in found)


async def of_many(session: AsyncSession, people: Collection[int]) -> set[tuple[int, str, str]]:
    """What several people ticked off, as (person, checklist, step); in one query, and none if nobody is asked for."""
    if not people:
        return set()
    found = await session.execute(select(Tick.person_id, Tick.checklist, Tick.step).where(Tick.person_id.in_(people)))
    return {(person, checklist, step) for person, checklist, step in found}
