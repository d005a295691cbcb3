"""Looks every so often whether there is something again for those whose trail ran dry. They hear of it by their next dose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.delivery.claim import BREATH
from bot.delivery.delayed import LATELY, next_doses
from bot.learning.schedule import Due
from bot.planning.dry import something_again
from bot.store import doses, subscriptions
from bot.store.database import Database
from bot.store.seen import prepare, read
from bot.store.tables import Subscription

log = structlog.get_logger("delivery")

PART = 100
"""How many one transaction looks at."""


async def look_again(database: Database, catalog: Callable[[], Catalog], now: datetime) -> int:
    """Let doses come again where they would hold something by now; for how many."""
    found = last = 0
    while True:
        async with database.write() as session:
            some = await subscriptions.dry_after(session, last, PART)
            found += await _look(session, catalog(), some, now)
        if len(some) < PART:
            break
        last = some[-1].id
    if found:
        log.info("delivery.something_again", people=found)
    return found


async def _look(session: AsyncSession, catalog: Catalog, some: Sequence[Subscription], now: datetime) -> int:
    if not some:
        return 0
    asked = await doses.only_said(session, [one.id for one in some], (now - LATELY).date())
    should = await next_doses(session, some, now, but=asked)
    found = await _with_something(session, catalog, some, should, now)
    # who asked before the hour and heard that nothing was left: today's is chosen anew, at its hour
    anew = [asked[one.id, due.day] for one, due in found if (one.id, due.day) in asked]
    if anew:
        await doses.take_back(session, anew)
    for one, due in found:
        subscriptions.set_due(one, due)
    return len(found)


async def _with_something(
    session: AsyncSession,
    catalog: Catalog,
    some: Sequence[Subscription],
    should: Mapping[int, Due | None],
    now: datetime,
) -> list[tuple[Subscription, Due]]:
    found, seen = [], await read(session, some, now)
    for place, one in enumerate(some):
        if place % BREATH == 0:
            await asyncio.sleep(0)
        try:
            due = something_again(catalog, one, prepare(seen.pop(one.id)), should.get(one.id), now)
        except Exception:  # rows that make no sense stop nobody else
            log.exception("dry.failed", subscription=one.id)
            continue
        if due:
            found.append((one, due))
    return found
