"""However heavy a body is, the loop goes on, the worker that choked is replaced, and the next feed is read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.errors import FeedUnreadable
from bot.feeds.discover import FeedLink
from bot.feeds.item import Parsed
from bot.feeds.workers import Workers
from tests.feeds.hostile import HEAVY
from tests.feeds.shapes import SHAPES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "http://x.example/feed"


async def longest_stall(stop: asyncio.Event) -> float:
    """How long the loop stood still at most, in seconds."""
    loop, most = asyncio.get_running_loop(), 0.0
    while not stop.is_set():
        before = loop.time()
        await asyncio.sleep(0.005)
        most = max(most, loop.time() - before - 0.005)
    return most


async def test_heavy_feeds_end_and_the_next_one_is_read(workers: Workers) -> None:
    """All of them at once, on two workers."""
    await workers.read(SHAPES["Atom 1.0"].body, URL, "", NOW)
    stop = asyncio.Event()
    stalls = asyncio.create_task(longest_stall(stop))
    ends = await asyncio.gather(*(workers.read(body, URL, "", NOW) for body in HEAVY.values()), return_exceptions=True)
    stop.set()
    for name, end in zip(HEAVY, ends, strict=True):
        assert isinstance(end, Parsed | FeedUnreadable), f"{name}: {end!r}"
    print(f"the loop stood still for {1000 * await stalls:.0f} ms")
    again = await workers.read(SHAPES["Atom 1.0"].body, URL, "", NOW)
    assert isinstance(again, Parsed)
    assert len(again.items) == 1


async def test_too_much_computing_and_too_much_memory_are_told_apart_from_no_feed(workers: Workers) -> None:
    for body, reasons in ((b"<html>", {"no_feed"}), (b"", {"empty"}), (b"{}", {"no_feed"})):
        with pytest.raises(FeedUnreadable) as refused:
            await workers.read(body, URL, "", NOW)
        assert refused.value.reason in reasons


async def test_a_page_gives_the_feeds_it_names(workers: Workers) -> None:
    page = b"<html><head><link rel=alternate type='application/rss+xml' href=/a title=A>"
    assert await workers.read(page, URL, "text/html", NOW) == (FeedLink("http://x.example/a", "A"),)


async def test_a_page_that_chokes_its_reader_is_given_up_and_the_next_one_is_read(workers: Workers) -> None:
    """No thread could be ended: the bot would wait for it when it stops."""
    endless = b"<a " + b"".join(b'a%d=">"' % n for n in range(130_000)) + b">"
    with pytest.raises(FeedUnreadable, match="too_"):
        await workers.describe(URL, {"content-type": "text/html"}, endless)
    found = await workers.describe(URL, {"content-type": "text/html"}, b"<title>Trees</title>")
    assert found.title == "Trees"


async def test_what_is_closed_can_be_opened_again(workers: Workers) -> None:
    for _ in range(2):
        assert isinstance(await workers.read(SHAPES["RDF 1.0"].body, URL, "", NOW), Parsed)
        await workers.close()
