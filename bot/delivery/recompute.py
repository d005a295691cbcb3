"""Computes due instants again when the zone data changed: a government moved its clocks, and tomorrow's 08:00 is another instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache

import structlog

from bot.learning.schedule import Due
from bot.store import remembered, subscriptions
from bot.store.database import Database
from bot.store.subscriptions import Wishes

NAME = "zone-data"
PAGE = 20_000
"""How many numbers one transaction looks at; PostgreSQL takes 32,767 values in a statement."""

Wrong = dict[tuple[Due, Due | None], list[int]]
"""People by what was found to be due and what is due."""

log = structlog.get_logger("delivery")


async def recompute_due(database: Database, version: str, now: datetime) -> int:
    """Bring every future `next_due_at` to the zone data of this `version`; how many changed. Nothing is done twice.

    A start waits for it. So of each row only what it takes is read, and what is due is looked up once for all who chose the same.
    """
    async with database.read() as session:
        if await remembered.recall(session, NAME) == version:
            return 0
        last = await subscriptions.last_number(session)

    @cache
    def next_due(wishes: Wishes, day: date) -> Due | None:
        return subscriptions.history_of(wishes).next_due(now, day)

    changed = 0
    for first in range(1, last + 1, PAGE):
        async with database.write() as session:
            waiting = await subscriptions.waiting_among(session, range(first, first + PAGE), now)
            for (found, due), numbers in _wrong(waiting, next_due).items():
                await subscriptions.correct_due(session, numbers, found, due)
                changed += len(numbers)
    async with database.write() as session:
        await remembered.remember(session, NAME, version)
    return changed


def _wrong(
    waiting: Iterable[tuple[int, date, datetime, Wishes]], next_due: Callable[[Wishes, date], Due | None]
) -> Wrong:
    """Whose dose is due at another instant now; those for whom nothing makes sense any more are left alone."""
    wrong: Wrong = defaultdict(list)
    for number, day, at, wishes in waiting:
        try:
            due = next_due(wishes, day)
        except ValueError as error:  # such as a zone nobody knows
            log.error("schedule.makes_no_sense", subscription=number, reason=str(error))
            continue
        if due is None or due.at != at:
            wrong[Due(day, at), due].append(number)
    return wrong
