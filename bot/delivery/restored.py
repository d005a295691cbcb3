"""What follows where the database was put back from a backup: it does not know what was sent since, nor what people did.

What was to go meanwhile goes once more at most and says that it may be a copy (`rounds.py` sees to that, by the instant that is written
down here). Days that are over and of which something may be forgotten are excused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.claim import sound_histories
from bot.delivery.unwritten import PROVED
from bot.learning.schedule import DAY, Due, Schedules, claim
from bot.store import days_off, remembered, restored, signs, subscriptions
from bot.store.database import Database
from bot.store.days_off import Failed
from bot.store.signs import Sign
from bot.store.tables import Subscription

log = structlog.get_logger("delivery")

PAGE = 500
WHY = "restored"


async def notice(database: Database, folder: Path, now: datetime) -> bool:
    """At a start: whether it is a backup that was put back and that nobody told of. If so, what follows is seen to.

    The file is read before the number in the database is: what another process counts meanwhile is in the database first.
    """
    async with database.read() as session:
        is_copy, name = await restored.made(session) is not None, await signs.name(session)
    kept = signs.kept(folder, name) if name else None
    async with database.read() as session:
        last = await signs.last(session)
    if not is_copy and (last is None or last.database != name or not _is_earlier(database, folder, last, kept)):
        return False
    await take_for_restored(database, now)
    return True


def _is_earlier(database: Database, folder: Path, last: Sign, kept: int | None) -> bool:
    """Whether a database is an earlier state of itself, as far as the file beside it tells.

    Where there is none, a SQLite database came into another folder, or moved: as likely from a backup as not. Only where the folder
    takes the file in, else each start would think so. Processes that share a server may each have a folder of their own, and a new one.
    The file gets one sign more than the database has: it is noticed again where what follows was cut off, or the same copy came back.
    """
    if kept is None:
        return database.is_sqlite and signs.keep(folder, last._replace(number=last.number + 1))
    return kept > last.number


async def take_for_restored(database: Database, now: datetime) -> None:
    """See to what follows. It may be done twice; only the last of its transactions makes that known."""
    async with database.read() as session:
        since = min(now, await _as_of(session) or now)
        last = await subscriptions.last_number(session)
    excused = 0
    for first in range(1, last + 1, PAGE):
        async with database.write() as session:
            some = await subscriptions.active_among(session, range(first, first + PAGE))
            histories = await sound_histories(session, some)
            for subscription in some:
                if history := histories.get(subscription.id):
                    excused += await _excuse(session, subscription, history, since, now)
    async with database.write() as session:
        await restored.note(session, now)
    log.warning("database.restored", as_of=since.isoformat(), excused=excused)


async def _as_of(session: AsyncSession) -> datetime | None:
    """The instant of the backup: as it says itself, else the last one at which the database was in use."""
    if at := await restored.made(session):
        return at
    proved = await remembered.recall(session, PROVED)
    return datetime.fromisoformat(proved) if proved else None


async def _excuse(
    session: AsyncSession, subscription: Subscription, history: Schedules, since: datetime, now: datetime
) -> int:
    """Excuse the days that are over, on which something may have been done that is forgotten; how many."""
    days = set(_forgotten(history, since, now, subscription.began_on or date.min))
    if subscription.next_day and subscription.next_due_at:
        claimed = claim(history, Due(subscription.next_day, subscription.next_due_at), now)
        days.update(claimed.lost)
        if claimed.lost:
            subscriptions.set_due(subscription, claimed.send or claimed.then)
    failed = [Failed(subscription, day, history.due(day)) for day in sorted(days)]
    await days_off.excuse_all(session, failed, WHY, until=now)
    return len(failed)


def _forgotten(history: Schedules, since: datetime, now: datetime, began: date) -> Iterator[date]:
    """The days that are over now and were not closed at the backup; of those of that very day nothing is over."""
    last, today = history.today(since), history.today(now)
    if last < today:
        day = max(last - DAY, began)  # yesterday counts until a day later
        while day < today:
            if history.due(day):
                yield day
            day += DAY
