"""Suggestions: what waits for a curator, and who brought it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Suggestion, Voice

OPEN = "waiting"


async def find_or_add(
    session: AsyncSession, key: str, *, address: str, url: str, facts: dict[str, Any], now: datetime
) -> tuple[Suggestion, bool]:
    """The row of an address, locked, and whether it was written just now."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    written = await session.execute(
        insert(Suggestion)
        .values(
            address_key=key,
            address=address,
            url=url,
            state=OPEN,
            facts=facts,
            edits={},
            fill_at=now,
            fill_tries=0,
            made_at=now,
            helped=0,
        )
        .on_conflict_do_nothing(index_elements=["address_key"])
        .returning(Suggestion.id)
    )
    is_new = written.first() is not None
    row = await session.scalar(select(Suggestion).where(Suggestion.address_key == key).with_for_update())
    assert row is not None, "a row of that key was there or was written"
    return row, is_new


async def add_voice(
    session: AsyncSession,
    suggestion_id: int,
    *,
    person_id: int | None = None,
    feed: str | None = None,
    name: str,
    url: str,
    why: str,
    now: datetime,
) -> bool:
    """Write down who brought it; False if they had before."""
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    written = await session.execute(
        insert(Voice)
        .values(suggestion_id=suggestion_id, person_id=person_id, feed=feed, name=name, url=url, why=why, at=now)
        .on_conflict_do_nothing()
        .returning(Voice.id)
    )
    return written.first() is not None


def reopen(row: Suggestion, now: datetime) -> None:
    """Let it wait again, as if it came now."""
    row.state, row.made_at, row.later_at, row.raised_at = OPEN, now, None, None
    row.decided_at = row.decided_by = row.reason = row.words = row.resource_id = None
    row.fill_at, row.fill_tries = now, 0
