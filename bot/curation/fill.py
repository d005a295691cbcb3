"""Fills suggestions in, in the background: the page is fetched between two transactions, and every card that hangs somewhere follows.

take a row whose time has come (lease) ──▶ fetch, read ──▶ facts, topic, look-alikes ──▶ the card is edited
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import AddressError, canonical
from bot.catalog.entry import Catalog
from bot.curation.describe import MOST, Described
from bot.curation.intake import address_key, find_in_catalog
from bot.curation.lookalikes import likeness_of
from bot.errors import FeedUnreadable, FetchError, FetchRefused
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
REASONS = {"empty": "no_title", "no_title": "no_title", "not_a_page": "file"}
"""What `describe` calls it, and what the card says."""
TOLD = ("title", "description", "site", "author", "published", "language", "kind", "minutes")
SURE, PERHAPS = 0.7, 0.4
"""How much the first guess at a topic counts where the nearest entries are of it as well, and where they are not."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page gave; `problem` says why it is so little."""

    facts: dict[str, Any]
    problem: str | None = None


Describe = Callable[[str, Mapping[str, str], bytes], Awaitable[Described]]
"""`describe` where a hostile page can do no harm. Raises FeedUnreadable for one that takes too much."""


class Filler:
    """Finds out what it can about what waits."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        web: Fetcher,
        describe: Describe,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._web = web
        self._describe = describe
        self._now = now

    async def go(self) -> int:
        """Fill in what is due; how many cards changed."""
        async with self._database.write() as session:
            taken = await suggestions.take_to_fill(session, self._now(), LEASE, AT_ONCE)
        if taken:  # a new catalog's index is built beside the loop, and not while the database waits
            await asyncio.to_thread(likeness_of, self._catalog())
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
            landed, page = url, PageFacts({}, "broken")
        async with self._database.write() as session:
            if row := await suggestions.lock(session, number):
                await self._keep(session, row, landed, page)

    async def _look(self, url: str) -> tuple[str, PageFacts]:
        got = await self._web.get(url, most=MOST, cut=True)
        if got.status in (404, 410):
            return got.url, PageFacts({}, "gone")
        if got.status >= 400:
            return got.url, PageFacts({}, "refused")
        try:
            return got.url, found_in(await self._describe(got.url, got.headers or {}, got.body))
        except FeedUnreadable as error:
            log.info("fill.unreadable", url=got.url, reason=error.reason)
            return got.url, PageFacts({}, "broken")

    async def _did_not_come(self, number: int, error: FetchError) -> None:
        async with self._database.write() as session:
            row = await suggestions.lock(session, number)
            if row is None or not row.is_waiting:
                return
            row.problem = PROBLEMS.get(error.reason, "private" if isinstance(error, FetchRefused) else "broken")
            more = error.reason in PASSING and row.fill_tries <= len(AGAIN)
            row.fill_at = self._now() + AGAIN[row.fill_tries - 1] if more else None
            row.facts = {**likeness(self._catalog(), row.facts, row.url), **row.facts}
            await session.flush()
            await shown_cards.refresh(session, row.id, self._now())
        log.info("fill.no_page", suggestion=number, reason=error.reason, detail=error.detail)

    async def _keep(self, session: AsyncSession, row: Suggestion, landed: str, page: PageFacts) -> None:
        row.fill_at, row.problem = None, page.problem
        if not row.is_waiting:
            return
        known = {**page.facts, **row.facts}
        row.facts = {**likeness(self._catalog(), known, landed), **known}
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


def found_in(page: Described) -> PageFacts:
    """A description as a suggestion keeps it."""
    told = {name: getattr(page, name) for name in TOLD}
    facts = {name: str(value) if name in ("kind", "language") else value for name, value in told.items() if value}
    return PageFacts(facts, REASONS.get(page.reason or ""))


def likeness(catalog: Catalog, known: dict[str, Any], url: str) -> dict[str, Any]:
    """The likeliest topics and the nearest entries. A first guess is sure where the nearest entry is of that topic too."""
    title = str(known.get("title") or "")
    if not title or "topics" in known:
        return {}
    about = likeness_of(catalog)
    description = str(known.get("description") or "")
    near = about.near(title, description, url)
    if not near:  # nothing in common with anything: any topic would be a lot drawn
        return {}
    topics = about.topics(title, description, url)[:3]
    sure = near[0].entry.topic == topics[0]
    return {
        "topics": [[topic, (SURE if sure else PERHAPS) if not place else 0.1] for place, topic in enumerate(topics)],
        "near": [one.entry.id for one in near],
    }
