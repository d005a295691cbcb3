"""What is to be done every so often beside the doses: feeds, links, pages, searches, tidying up. The process that leads does it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

import structlog

from bot.catalog.entry import Catalog
from bot.clock import Clock
from bot.curation.fill import Filler
from bot.curation.visits import Visitor
from bot.delivery.dry import look_again
from bot.delivery.prune import prune
from bot.ending import end
from bot.feeds.look import Searcher
from bot.feeds.poll import Poller
from bot.feeds.workers import Workers
from bot.settings import PlatformId
from bot.store.database import Database
from bot.web.fetch import Fetcher

log = structlog.get_logger("app")

PAGES = timedelta(seconds=10)
HOUSEKEEPING = timedelta(hours=1)
FEEDS = timedelta(minutes=1)
LINKS = timedelta(hours=1)
LINKS_AT_ONCE = 40
"""All 500 in half a day, so that no night and no site gets them at once."""
SEARCHES = timedelta(seconds=2)
"""Somebody waits for these."""


class Duties:
    """Each duty goes by its own hours; `has_news` is called where something has to be sent because of one."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        web: Fetcher,
        readers: Workers,
        now: Callable[[], datetime],
        owners: Sequence[PlatformId],
        *,
        leads: Callable[[], bool],
        has_news: Callable[[], None],
        visits_links: bool,
    ) -> None:
        self.poller = Poller(database, catalog, web, readers, now, Random(), owners)
        self.filler = Filler(database, catalog, web, readers.describe, now)
        self.searcher = Searcher(database, web, readers, now)
        self._visitor = Visitor(database, catalog, web, now)
        self._catalog = catalog
        self._database = database
        self._now = now
        self._leads = leads
        self._has_news = has_news
        self._visits_links = visits_links
        self._looking: set[asyncio.Task[None]] = set()

    def set_hours(self, clock: Clock) -> None:
        """Have the clock call each of them, in every process: who leads may change."""
        clock.pulse("housekeeping", HOUSEKEEPING, self._keep_house)
        clock.pulse("dry", HOUSEKEEPING, self._look_again)
        clock.pulse("feeds", FEEDS, self._visit_feeds)
        clock.pulse("links", LINKS, self._visit_links)
        clock.pulse("searches", SEARCHES, self._look_for_feeds)
        clock.pulse("pages", PAGES, self._fill_in)

    async def _keep_house(self) -> None:
        if self._leads():
            await prune(self._database, self._now())

    async def _look_again(self) -> None:
        if self._leads():
            await look_again(self._database, self._catalog, self._now())

    async def _visit_feeds(self) -> None:
        if self._leads() and await self.poller.go():
            self._has_news()

    async def _fill_in(self) -> None:
        if self._leads() and await self.filler.go():
            self._has_news()

    async def _visit_links(self) -> None:
        if self._leads() and self._visits_links:
            await self._visitor.go(LINKS_AT_ONCE)

    async def _look_for_feeds(self) -> None:
        if self._leads() and await self.searcher.go():
            self._has_news()

    # ------------------------------------------------------------------------------------------------- at once

    def look_soon(self) -> None:
        """Somebody waits for what is found: begin at once. Where another process leads, its next pulse does."""
        task = asyncio.create_task(self._look_or_leave_it())
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look_or_leave_it(self) -> None:
        try:
            await self._look_for_feeds()
        except Exception:  # the next pulse tries again
            log.exception("searches.failed")

    async def looked(self) -> None:
        """Return when nobody waits for a search that was begun at once."""
        while self._looking:
            await asyncio.wait(set(self._looking))

    async def stop_looking(self) -> None:
        """End what was begun at once."""
        await end(*self._looking)
