"""Fills suggestions in, in the background: the page is fetched between two transactions, and every card that hangs somewhere follows.

take a row whose time has come (lease) ──▶ fetch, read ──▶ facts, topic, look-alikes ──▶ the card is edited
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import AddressError, canonical
from bot.catalog.entry import Catalog
from bot.catalog.search import Query, sought
from bot.curation.intake import address_key, find_in_catalog
from bot.curation.page import READ, Page, read_page
from bot.errors import FetchError, FetchRefused
from bot.store import shown_cards, suggestions
from bot.store.database import Database
from bot.store.tables import Suggestion
from bot.web.fetch import Fetcher

log = structlog.get_logger("curation")

AT_ONCE = 5
LEASE = timedelta(minutes=5)
"""How long a page may take before its row is taken up again."""
AGAIN = (timedelta(minutes=10), timedelta(hours=2))
"""When a page that did not come is tried again."""
PASSING = frozenset(["name", "connect", "time", "broken", "cut_off"])
"""What may be better the next time."""
PROBLEMS = {
    "private": "private",
    "too_large": "large",
    "redirects": "loop",
    "time": "slow",
    "tls": "broken",
    "name": "gone",
}
LIKE = 8


class Filler:
    """Finds out what it can about what waits."""

    def __init__(
        self, database: Database, catalog: Callable[[], Catalog], web: Fetcher, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._web = web
        self._now = now

    async def go(self) -> int:
        """Fill in what is due; how many cards changed."""
        async with self._database.write() as session:
            taken = await suggestions.take_to_fill(session, self._now(), LEASE, AT_ONCE)
        await asyncio.gather(*(self._fill(number, url) for number, url in taken))
        return len(taken)

    async def _fill(self, number: int, url: str) -> None:
        try:
            landed, page = await self._look(url)
        except FetchError as error:
            await self._did_not_come(number, error)
            return
        except Exception:  # one page that upsets us must stop nobody else's
            log.exception("fill.failed", suggestion=number)
            landed, page = url, Page({}, "broken")
        async with self._database.write() as session:
            if row := await suggestions.lock(session, number):
                await self._keep(session, row, landed, page)

    async def _look(self, url: str) -> tuple[str, Page]:
        got = await self._web.get(url, most=READ, cut=True)
        if got.status in (404, 410):
            return got.url, Page({}, "gone")
        if got.status >= 400:
            return got.url, Page({}, "refused")
        return got.url, await asyncio.to_thread(read_page, got.url, got.header("content-type"), got.body)

    async def _did_not_come(self, number: int, error: FetchError) -> None:
        async with self._database.write() as session:
            row = await suggestions.lock(session, number)
            if row is None or row.state != suggestions.OPEN:
                return
            row.problem = PROBLEMS.get(error.reason, "private" if isinstance(error, FetchRefused) else "broken")
            more = error.reason in PASSING and row.fill_tries <= len(AGAIN)
            row.fill_at = self._now() + AGAIN[row.fill_tries - 1] if more else None
            row.facts = {**likeness(self._catalog(), row.facts), **row.facts}
            await session.flush()
            await shown_cards.refresh(session, row.id, self._now())
        log.info("fill.no_page", suggestion=number, reason=error.reason, detail=error.detail)

    async def _keep(self, session: AsyncSession, row: Suggestion, landed: str, page: Page) -> None:
        row.fill_at, row.problem = None, page.problem
        if row.state != suggestions.OPEN:
            return
        known = {**page.facts, **row.facts}
        row.facts = {**likeness(self._catalog(), known), **known}
        await self._follow(session, row, landed)
        await session.flush()
        await shown_cards.refresh(session, row.id, self._now())

    async def _follow(self, session: AsyncSession, row: Suggestion, landed: str) -> None:
        """A shortener led on: the row takes the address it leads to, unless the catalog or the queue has that one already."""
        try:
            address = canonical(landed)
        except AddressError:
            return
        if address == row.address or len(landed) > len(row.url) + 1500:
            return
        if entry := find_in_catalog(self._catalog(), address):
            row.problem = "in_catalog"
            row.facts = {**row.facts, "near": [entry]}
        elif await suggestions.by_key(session, address_key(address)):
            row.problem = "twice"
        else:
            row.address, row.address_key, row.url = address, address_key(address), landed


def likeness(catalog: Catalog, known: dict[str, Any]) -> dict[str, Any]:
    """The entries whose words are nearest to a title, and how they share it out among topics."""
    title = str(known.get("title") or "")
    if not title or "topics" in known:
        return {}
    nearest = catalog.index.find(Query(words=sought(title))).entries[:LIKE]
    if not nearest:
        return {}
    votes: Counter[str] = Counter()
    for place, entry in enumerate(nearest):
        votes[entry.topic] += LIKE - place
    whole = sum(votes.values())
    return {
        "topics": [[topic, round(count / whole, 2)] for topic, count in votes.most_common(3)],
        "near": [entry.id for entry in nearest[:3]],
    }
