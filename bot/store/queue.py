"""The curators' queue: what waits, how those who brought it did so far, and how old it grows. Its order is in `bot/curation/queue.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import SuggestionState
from bot.store.tables import Suggestion, Voice

MOST_WAITING = 5_000
"""How many rows of the queue are put in order; nobody sees the end of a longer one."""


@dataclass(frozen=True, slots=True)
class InQueue:
    """One row of the queue, with what decides its place."""

    id: int
    made_at: datetime
    later_at: datetime | None
    topic: str | None
    people: frozenset[int]
    feeds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Record:
    """How a source did so far: how many of its links were approved, and when one was last rejected."""

    approved: int
    rejected_at: datetime | None


async def waiting(session: AsyncSession) -> list[InQueue]:
    """What waits, with its sources, in the order it came."""
    rows = await session.execute(
        select(Suggestion.id, Suggestion.made_at, Suggestion.later_at, Suggestion.facts, Suggestion.edits)
        .where(Suggestion.state == SuggestionState.WAITING)
        .order_by(Suggestion.made_at, Suggestion.id)
        .limit(MOST_WAITING)
    )
    people, feeds = await _voices_of_waiting(session)
    return [
        InQueue(
            number,
            made_at,
            later_at,
            {**facts, **edits}.get("topic"),
            frozenset(people.get(number, ())),
            frozenset(feeds.get(number, ())),
        )
        for number, made_at, later_at, facts, edits in rows
    ]


async def _voices_of_waiting(session: AsyncSession) -> tuple[dict[int, set[int]], dict[int, set[str]]]:
    """Which people, and which feeds, brought each of what waits."""
    people: dict[int, set[int]] = {}
    feeds: dict[int, set[str]] = {}
    voices = await session.execute(
        select(Voice.suggestion_id, Voice.person_id, Voice.feed)
        .join(Suggestion)
        .where(Suggestion.state == SuggestionState.WAITING)
    )
    for suggestion_id, person_id, feed in voices:
        if person_id is not None:
            people.setdefault(suggestion_id, set()).add(person_id)
        if feed is not None:
            feeds.setdefault(suggestion_id, set()).add(feed)
    return people, feeds


async def records(session: AsyncSession) -> tuple[dict[int, Record], dict[str, Record]]:
    """How every person and every feed did so far."""
    return await _records(session, Voice.person_id), await _records(session, Voice.feed)


async def _records(session: AsyncSession, source: Any) -> dict[Any, Record]:
    approved = func.count().filter(Suggestion.state == SuggestionState.APPROVED)
    rejected = func.max(Suggestion.decided_at).filter(Suggestion.state == SuggestionState.REJECTED)
    rows = await session.execute(
        select(source, approved, rejected)
        .join(Suggestion)
        .where(source.is_not(None), Suggestion.decided_at.is_not(None))
        .group_by(source)
    )
    return {who: Record(count, at) for who, count, at in rows}


async def ages(session: AsyncSession) -> tuple[datetime | None, datetime | None]:
    """Since when the oldest of what waits does so without having been raised, and the first of those raised since then."""
    since = func.coalesce(Suggestion.later_at, Suggestion.made_at)
    oldest = func.min(since).filter(Suggestion.raised_at.is_(None))
    row = await session.execute(
        select(oldest, func.min(Suggestion.raised_at)).where(Suggestion.state == SuggestionState.WAITING)
    )
    first, raised = row.one()
    return first, raised


async def raise_old(session: AsyncSession, since: datetime, now: datetime) -> list[Suggestion]:
    """Note that the age of what waits since an instant is brought up now, once."""
    waits_since = func.coalesce(Suggestion.later_at, Suggestion.made_at)
    found = await session.scalars(
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.WAITING, Suggestion.raised_at.is_(None), waits_since <= since)
        .order_by(Suggestion.id)
        .with_for_update(skip_locked=True)
    )
    rows = list(found)
    for row in rows:
        row.raised_at = now
    return rows


async def raised_before(session: AsyncSession, instant: datetime) -> list[Suggestion]:
    """What waits and was raised by an instant."""
    found = select(Suggestion).where(Suggestion.state == SuggestionState.WAITING, Suggestion.raised_at <= instant)
    return list(await session.scalars(found.order_by(Suggestion.id)))
