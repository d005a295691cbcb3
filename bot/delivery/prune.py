"""Deletes what has had its use.

Messages sent, given up or waiting for a month, as for a platform that has no token any more, keys of updates that no platform serves
again, what feeds published long ago, old questions for a line, what was found for curators, old visits to links, invitations and codes to
link that open nothing any more, and what a door kept for a while.
A few rows in each transaction, so that nobody waits for it, and a breath between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.states import OutboxState
from bot.store import feed_items, feed_searches, invitations, link_codes, links, outbox, prompts, remembered, updates
from bot.store.database import Database

log = structlog.get_logger("delivery")

SENT_KEPT = timedelta(days=14)
DEAD_KEPT = timedelta(days=90)
"""Why something was given up can be asked for three months."""
WAITING_KEPT = timedelta(days=30)
"""News that could not be told for so long are none, should the platform come back. After an outage of ours they go first: the first
time comes an hour after a start."""
UPDATES_KEPT = timedelta(days=2)
"""Telegram serves an update again for a day at most."""
ITEMS_KEPT = timedelta(days=365)
"""What a feed published stays known for a year at least, and its newest items for ever."""
PROMPTS_KEPT = timedelta(days=365)
"""A reply to a question for a line is that line for a year."""
SEARCHES_KEPT = timedelta(days=90)
"""The buttons below what was found for a curator work for three months."""
VISITS_KEPT = timedelta(days=365)
"""What was found at a link is known for a year, and of its newest visits for ever."""
CODES_KEPT = timedelta(days=1)
"""Whoever enters a code to link that was used hears so for a day."""
BATCH = 200
BREATH = 0.05
"""Seconds between two batches."""
MOST = 50_000
"""Rows of a kind at one time; the rest comes with the next pulse."""


async def prune(database: Database, now: datetime) -> int:
    """Delete what is old; how many rows."""
    gone = 0
    for kept, delete in (
        (SENT_KEPT, partial(outbox.prune, state=OutboxState.SENT)),
        (DEAD_KEPT, partial(outbox.prune, state=OutboxState.DEAD)),
        (WAITING_KEPT, outbox.prune_waiting),
        (UPDATES_KEPT, updates.prune),
        (ITEMS_KEPT, feed_items.forget),
        (PROMPTS_KEPT, prompts.prune),
        (SEARCHES_KEPT, feed_searches.prune),
        (VISITS_KEPT, links.prune),
        (timedelta(), invitations.prune),
        (CODES_KEPT, link_codes.prune),
        (timedelta(), remembered.prune),
    ):
        gone += await _in_batches(database, delete, now - kept)
    if gone:
        await database.empty_log()
        log.info("delivery.pruned", rows=gone)
    return gone


async def _in_batches(database: Database, delete: Callable[..., Awaitable[int]], before: datetime) -> int:
    gone = 0
    while gone < MOST:
        async with database.write() as session:
            batch = await delete(session, before=before, limit=BATCH)
        gone += batch
        if batch < BATCH:
            break
        await asyncio.sleep(BREATH)
    return gone
