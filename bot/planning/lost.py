"""The days on which we failed somebody are written down, before anything moves on when they are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.schedule import Due, Schedules, claim
from bot.store import subscriptions
from bot.store.tables import Subscription


async def catch_up(session: AsyncSession, subscription: Subscription, history: Schedules, now: datetime) -> None:
    """Write down the days we failed somebody, before anything moves on when they are due.

    After an outage a person may speak before the clock has claimed them: the days that ended meanwhile are lost all the same.
    """
    if subscription.state != "active" or subscription.next_day is None or subscription.next_due_at is None:
        return
    claimed = claim(history, Due(subscription.next_day, subscription.next_due_at), now)
    if claimed.lost:
        await excuse_lost(session, subscription, history, claimed.lost, now)
        subscriptions.set_due(subscription, claimed.send or claimed.then)


async def excuse_lost(
    session: AsyncSession, subscription: Subscription, history: Schedules, lost: Sequence[date], now: datetime
) -> None:
    """Excuse days whose dose never came, each since the instant it was due."""
    for day in lost:
        await subscriptions.excuse(session, subscription.id, [day], "lost", since=history.due(day), until=now)
