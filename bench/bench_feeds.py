"""Visiting 1,000 feeds over loopback, side by side with the library `reader` (its `update_feeds` with workers), in one run.

Run `python -m bench.bench_feeds`. The feeds are of mixed size; one round reads all of them for the first time, then rounds in which
few, and rounds in which all changed. Both sides keep what they saw in SQLite. Printed are feeds a second, the longest stall of the
bot's own loop meanwhile, and the memory over twenty rounds. The aim is twice the peer's pace where most are unchanged and no less
than its pace where all changed.
"""

from __future__ import annotations

import asyncio
import logging
import resource
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import feedparser_sgmllib
from aiohttp import web

from bot.catalog.entry import Catalog
from bot.feeds.poll import Poller
from bot.feeds.workers import Workers
from bot.logs import set_up
from bot.settings import read_settings
from bot.store import feeds
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.web.fetch import Fetcher

sys.modules.setdefault("sgmllib", feedparser_sgmllib)  # the peer's own copy of feedparser asks for it by its old name
import reader as peer  # noqa: E402

FEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
ROUNDS = 20
SIZES = ((60, 8), (30, 20), (10, 60))
"""Of a hundred feeds, how many have how many items."""
PEER_WORKERS = 20


class Press:
    """Serves the feeds, in a thread of its own: an ETag for each version, 304 for who has it."""

    def __init__(self) -> None:
        chance = Random(3)
        self.sizes = [size for share, size in SIZES for _ in range(FEEDS * share // 100)]
        chance.shuffle(self.sizes)
        self.versions = [1] * len(self.sizes)
        self.port = 0
        self.answers = {200: 0, 304: 0}
        self._texts = [f"<p>{'word ' * chance.randint(40, 400)}</p>" for _ in range(50)]
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    async def _serve(self) -> None:
        app = web.Application()
        app.router.add_get("/{number}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._ready.set()
        await asyncio.Event().wait()

    async def _answer(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        etag = f'"{number}-{self.versions[number]}"'
        if request.headers.get("If-None-Match") == etag:
            self.answers[304] += 1
            return web.Response(status=304, headers={"ETag": etag})
        self.answers[200] += 1
        return web.Response(body=self._document(number), headers={"ETag": etag, "Content-Type": "application/rss+xml"})

    def _document(self, number: int) -> str:
        newest = self.versions[number] + self.sizes[number]
        items = "".join(
            f"<item><title>Article {n} of {number}</title><link>http://feed{number}.example/{n}</link>"
            f'<guid isPermaLink="false">{number}:{n}</guid><pubDate>{DATE}</pubDate>'
            f"<description><![CDATA[{self._texts[n % 50]}]]></description></item>"
            for n in range(newest, newest - self.sizes[number], -1)
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed {number}</title>'
            f"<link>http://feed{number}.example/</link>{items}</channel></rss>"
        )

    def change(self, share: float) -> None:
        """Publish something new in a share of the feeds."""
        for number in range(int(len(self.versions) * share)):
            self.versions[number] += 1


DATE = "Sun, 01 Mar 2026 10:00:00 GMT"


class Ours:
    """The bot's poller with its own database, workers and clock."""

    def __init__(self, folder: Path, press: Press) -> None:
        self.time = datetime(2026, 3, 2, 12, tzinfo=UTC)
        self.database = Database(f"sqlite:///{folder / 'ours.sqlite'}")
        self.press = press
        self.workers = Workers()

        async def resolve(host: str, port: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", press.port)]

        self.web = Fetcher(allowed=lambda _: True, resolve=resolve)
        self.poller = Poller(
            self.database, lambda: Catalog(version=1), self.web, self.workers, lambda: self.time, Random(1)
        )

    async def begin(self) -> None:
        """Follow everything."""
        await migrate(self.database)
        self.web.open()
        async with self.database.write() as session:
            for number in range(len(self.press.sizes)):
                url = f"http://feed{number}.example/{number}"
                await feeds.add(
                    session,
                    given_key=f"{number}",
                    url_key=f"{number}",
                    url=url,
                    host=f"feed{number}.example",
                    title=f"Feed {number}",
                    origin="chat",
                    added_at=self.time,
                    next_at=self.time,
                )

    async def round(self) -> None:
        """Visit all of them."""
        self.time += timedelta(days=1, hours=2)
        visits = await self.poller.go()
        assert visits == len(self.press.sizes), visits

    async def end(self) -> None:
        """Let everything go."""
        await self.poller.stop()
        await self.workers.close()
        await self.web.close()
        await self.database.close()


async def longest_stall(stop: asyncio.Event) -> float:
    """How long the loop stood still at most: a dose that is due waits no longer than that."""
    most = 0.0
    while not stop.is_set():
        before = perf_counter()
        await asyncio.sleep(0.005)
        most = max(most, perf_counter() - before - 0.005)
    return most


async def timed(ours: Ours) -> tuple[float, float]:
    """Seconds of a round, and the longest stall."""
    stop = asyncio.Event()
    watching = asyncio.create_task(longest_stall(stop))
    began = perf_counter()
    await ours.round()
    took = perf_counter() - began
    stop.set()
    return took, await watching


class Theirs:
    """The peer, as its guide says: a storage file, `update_feeds` with workers."""

    def __init__(self, folder: Path, press: Press) -> None:
        self.reader: Any = peer.make_reader(str(folder / "theirs.sqlite"))
        self.press = press
        for number in range(len(press.sizes)):
            self.reader.add_feed(f"http://127.0.0.1:{press.port}/{number}")

    def round(self) -> float:
        """Seconds of a round."""
        began = perf_counter()
        self.reader.update_feeds(scheduled=False, workers=PEER_WORKERS)
        return perf_counter() - began


def memory() -> float:
    """Megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


async def main() -> int:
    set_up(read_settings(None, log_level="ERROR"))
    logging.getLogger("reader").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return await compare(folder)


async def compare(folder: Path) -> int:
    """Both sides, round for round on the same documents."""
    press = Press()
    ours, theirs = Ours(folder, press), Theirs(folder, press)
    await ours.begin()
    print(f"{len(press.sizes)} feeds, {sum(press.sizes):,} items, reader {peer.__version__}")
    good = True
    for what, share, aim in (
        ("for the first time", 0.0, 0.0),
        ("unchanged", 0.0, 2.0),
        ("one in twenty changed", 0.05, 2.0),
        ("all changed", 1.0, 1.0),
    ):
        press.change(share)
        took, stall = await timed(ours)
        their_time = await asyncio.to_thread(theirs.round)
        ratio = their_time / took
        good &= ratio >= aim
        print(
            f"{what:24} ours {len(press.sizes) / took:7.0f} feeds/s   theirs {len(press.sizes) / their_time:7.0f} feeds/s"
            f"   ratio {ratio:5.1f}   longest stall {1000 * stall:4.0f} ms",
            flush=True,
        )
    await watch_memory(ours, press, print)
    await ours.end()
    print("every aim reached" if good else "an aim was missed; the figures say which")
    return 0


async def watch_memory(ours: Ours, press: Press, say: Callable[[str], None]) -> None:
    """Twenty rounds, one in ten changed, and what the process holds after each fifth."""
    held = []
    for number in range(ROUNDS):
        press.change(0.1)
        await ours.round()
        if number % 5 == 4:
            held.append(f"{memory():.0f}")
    say(f"memory after 5, 10, 15, 20 rounds: {', '.join(held)} MB")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
