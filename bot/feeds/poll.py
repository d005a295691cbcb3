"""Visits the feeds whose time has come.

    claim ──▶ fetch ──▶ same bytes, 304? ──────────────────────────────────▶ record
    (lease)     │             └──▶ read in a worker ──▶ a feed? ───────────▶   │   one transaction for a handful of visits:
                │                        └──▶ a page: the feed it names ─▶ fetch  items, suggestions, validator, next visit
                └──▶ refused, failed, 404, 5xx ──▶ later, and later ───────▶   │

The row's lease makes two processes take turns; whoever comes too late finds it gone and writes nothing. A kill between two steps
leaves the validator of before, so that the next visit gets everything again and recognises what it has.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random

import structlog

from bot.catalog.entry import Catalog
from bot.ending import end
from bot.errors import FeedUnreadable, FetchError
from bot.failpoints import FEED_CLAIMED, FEED_COMMITTED, FEED_FETCHED, reach
from bot.feeds.decide import FeedVisit
from bot.feeds.item import Parsed
from bot.feeds.record import FeedOutcome, record
from bot.feeds.watch import ONCE_A, watch
from bot.feeds.workers import Workers
from bot.store import feed_visits
from bot.store.database import Database
from bot.store.feed_visits import ClaimedFeed
from bot.store.trouble import is_away
from bot.web.fetch import Fetcher, Got

log = structlog.get_logger("feeds")

LEASE = timedelta(hours=1)
"""Longer than all that is claimed at once takes, also where it is at one slow host. Whoever leads next does not wait for it."""
CLAIMED_AT_ONCE = 200
AT_ONCE = 40
"""Feeds underway; twenty of them on the network, the others waiting for a turn or being read."""
WRITTEN_AT_ONCE = 10
"""Visits of one transaction that brought something, so that nobody waits long for the database."""
NOTED_AT_ONCE = 200
"""Visits of one transaction in all; one that brought nothing is a row of one statement."""
MOST_UNWRITTEN = 400
"""Visits underway or finished that the database may keep waiting; beyond that nobody is visited."""
ENOUGH = 100
"""Finished visits that are written without waiting for more."""
UNWRITTEN = 0.5
"""Seconds that a finished visit waits for others to be written with."""
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class Poller:
    """Visits feeds; the clock says when to look, the rows say which."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        web: Fetcher,
        workers: Workers,
        now: Callable[[], datetime],
        chance: Random,
        owners: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._web = web
        self._workers = workers
        self._now = now
        self._chance = chance
        self._owners = owners
        self._going = asyncio.Lock()
        self._claiming = asyncio.Lock()
        self._claimed: deque[ClaimedFeed] = deque()
        self._visits = 0
        self._more_due = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._finished: deque[FeedOutcome] = deque()
        self._to_write = asyncio.Event()
        self._room = asyncio.Semaphore(MOST_UNWRITTEN)
        self._watched_at: datetime | None = None
        self._halted = False

    async def go(self) -> int:
        """Visit everything that is due, and look whether a feed went silent; how many visits that were."""
        async with self._going:
            visits = await self._visit_all()
            now = self._now()
            if self._watched_at is None or now - self._watched_at >= ONCE_A:
                async with self._database.write() as session:
                    await watch(session, self._owners, now)
                self._watched_at = now
            return visits

    async def take_over(self) -> None:
        """Take up what the process before this one left."""
        self._halted = False
        async with self._database.write() as session:
            await feed_visits.release(session)

    async def stop(self) -> None:
        """Begin no visit, give up those on the network, and finish writing what was seen."""
        self._halted = True
        await end(*self._under_way)
        async with self._going:
            pass

    async def _visit_all(self) -> int:
        """Visit and write down at the same time, so that neither waits for the other; how many visits that were."""
        self._visits, self._more_due = 0, True
        self._room = asyncio.Semaphore(MOST_UNWRITTEN)
        self._claimed.clear()
        await self._claim()
        if not self._claimed:
            return 0
        over = asyncio.Event()
        writing = asyncio.create_task(self._write_down(over))
        self._under_way = {asyncio.create_task(self._visit_on()) for _ in range(min(AT_ONCE, len(self._claimed)))}
        try:
            await asyncio.wait(self._under_way)
        finally:  # what was visited is written down, also where somebody ends this
            try:
                await end(*self._under_way)
            finally:
                over.set()
                self._to_write.set()
                await writing
        return self._visits

    async def _visit_on(self) -> None:
        """Visit one feed after the other while there are any, no faster than what they bring is written down."""
        while not self._halted:
            if len(self._claimed) < AT_ONCE and self._more_due and (not self._claimed or not self._claiming.locked()):
                await self._claim()
            await self._room.acquire()
            if not self._claimed:
                self._room.release()
                return
            await self._visit(self._claimed.popleft())

    async def _claim(self) -> None:
        """Take more of what is due, until there is none."""
        async with self._claiming:
            if self._halted or not self._more_due or len(self._claimed) >= AT_ONCE:
                return
            claimed = await self._claim_due()
            self._more_due = bool(claimed)
            self._claimed.extend(claimed)
            self._visits += len(claimed)

    async def _claim_due(self) -> list[ClaimedFeed]:
        # most of the time there is nothing, and nobody need wait for a writer
        async with self._database.read() as session:
            first = await feed_visits.next_due(session)
        now = self._now()
        if first is None or first > now:
            return []
        async with self._database.write() as session:
            claimed = await feed_visits.claim(session, now, LEASE, CLAIMED_AT_ONCE)
        if claimed:
            reach(FEED_CLAIMED)
        return claimed

    async def _visit(self, feed: ClaimedFeed) -> None:
        """One feed, up to what is to be recorded. Nothing that goes wrong here stops the others."""
        try:
            outcome = await self._look(feed)
        except Exception:
            log.exception("feed.not_visited", feed=feed.id)
            outcome = FeedOutcome(feed, FeedVisit(self._now(), problem="ours"))
        reach(FEED_FETCHED)
        self._finished.append(outcome)
        if len(self._finished) >= ENOUGH:
            self._to_write.set()

    async def _look(self, feed: ClaimedFeed) -> FeedOutcome:
        """Fetch a feed and read it, if there is anything new to read."""
        try:
            got = await self._web.get(feed.url, etag=feed.etag, modified=feed.modified, accept=ACCEPT)
        except FetchError as error:
            return FeedOutcome(feed, FeedVisit(self._now(), problem=error.reason))
        visit = FeedVisit(self._now(), got.status, None, got.headers, got.moved)
        outcome = FeedOutcome(feed, visit, etag=got.etag, modified=got.modified)
        if not visit.went_well or got.status == 304:
            return outcome
        digest = blake2b(got.body, digest_size=16).hexdigest()
        if digest == feed.digest:
            return outcome
        try:
            return await self._read(replace(outcome, digest=digest), got)
        except FeedUnreadable as error:
            return replace(outcome, visit=replace(visit, problem=error.reason))

    async def _read(self, outcome: FeedOutcome, got: Got) -> FeedOutcome:
        """Read a body. If it is a page, and the feed was never read, look at the feed that the page names."""
        found = await self._workers.read(got.body, got.url, got.header("content-type"), outcome.visit.at)
        if isinstance(found, Parsed):
            return replace(outcome, parsed=found, visit=replace(outcome.visit, ttl=found.minutes))
        if outcome.feed.read_before:
            raise FeedUnreadable("no_feed")
        for link in found:
            with suppress(FetchError, FeedUnreadable):
                named = await self._web.get(link.url, accept=ACCEPT)
                parsed = await self._workers.read(named.body, named.url, named.header("content-type"), self._now())
                if isinstance(parsed, Parsed):
                    return FeedOutcome(
                        outcome.feed,
                        FeedVisit(self._now(), named.status, None, named.headers, (), parsed.minutes),
                        parsed=parsed,
                        settled_at=link.url,
                        etag=named.etag,
                        modified=named.modified,
                        digest=blake2b(named.body, digest_size=16).hexdigest(),
                    )
        raise FeedUnreadable("no_feed")

    async def _write_down(self, over: asyncio.Event) -> None:
        """Write finished visits down, many in a transaction: when there are enough, after a while, and at the end."""
        while not over.is_set() or self._finished:
            with suppress(TimeoutError):
                async with asyncio.timeout(UNWRITTEN):
                    await self._to_write.wait()
            self._to_write.clear()
            while self._finished:
                batch = self._batch()
                await self._write(batch)
                for _ in batch:
                    self._room.release()

    def _batch(self) -> list[FeedOutcome]:
        """What is written in one transaction."""
        batch: list[FeedOutcome] = []
        brought = 0
        while self._finished and len(batch) < NOTED_AT_ONCE and brought < WRITTEN_AT_ONCE:
            batch.append(self._finished.popleft())
            brought += not batch[-1].is_quiet
        return batch

    async def _write(self, batch: Sequence[FeedOutcome]) -> None:
        try:
            await self._record(batch)
        except Exception as error:
            log.exception("feed.not_recorded", feeds=[outcome.feed.id for outcome in batch])
            if is_away(error):  # each by itself would wait as long; their leases run out
                if self._halted:
                    self._finished.clear()
                return
            for outcome in batch:  # one spoils it for the others
                await self._record_alone(outcome)

    async def _record(self, outcomes: Sequence[FeedOutcome]) -> None:
        chances = [self._chance.random() for _ in outcomes]
        async with self._database.write() as session:
            await record(session, self._catalog(), outcomes, chances, self._owners)
        reach(FEED_COMMITTED)

    async def _record_alone(self, outcome: FeedOutcome) -> None:
        """Write one visit down. One that cannot be counts as failed, so that it is not made again at once."""
        failed = FeedOutcome(outcome.feed, FeedVisit(outcome.visit.at, problem="ours"))
        for attempt in (outcome, failed):
            with suppress(Exception):  # it is logged
                await self._record([attempt])
                return
