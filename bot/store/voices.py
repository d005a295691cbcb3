"""Voices: who brought each suggestion, a person or a feed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import SuggestionState
from bot.store.engine import insert_into
from bot.store.tables import Suggestion, Voice

Brought = tuple[int, int | None, str | None]
"""Who brought a suggestion: its number, and the number of a person or the name of a feed."""


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime) -> set[Brought]:
    """Write down who brought what; those that had not before."""
    if not rows:
        return set()
    written = await session.execute(
        insert_into(session, Voice.__table__)
        .on_conflict_do_nothing()
        .returning(Voice.suggestion_id, Voice.person_id, Voice.feed),
        [{**row, "at": now} for row in rows],
    )
    return {(number, person_id, feed) for number, person_id, feed in written}


async def of_person(session: AsyncSession, person_id: int, limit: int) -> list[Suggestion]:
    """What a person brought, the newest first."""
    found = await session.scalars(
        select(Suggestion)
        .join(Voice)
        .where(Voice.person_id == person_id)
        .order_by(Voice.at.desc(), Voice.id.desc())
        .limit(limit)
    )
    return list(found)


async def people_of(session: AsyncSession, suggestion_id: int) -> list[int]:
    """The people who brought it."""
    found = select(Voice.person_id).where(Voice.suggestion_id == suggestion_id, Voice.person_id.is_not(None))
    return [person_id for person_id in await session.scalars(found.order_by(Voice.id)) if person_id is not None]


async def _is_voice(session: AsyncSession, suggestion_id: int, person_id: int) -> bool:
    """Did that person bring it?"""
    found = select(Voice.id).where(Voice.suggestion_id == suggestion_id, Voice.person_id == person_id)
    return await session.scalar(found) is not None


async def open_since(session: AsyncSession, person_id: int, since: datetime) -> int:
    """How many of the links a person brought since an instant still wait."""
    found = (
        select(func.count())
        .select_from(Voice)
        .join(Suggestion)
        .where(Voice.person_id == person_id, Voice.at > since, Suggestion.state == SuggestionState.WAITING)
    )
    return await session.scalar(found) or 0


async def withdraw(session: AsyncSession, suggestion_id: int, person_id: int, now: datetime) -> bool:
    """Take a person's voice from what waits; without any voice left it leaves the queue. False if it was not theirs or is decided."""
    row = await session.get(Suggestion, suggestion_id, with_for_update=True)
    if row is None or not row.is_waiting or not await _is_voice(session, suggestion_id, person_id):
        return False
    await session.execute(delete(Voice).where(Voice.suggestion_id == row.id, Voice.person_id == person_id))
    if await session.scalar(select(func.count()).select_from(Voice).where(Voice.suggestion_id == row.id)) == 0:
        row.state, row.decided_at, row.fill_at = SuggestionState.WITHDRAWN, now, None
    return True
