"""Finds the feed in what a curator gave us, and shows what it last published, before anybody follows it.

    /follow URL ─▶ feed_searches (waiting) ─▶ look: known places, the page, usual places ─▶ outbox: “here it is” with buttons

The command answers at once; the network comes afterwards and outside of any transaction. A search that a crash interrupts is made
again when its lease runs out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import FeedUnreadable, FetchError
from bot.feeds.discover import known_feeds, usual_places
from bot.feeds.identity import newest_first
from bot.feeds.item import Parsed, one_line
from bot.feeds.poll import ACCEPT
from bot.feeds.workers import Workers
from bot.store import feed_searches
from bot.store.database import Database
from bot.store.tables import FeedSearch
from bot.web.fetch import Fetcher

log = structlog.get_logger("feeds")

LEASE = timedelta(minutes=3)
AT_ONCE = 5
OFFERED = 4
"""Feeds of one page that are read and offered."""
SHOWN = 3
"""Items of each that are shown."""
TITLE = 90


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that can be followed."""

    url: str
    parsed: Parsed


class Searcher:
    """Looks for feeds; the clock says when, the rows say where."""

    def __init__(self, database: Database, web: Fetcher, workers: Workers, now: Callable[[], datetime]) -> None:
        self._database = database
        self._web = web
        self._workers = workers
        self._now = now
        self._going = asyncio.Lock()

    async def go(self) -> int:
        """Make every search that waits; how many there were."""
        async with self._going:
            async with self._database.read() as session:
                if not await feed_searches.any_waiting(session):
                    return 0
            async with self._database.write() as session:
                waiting = await feed_searches.claim(session, self._now(), LEASE, AT_ONCE)
            await asyncio.gather(*(self._search(search) for search in waiting))
            return len(waiting)

    async def _search(self, search: FeedSearch) -> None:
        problem = ""
        found: list[FoundFeed] = []
        try:
            found = await self._find(search.url)
        except FetchError as error:
            problem = error.reason
        except Exception:
            log.exception("feed.search_failed", search=search.id)
            problem = "ours"
        async with self._database.write() as session:
            await feed_searches.finish(
                session, search.id, [_as_json(one) for one in found], problem or "no_feed", self._now()
            )

    async def _find(self, url: str) -> list[FoundFeed]:
        """The feeds at an address. Raises FetchError when nothing there can be reached at all."""
        for known in known_feeds(url):
            if found := await self._try([known]):
                return found
        got = await self._web.get(url, accept=ACCEPT, most=2_000_000, cut=True)
        if got.status >= 400:
            return []
        try:
            there = await self._workers.read(got.body, got.url, got.header("content-type"), self._now())
        except FeedUnreadable:
            there = ()
        if isinstance(there, Parsed):
            return [FoundFeed(_lasting(url, got.moved, got.url), there)]
        if there:
            one_of = any("/feeds/videos.xml" in link.url for link in there)  # a channel, with Shorts or without
            return await self._try((link.url for link in there), most=1 if one_of else OFFERED)
        return await self._try(usual_places(got.url), most=1)

    async def _try(self, urls: Iterable[str], most: int = 1) -> list[FoundFeed]:
        """The first of these addresses that are feeds."""
        found: list[FoundFeed] = []
        for url in urls:
            try:
                got = await self._web.get(url, accept=ACCEPT)
                read = await self._workers.read(got.body, got.url, got.header("content-type"), self._now())
            except (FetchError, FeedUnreadable):
                continue
            if isinstance(read, Parsed):
                found.append(FoundFeed(url, read))
            if len(found) == most:
                break
        return found


def _lasting(asked: str, moved: tuple[tuple[int, str], ...], end: str) -> str:
    """The address to keep: a passing redirect leads elsewhere tomorrow."""
    return end if all(status in (301, 308) for status, _ in moved) else asked


def _as_json(found: FoundFeed) -> dict[str, Any]:
    newest = newest_first(found.parsed.items)[:SHOWN]
    return {
        "url": found.url,
        "title": found.parsed.title,
        "site": found.parsed.site,
        "language": found.parsed.language,
        "items": [
            {
                "title": one_line(item.title or item.summary, TITLE),
                "on": f"{item.published:%Y-%m-%d}" if item.published else "",
            }
            for item in newest
        ],
    }
