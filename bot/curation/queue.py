"""The order of the queue: oldest first, and trust moves a card up.

Trust is approvals without a recent rejection. It is a head start of so many days and nothing else: no link passes a curator by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import queue
from bot.store.queue import InQueue, Record

DAY = timedelta(days=1)
RECENT = timedelta(days=30)
"""For how long a rejection takes the head start away."""
LONGEST_START = 7
"""Days of head start at most; one for each approval."""


def head_start(record: Record | None, now: datetime) -> timedelta:
    """How much older a link counts for who brought it."""
    if record is None or (record.rejected_at and now - record.rejected_at < RECENT):
        return timedelta()
    return min(record.approved, LONGEST_START) * DAY


def in_line(
    waiting: Iterable[InQueue],
    people: Mapping[int, Record],
    feeds: Mapping[str, Record],
    now: datetime,
) -> list[InQueue]:
    """The queue in its order. Of several voices the one trusted most counts; what was put off counts from then, without a start."""

    def place(one: InQueue) -> tuple[datetime, int]:
        if one.later_at:
            return one.later_at, one.id
        records = [*(people.get(who) for who in one.people), *(feeds.get(feed) for feed in one.feeds)]
        return one.made_at - max((head_start(record, now) for record in records), default=timedelta()), one.id

    return sorted(waiting, key=place)


def narrowed(line: Sequence[InQueue], *, source: str = "", topic: str = "") -> list[InQueue]:
    """What of the queue comes from people or from feeds only (`people`, `feeds`, or one feed's id), and is of a topic (`none`: of none)."""
    return [one for one in line if _is_from(one, source) and (not topic or (one.topic or "none") == topic)]


def _is_from(one: InQueue, source: str) -> bool:
    if source == "people":
        return bool(one.people) or not one.feeds  # a link whose author left was a person's
    if source == "feeds":
        return bool(one.feeds)
    return not source or source in one.feeds


async def the_line(session: AsyncSession, now: datetime) -> list[InQueue]:
    """The queue as it stands."""
    people, feeds = await queue.records(session)
    return in_line(await queue.waiting(session), people, feeds, now)


async def place_of(session: AsyncSession, suggestion_id: int, now: datetime) -> int:
    """Where a suggestion stands in the queue, the first being 1; 0 if it does not wait."""
    numbers = [one.id for one in await the_line(session, now)]
    return numbers.index(suggestion_id) + 1 if suggestion_id in numbers else 0
