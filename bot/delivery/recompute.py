"""Computes due instants again when the zone data changed: a government moved its clocks, and tomorrow's 08:00 is another instant."""

from __future__ import annotations

from datetime import datetime

from bot.delivery.claim import sound_histories
from bot.store import remembered, subscriptions
from bot.store.database import Database

NAME = "zone-data"
PAGE = 1000


async def recompute_due(database: Database, version: str, now: datetime) -> int:
    """Bring every future `next_due_at` to the zone data of this `version`; how many changed. Nothing is done twice."""
    async with database.read() as session:
        if await remembered.recall(session, NAME) == version:
            return 0
    changed, last = 0, 0
    while True:
        async with database.write() as session:
            page = await subscriptions.active_after(session, last, PAGE)
            histories = await sound_histories(session, page)
            for subscription in page:
                day, at, history = subscription.next_day, subscription.next_due_at, histories.get(subscription.id)
                if day is None or at is None or at <= now or history is None:
                    continue
                due = history.next_due(now, day)
                if due is None or due.at != at:
                    subscriptions.set_due(subscription, due)
                    changed += 1
        if not page:
            break
        last = page[-1].id
    async with database.write() as session:
        await remembered.remember(session, NAME, version)
    return changed
