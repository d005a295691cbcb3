"""Processes that read what strangers wrote, feeds and pages: bounded in processor, memory and time, killed and replaced.

A body can make any parser slow (320 kB of `<!--` take nine seconds, one tag of a hundred thousand attributes two minutes) or large (a
page of entities). The process that reads it gets five seconds of processor and half a gigabyte from the operating system, which ends it
if it wants more; pebble starts another. No thread could be ended, and the end of the bot would wait for it.

The limits hold while a body is read and not before: a process that ended while it took one in would leave a task that pebble waits for
without an end. What ends it then all the same, such as the system's own want of memory, costs the pool: it is given up for a fresh one,
in which the body beside the lost one begins once more.
"""

from __future__ import annotations

import asyncio
import gc
import resource
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing import get_context
from typing import cast

import structlog
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.curation.describe import Described, describe
from bot.errors import FeedUnreadable
from bot.feeds.discover import FeedLink, discover
from bot.feeds.item import Parsed
from bot.feeds.opml import FeedList, read_opml

log = structlog.get_logger("feeds")

PROCESSOR = 5
"""Seconds of computing for one feed or page."""
MEMORY = 512 * 1024 * 1024
PATIENCE = 15.0
"""Seconds on the clock for it, on a machine that is busy with other things as well."""
ENDS_WITHIN = PATIENCE + 45.0
"""Seconds after which a body is lost, and the pool with it: with those that it takes to start a process."""
WORKERS = 2
BEFORE_FRESH = 500
"""How many a process reads before a fresh one takes over, whatever it may have gathered meanwhile."""


class _GivenUp(Exception):
    """The pool was given up for another body's sake."""


class Workers:
    """Reads feeds and pages in processes of their own. They start with the first and end with `close`."""

    def __init__(self) -> None:
        self._pool: ProcessPool | None = None
        self._lost: ProcessPool | None = None
        self._in_hand: dict[ProcessFuture[object], ProcessPool] = {}
        self._free = asyncio.Semaphore(WORKERS)

    async def read(self, body: bytes, url: str, content_type: str, now: datetime) -> Parsed | tuple[FeedLink, ...]:
        """The feed in these bytes, or, of a page, the feeds that it names. Raises FeedUnreadable."""
        return cast("Parsed | tuple[FeedLink, ...]", await self._let(_read, body, url, content_type, now))

    async def read_list(self, content: bytes) -> FeedList:
        """The list of feeds in a file that somebody handed in. Raises FeedUnreadable."""
        return cast("FeedList", await self._let(_read_list, content))

    async def describe(self, url: str, headers: Mapping[str, str], content: bytes) -> Described:
        """What a page says about itself. Raises FeedUnreadable where that takes too much."""
        return cast("Described", await self._let(_describe, url, dict(headers), content))

    async def _let(self, do: Callable[..., object], *given: object) -> object:
        """Let a process do something within its limits; twice at most, where the first pool was lost to another body."""
        async with self._free:  # so that it begins at once
            for _ in range(2):
                with suppress(_GivenUp):
                    return await self._let_once(do, *given)
            raise FeedUnreadable("too_slow")

    async def _let_once(self, do: Callable[..., object], *given: object) -> object:
        pool = await self._open()
        doing = pool.schedule(do, args=list(given), timeout=PATIENCE)
        self._in_hand[doing] = pool
        within = asyncio.timeout(ENDS_WITHIN)
        try:
            async with within:
                return await asyncio.wrap_future(doing)
        except TimeoutError:
            if within.expired():
                await self._give_up(pool, "lost")
            raise FeedUnreadable("too_slow") from None
        except BrokenProcessPool:
            if self._lost is pool:
                raise _GivenUp from None
            await self._give_up(pool, "broken")
            raise FeedUnreadable("too_much") from None
        except (ProcessExpired, MemoryError):
            raise FeedUnreadable("too_much") from None
        finally:
            del self._in_hand[doing]

    async def _open(self) -> ProcessPool:
        """The pool that works; a fresh one where none does."""
        if self._pool and not self._pool.active:  # it lost a process for good; the other one is still there
            await self.close()
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=WORKERS,
                max_tasks=BEFORE_FRESH,
                context=get_context("spawn"),
                initializer=_begin,
            )
        return self._pool

    async def _give_up(self, pool: ProcessPool, why: str) -> None:
        """End a pool that lost its way; the next body opens another."""
        if self._pool is pool:
            log.warning("feeds.readers_given_up", why=why)
            self._lost = pool
            await self.close()
            for doing in [doing for doing, where in self._in_hand.items() if where is pool and not doing.done()]:
                doing.set_exception(_GivenUp())  # its threads have ended: nobody else would say so

    async def close(self) -> None:
        """End the processes; what they read is given up."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.stop()
            await asyncio.to_thread(pool.join)


def _begin() -> None:
    """In a fresh process: load what every feed and page needs."""
    import feedparser  # noqa: F401 (loaded once; `read_feed` uses it)

    from bot.feeds import read  # noqa: F401

    gc.freeze()  # what is loaded stays; no look for garbage needs to go through it
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(body: bytes, url: str, content_type: str, now: datetime) -> Parsed | tuple[FeedLink, ...]:
    """In the process: a feed, or the feeds that a page names."""
    from bot.feeds.read import read_feed

    with _limits():
        try:
            return read_feed(body, url, content_type, now)
        except FeedUnreadable:
            if links := discover(body, url):
                return links
            raise


def _read_list(content: bytes) -> FeedList:
    """In the process: somebody's list of feeds."""
    with _limits():
        return read_opml(content)


def _describe(url: str, headers: Mapping[str, str], content: bytes) -> Described:
    """In the process: a page behind a suggestion."""
    with _limits():
        return describe(url, headers, content)


@contextmanager
def _limits() -> Iterator[None]:
    """Five seconds of the processor from here, and the memory; both are lifted again when the work is done."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(int(used.ru_utime + used.ru_stime) + PROCESSOR + 1, MEMORY)
    try:
        yield
    finally:
        _limit(resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def _limit(processor: int, memory: int) -> None:
    """Draw the lines where they can be drawn over again, and no further out than the process may go anyway."""
    for what, most in ((resource.RLIMIT_CPU, processor), (resource.RLIMIT_AS, memory)):
        hard = resource.getrlimit(what)[1]
        bounds = [bound for bound in (most, hard) if bound != resource.RLIM_INFINITY]
        resource.setrlimit(what, (min(bounds, default=resource.RLIM_INFINITY), hard))
