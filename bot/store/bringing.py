"""Links as people and feeds bring them: each address becomes one row for ever, and who brought it a voice of that row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import SuggestionState
from bot.store.tables import Suggestion, Voice


async def find_or_add(
    session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime
) -> tuple[dict[str, Suggestion], set[str]]:
    """The rows of addresses by their keys, locked, and which of them were written just now.

    A row brings `address_key`, `address`, `url` and `facts`; of two with one key the first counts.
    """
    brought: dict[str, dict[str, Any]] = {}
    for row in rows:
        brought.setdefault(row["address_key"], row)
    found = await _locked(session, brought.keys())
    missing = [row for key, row in brought.items() if key not in found]
    fresh = await _add(session, missing, now)
    if missing:
        found |= await _locked(session, {row["address_key"] for row in missing})
    return found, fresh


async def _locked(session: AsyncSession, keys: Collection[str]) -> dict[str, Suggestion]:
    """The rows with these keys."""
    if not keys:
        return {}
    rows = await session.scalars(
        select(Suggestion).where(Suggestion.address_key.in_(keys)).order_by(Suggestion.id).with_for_update()
    )
    return {row.address_key: row for row in rows}


async def _add(session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime) -> set[str]:
    """Write rows that were not there a moment ago, and tell which of them nobody else wrote meanwhile.

    A row that is refused has taken a number all the same, on both engines; so only these are tried, and people see #1, #2, #3.
    """
    if not rows:
        return set()
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    blank = {
        "state": SuggestionState.WAITING,
        "edits": {},
        "fill_at": now,
        "fill_tries": 0,
        "made_at": now,
        "helped": 0,
    }
    written = await session.scalars(
        insert(Suggestion.__table__)  # type: ignore[arg-type]
        .on_conflict_do_nothing(index_elements=["address_key"])
        .returning(Suggestion.address_key),
        [{**row, **blank} for row in rows],
    )
    return set(written)


Brought = tuple[int, int | None, str | None]
"""Who brought a suggestion: its number, and the number of a person or the name of a feed."""


async def add_voices(session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime) -> set[Brought]:
    """Write down who brought what; those that had not before."""
    if not rows:
        return set()
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    written = await session.execute(
        insert(Voice.__table__).on_conflict_do_nothing().returning(Voice.suggestion_id, Voice.person_id, Voice.feed),  # type: ignore[arg-type]
        [{**row, "at": now} for row in rows],
    )
    return {(number, person_id, feed) for number, person_id, feed in written}
