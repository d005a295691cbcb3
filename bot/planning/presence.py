"""Whether somebody is there: when it is time to be quiet, and when they write again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.schedule import Schedules
from bot.learning.silence import MOST, is_time_to_be_quiet
from bot.store import days_off, outbox, subscriptions
from bot.store.seen import Seen
from bot.store.tables import Person, Subscription

HOUR, LONG_AGO = timedelta(hours=1), timedelta(days=MOST - 2)
"""How exactly we keep when somebody last wrote; and for how long they certainly wrote nothing if we are quiet."""


def be_quiet(subscription: Subscription, seen: Seen, history: Schedules, day: date, now: datetime) -> bool:
    """Whether it is time to be quiet instead of giving the day's dose; then nothing is due any more."""
    heard_on = history.today(seen.heard_at) if seen.heard_at else None
    if not is_time_to_be_quiet(seen.recent, heard_on, day):
        return False
    subscription.silent_since = now
    subscriptions.set_due(subscription, None)
    return True


async def hear(session: AsyncSession, person: Person, now: datetime) -> Subscription | None:
    """Somebody writes: keep when, to the hour. Gives their subscription if we had been quiet and now go on.

    The days on which we were quiet are written down as what they were: nobody missed what did not come.
    """
    if person.heard_at and now - person.heard_at < HOUR:
        return None
    was_long_ago = person.heard_at is None or now - person.heard_at > LONG_AGO
    person.heard_at = now
    found = await subscriptions.of_person(session, person.id) if was_long_ago else None
    if found is None or found.silent_since is None:
        return None
    await end_silence(session, found, await subscriptions.schedules(session, found), now)
    await outbox.withdraw_kind(session, person.id, "silence")
    return found if found.is_active else None


async def end_silence(session: AsyncSession, found: Subscription, history: Schedules, now: datetime) -> None:
    """We had been quiet, if we had, until now: doses are due again."""
    if found.silent_since is None:
        return
    await days_off.keep_silence(session, found.id, history.today(found.silent_since), history.today(now), now)
    found.silent_since = None
    if found.is_active:
        subscriptions.set_due(found, history.next_due(now, history.today(now)))
