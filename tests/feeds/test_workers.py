"""However heavy a body is, the loop goes on, the worker that choked is replaced, and the next feed is read."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from datetime import UTC, datetime
from multiprocessing import active_children
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.errors import FeedUnreadable
from bot.feeds.discover import FeedLink
from bot.feeds.item import Parsed
from bot.feeds.workers import Workers
from tests.feeds.hostile import HEAVY
from tests.feeds.shapes import SHAPES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "http://x.example/feed"

ENDLESS = b"<a " + b"".join(b'a%d=">"' % n for n in range(130_000)) + b">"


class KillsItsReader:
    """What a process cannot even take in: it ends before it says what it had in hand."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _no_memory, ()


def _no_memory() -> NoReturn:
    raise MemoryError


def slow_the_first_time(mark: Path) -> str:
    """In the process: whoever comes first takes longer than a test may."""
    if mark.exists():
        return "read"
    mark.touch()
    time.sleep(60)
    return "too late"


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
    with pytest.raises(FeedUnreadable, match="too_"):
        await workers.describe(URL, {"content-type": "text/html"}, ENDLESS)
    found = await workers.describe(URL, {"content-type": "text/html"}, b"<title>Trees</title>")
    assert found.title == "Trees"


@pytest.mark.parametrize("beside", [ENDLESS, None], ids=["beside another", "alone"])
async def test_what_ends_its_process_unread_holds_up_nobody(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, beside: bytes | None
) -> None:
    """Beside another body nobody notices which one was lost; alone it takes the whole pool along."""
    assert isinstance(await workers.read(SHAPES["Atom 1.0"].body, URL, "", NOW), Parsed)
    monkeypatch.setattr("bot.feeds.workers.ENDS_WITHIN", 3.0)
    bodies: list[Any] = [KillsItsReader()] if beside is None else [beside, KillsItsReader()]
    ends = await asyncio.gather(*(workers.read(body, URL, "", NOW) for body in bodies), return_exceptions=True)
    assert [type(end) for end in ends] == [FeedUnreadable] * len(bodies)
    assert isinstance(await workers.read(SHAPES["Atom 1.0"].body, URL, "", NOW), Parsed)


async def test_whoever_is_read_beside_a_lost_body_begins_once_more(
    workers: Workers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not left to wait in a pool that is gone, and not blamed for it."""
    async with asyncio.timeout(50):
        beside = asyncio.create_task(workers._let(slow_the_first_time, tmp_path / "mark"))
        while not (tmp_path / "mark").exists():  # noqa: ASYNC110 (another process says so)
            await asyncio.sleep(0.02)
        monkeypatch.setattr("bot.feeds.workers.ENDS_WITHIN", 1.0)
        lost = asyncio.create_task(workers.read(KillsItsReader(), URL, "", NOW))  # type: ignore[arg-type]
        await asyncio.sleep(0.1)
        monkeypatch.undo()
        with pytest.raises(FeedUnreadable):
            await lost
        assert await beside == "read"


async def test_a_pool_that_lost_a_process_leaves_none_behind(workers: Workers) -> None:
    """As where the system wants memory and ends one that has nothing to do."""
    others = set(active_children())
    assert isinstance(await workers.read(SHAPES["Atom 1.0"].body, URL, "", NOW), Parsed)
    killed, *left = [process for process in active_children() if process not in others]
    assert left
    os.kill(int(killed.pid or 0), signal.SIGKILL)
    async with asyncio.timeout(30):
        while workers._pool and workers._pool.active:  # noqa: ASYNC110 (the pool gives no event)
            await asyncio.sleep(0.02)
    assert isinstance(await workers.read(SHAPES["Atom 1.0"].body, URL, "", NOW), Parsed)
    assert not any(process.is_alive() for process in left)


async def test_what_is_closed_can_be_opened_again(workers: Workers) -> None:
    for _ in range(2):
        assert isinstance(await workers.read(SHAPES["RDF 1.0"].body, URL, "", NOW), Parsed)
        await workers.close()
