"""One subscription stays: the doses of the other go over to it, and its days are told as those of one person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import cast

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.streak import History
from bot.store import news
from bot.store.days_off import EXCUSES
from bot.store.doses import DOSES
from bot.store.outbox import OUTBOX
from bot.store.subscriptions import SUBSCRIPTIONS
from bot.store.tables import Dose, Excuse, Pause, Schedule, Subscription

PAUSES, SCHEDULES = cast(Table, Pause.__table__), cast(Table, Schedule.__table__)
GOES_OVER = frozenset({"doses.subscription_id", "outbox.subscription_id"})
TOLD_ANEW = frozenset({"schedules.subscription_id", "pauses.subscription_id", "excuses.subscription_id"})
"""Together every column that names a subscription; a test looks that none is missing."""


async def end(session: AsyncSession, stays: Subscription, ends: Subscription) -> None:
    """Let a subscription be no more. Its doses, what is under way, its news and what they know go over to the one that stays."""
    await session.flush()
    await _number_anew(session, stays.id, ends.id)
    for table in (DOSES, OUTBOX):
        await session.execute(update(table).where(table.c.subscription_id == ends.id).values(subscription_id=stays.id))
    for piece in ends.news or ():
        news.add(stays, piece)
    stays.known_topics = list(dict.fromkeys((*stays.known_topics, *ends.known_topics)))
    stays.taste_since = max(filter(None, (stays.taste_since, ends.taste_since)), default=None)
    _let_go(session)
    session.expunge(ends)
    await session.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.id == ends.id))
    await session.flush()


async def retell(session: AsyncSession, subscription: Subscription, history: History) -> None:
    """Write a history down in place of the subscription's own; what is done is not part of it."""
    await session.flush()
    subscription.began_on = history.began_on
    for table in (SCHEDULES, PAUSES, EXCUSES):
        await session.execute(delete(table).where(table.c.subscription_id == subscription.id))
    _let_go(session)
    whose = {"subscription_id": subscription.id}
    wishes = [
        whose
        | {"from_day": from_day, "hour": wish.hour, "turn": wish.turn, "zone": wish.zone}
        | {"days": "".join(map(str, sorted(wish.days)))}
        for from_day, wish in history.schedules.wishes
    ]
    longest_last = sorted(history.pauses, key=lambda one: (one.to_day is None, one.to_day or date.max))
    pauses = {one.from_day: whose | one._asdict() for one in longest_last}  # of two that begin at once
    excuses = {one.day: whose | one._asdict() for one in history.excuses}
    for table, rows in ((SCHEDULES, wishes), (PAUSES, [*pauses.values()]), (EXCUSES, [*excuses.values()])):
        if rows:
            await session.execute(insert(table), rows)
    await session.flush()


async def _number_anew(session: AsyncSession, stays: int, ends: int) -> None:
    """On a day on which both gave something, what the one that ends gave counts as given beyond the day's dose."""
    given: dict[date, set[int]] = defaultdict(set)
    for day, number in await session.execute(
        select(DOSES.c.day, DOSES.c.number).where(DOSES.c.subscription_id == stays)
    ):
        given[day].add(number)
    found = select(DOSES.c.id, DOSES.c.day, DOSES.c.number).where(DOSES.c.subscription_id == ends)
    theirs = list(await session.execute(found.order_by(DOSES.c.day, DOSES.c.number)))
    highest: dict[date, int] = defaultdict(int)
    for day, numbers in (*given.items(), *((one.day, {one.number}) for one in theirs)):
        highest[day] = max(highest[day], *numbers)
    for one in theirs:
        if one.number in given[one.day]:
            highest[one.day] += 1
            await session.execute(update(DOSES).where(DOSES.c.id == one.id).values(number=highest[one.day]))


def _let_go(session: AsyncSession) -> None:
    """What was read of these rows is not what they are now."""
    for row in list(session):
        if isinstance(row, (Dose, Schedule, Pause, Excuse)):
            session.expunge(row)
