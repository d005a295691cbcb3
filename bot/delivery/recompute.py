"""Computes due instants again when the zone data changed: a government moved its clocks, and tomorrow's 08:00 is another instant."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import structlog

from bot.learning.schedule import Due
from bot.store import remembered, subscriptions
from bot.store.database import Database
from bot.store.subscriptions import Wishes

NAME = "zone-data"
PAGE = 5000
"""How many numbers one transaction looks at."""

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
            wrong: list[tuple[int, datetime, Due | None]] = []
            for number, day, at, wishes in await subscriptions.waiting_among(session, range(first, first + PAGE), now):
                try:
                    due = next_due(wishes, day)
                except ValueError as error:  # such as a zone nobody knows any more
                    log.error("schedule.makes_no_sense", subscription=number, reason=str(error))
                    continue
                if due is None or due.at != at:
                    wrong.append((number, at, due))
            await subscriptions.correct_due(session, wrong)
            changed += len(wrong)
    async with database.write() as session:
        await remembered.remember(session, NAME, version)
    return changed
