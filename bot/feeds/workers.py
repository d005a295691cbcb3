"""Processes that read what strangers wrote, feeds and pages: bounded in processor, memory and time, killed and replaced.

A body can make any parser slow (320 kB of `<!--` take nine seconds, one tag of a hundred thousand attributes two minutes) or large (a
page of entities). The process that reads it gets five seconds of processor and half a gigabyte from the operating system, which ends it
if it wants more; pebble starts another. No thread could be ended, and the end of the bot would wait for it.
"""

from __future__ import annotations

import asyncio
import gc
import resource
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError as TooSlow
from datetime import datetime
from multiprocessing import get_context
from typing import cast

from pebble import ProcessExpired, ProcessPool

from bot.curation.describe import Described, describe
from bot.errors import FeedUnreadable
from bot.feeds.discover import FeedLink, discover
from bot.feeds.item import Parsed
from bot.feeds.opml import FeedList, read_opml

PROCESSOR = 5
"""Seconds of computing for one feed or page."""
MEMORY = 512 * 1024 * 1024
PATIENCE = 15.0
"""Seconds on the clock for it, on a machine that is busy with other things as well."""
WORKERS = 2
BEFORE_FRESH = 500
"""How many a process reads before a fresh one takes over, whatever it may have gathered meanwhile."""


class Workers:
    """Reads feeds and pages in processes of their own. They start with the first and end with `close`."""

    def __init__(self) -> None:
        self._pool: ProcessPool | None = None

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
        """Let a process do something within its limits."""
        if self._pool is None or not self._pool.active:  # a pool that could not start its processes gives up for good
            self._pool = ProcessPool(
                max_workers=WORKERS,
                max_tasks=BEFORE_FRESH,
                context=get_context("spawn"),
                initializer=_begin,
            )
        doing = self._pool.schedule(do, args=list(given), timeout=PATIENCE)
        try:
            return await asyncio.wrap_future(doing)
        except TooSlow:
            raise FeedUnreadable("too_slow") from None
        except ProcessExpired:
            raise FeedUnreadable("too_much") from None
        except MemoryError:
            raise FeedUnreadable("too_much") from None

    async def close(self) -> None:
        """End the processes; what they read is given up."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.stop()
            await asyncio.to_thread(pool.join)


def _begin() -> None:
    """In a fresh process: load what every feed and page needs, then draw the line for memory."""
    import feedparser  # noqa: F401 (loaded once; `read_feed` uses it)

    from bot.feeds import read  # noqa: F401

    gc.freeze()  # what is loaded stays; no look for garbage needs to go through it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(body: bytes, url: str, content_type: str, now: datetime) -> Parsed | tuple[FeedLink, ...]:
    """In the process: a feed, or the feeds that a page names."""
    from bot.feeds.read import read_feed

    _draw_the_line()
    try:
        return read_feed(body, url, content_type, now)
    except FeedUnreadable:
        if links := discover(body, url):
            return links
        raise


def _read_list(content: bytes) -> FeedList:
    """In the process: somebody's list of feeds."""
    _draw_the_line()
    return read_opml(content)


def _describe(url: str, headers: Mapping[str, str], content: bytes) -> Described:
    """In the process: a page behind a suggestion."""
    _draw_the_line()
    return describe(url, headers, content)


def _draw_the_line() -> None:
    """Five seconds of the processor from here."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + PROCESSOR + 1, resource.RLIM_INFINITY))
