"""All that is written down about a person's days, as the value from which the streak and everything like it follows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import streak
from bot.store import days_off, subscriptions
from bot.store.completions import STANDS
from bot.store.tables import Completion, Subscription


async def history_of(session: AsyncSession, subscription: Subscription, now: datetime) -> streak.History:
    """A person's history, in four queries; the completions without their rows, for there may be thousands."""
    schedules = await subscriptions.schedules(session, subscription)
    done = await session.execute(
        select(Completion.day, Completion.at, Completion.zone).where(
            Completion.person_id == subscription.person_id, STANDS
        )
    )
    excuses = await days_off.excuses(session, subscription.id)
    return streak.History(
        began_on=subscription.began_on or schedules.today(now),
        schedules=schedules,
        completions=[streak.Completion(day, at, zone) for day, at, zone in done],
        pauses=await days_off.pauses(session, subscription.id),
        excuses=[streak.Excuse(row.day, row.why, row.since, row.until) for row in excuses],
    )
