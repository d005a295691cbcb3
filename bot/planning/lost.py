"""The days on which we failed somebody are written down, before anything moves on when they are due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.schedule import Claim, Due, Schedules, claim
from bot.store import days_off, subscriptions
from bot.store.tables import Subscription


async def catch_up(session: AsyncSession, subscription: Subscription, history: Schedules, now: datetime) -> None:
    """Write down the days we failed somebody, before anything moves on when they are due.

    After an outage a person may speak before the clock has claimed them: the days that ended meanwhile are lost all the same.
    """
    if not subscription.is_active or subscription.next_day is None or subscription.next_due_at is None:
        return
    claimed = claim(history, Due(subscription.next_day, subscription.next_due_at), now)
    if claimed.lost:
        await days_off.excuse_all(session, lost_days(subscription, history, claimed), "lost", until=now)
        subscriptions.set_due(subscription, claimed.send or claimed.then)


def lost_days(subscription: Subscription, history: Schedules, claimed: Claim) -> list[days_off.Failed]:
    """The days whose dose never came, each since the instant it was due."""
    return [days_off.Failed(subscription, day, history.due(day)) for day in claimed.lost]
