"""Subscriptions whose next dose lies further ahead than their timetable says: a day would pass without one, and nobody would hear of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.claim import SETBACK, sound_histories
from bot.learning.schedule import Due, Schedules
from bot.learning.timetable import DAY
from bot.store import days_off, doses, invariants
from bot.store.tables import Subscription

LATELY = timedelta(days=3)
"""Within this time today began for everybody, wherever they live."""


async def delayed(session: AsyncSession, ids: Sequence[int], now: datetime) -> list[int]:
    """Those of these active subscriptions that wait longer for their next dose than they should, beyond the hour of a set-back."""
    waiting = await invariants.subscriptions_of(session, ids, lock=False)
    should = await next_doses(session, waiting, now)
    return [row.id for row in waiting if _is_delayed(row.next_due_at, should.get(row.id))]


def _is_delayed(at: datetime | None, should: Due | None) -> bool:
    return at is not None and should is not None and at > should.at + SETBACK


async def next_doses(
    session: AsyncSession, waiting: Sequence[Subscription], now: datetime, but: Collection[tuple[int, date]] = ()
) -> dict[int, Due | None]:
    """When the next dose of active subscriptions should be due; those whose timetable makes no sense are left out.

    That is their first hour to come, outside of every pause, on a day that has neither its dose nor an excuse. Many want the same and have
    had the same, so each such case is reckoned once. A (subscription, day) among `but` counts as a day without its dose.
    """
    histories = await sound_histories(session, waiting)
    settled = await _settled(session, list(histories), now, but)

    @cache
    def next_dose(history: Schedules, days: frozenset[date]) -> Due | None:
        due = history.next_due(now, history.today(now))
        while due and due.day in days:
            due = history.next_due(now, due.day + DAY)
        return due

    return {number: next_dose(history, settled.get(number, frozenset())) for number, history in histories.items()}


async def _settled(
    session: AsyncSession, ids: Sequence[int], now: datetime, but: Collection[tuple[int, date]]
) -> dict[int, frozenset[date]]:
    """The days, of late and ahead, on which somebody has a dose or was told that we failed them."""
    since = (now - LATELY).date()
    given = (await doses.days_given(session, ids, since)).difference(but)
    days = given | await days_off.days_excused(session, ids, since)
    return {number: frozenset(day for _, day in theirs) for number, theirs in groupby(sorted(days), key=itemgetter(0))}
