"""Visits the catalog's links: a few at a time, one by one for a host, each written down at once so that a stop loses nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import structlog

from bot.catalog.entry import Catalog
from bot.curation.links import AGAIN, IN_DOUBT, LinkOutcome, Visit, outcome_of, state_of
from bot.errors import FetchError
from bot.states import LinkState
from bot.store import links
from bot.store.database import Database
from bot.store.links import VisitFound
from bot.web.fetch import Fetcher

log = structlog.get_logger("links")

LITTLE = 32_768
"""Bytes of a page; only whether it comes matters."""
HOSTS_AT_ONCE = 6
PAUSE = 1.0
"""Seconds between two visits to one host."""


class Visitor:
    """Makes visits and keeps what they found."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        web: Fetcher,
        now: Callable[[], datetime],
        pause: float = PAUSE,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._web = web
        self._now = now
        self._pause = pause

    async def waiting(self) -> list[str]:
        """The entries whose turn it is."""
        urls = {entry.id: entry.url for entry in self._catalog().resources}
        async with self._database.read() as session:
            return await links.due(session, urls, self._now(), ok=AGAIN, other=IN_DOUBT)

    async def go(self, most: int, tell: Callable[[str, LinkState], None] | None = None) -> int:
        """Visit those whose turn it is, at most so many; how many that were. `tell` hears of each."""
        by_host: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for resource_id in (await self.waiting())[:most]:
            if entry := self._catalog().resource(resource_id):
                by_host[urlsplit(entry.url).hostname or ""].append((resource_id, entry.url))
        turn = asyncio.Semaphore(HOSTS_AT_ONCE)
        visited = await asyncio.gather(*(self._one_host(host, some, turn, tell) for host, some in by_host.items()))
        return sum(visited)

    async def _one_host(
        self,
        host: str,
        some: Sequence[tuple[str, str]],
        turn: asyncio.Semaphore,
        tell: Callable[[str, LinkState], None] | None,
    ) -> int:
        async with turn:
            for place, (resource_id, url) in enumerate(some):
                if place:
                    await asyncio.sleep(self._pause)
                state = await self._visit(resource_id, url, host)
                if tell:
                    tell(resource_id, state)
        return len(some)

    async def _visit(self, resource_id: str, url: str, host: str) -> LinkState:
        try:
            got = await self._web.get(url, most=LITTLE, cut=True)
            found = VisitFound(outcome_of(url, got.status, got.url), got.status, None)
        except FetchError as error:
            found = VisitFound(LinkOutcome.UNSURE, None, str(error)[:40])
        now = self._now()
        async with self._database.write() as session:
            row, visits = await links.keep(session, resource_id, url, found, now)
            if found.outcome == LinkOutcome.OPENS:
                row.opened_at = now
            reported = (await links.reports(session, resource_id)).get(resource_id, 0)
            before = row.state
            state = state_of([Visit(one.at, LinkOutcome(one.outcome)) for one in visits], reported, host)
            if state != before:
                row.state, row.since = state, now
        if state != before:
            log.info("link.changed", entry=resource_id, before=before, state=str(state), status=found.status)
        return state
