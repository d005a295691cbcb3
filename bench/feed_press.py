"""The sites of `bench/bench_feeds.py`: a process that serves feeds over loopback, each with an ETag, 304 for who has it.

press = Press(1000)         starts the process
press.change(0.05)          publishes something new in one of twenty
press.end()
"""

from __future__ import annotations

import asyncio
import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from typing import Any

from aiohttp import web

SIZES = ((60, 8), (30, 20), (10, 60))
"""Of a hundred feeds, how many have how many items."""
DATE = "Sun, 01 Mar 2026 10:00:00 GMT"


def sizes_of(feeds: int) -> list[int]:
    """How many items each feed has, in an order by chance that is always the same."""
    sizes = [size for share, size in SIZES for _ in range(feeds * share // 100)]
    Random(3).shuffle(sizes)
    return sizes


class Press:
    """The process, as the bench holds it."""

    def __init__(self, feeds: int) -> None:
        self.feeds = len(sizes_of(feeds))
        self._line, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_serve, args=(feeds, theirs), daemon=True)
        self._process.start()
        self.port: int = self._line.recv()

    def change(self, share: float) -> None:
        """Publish something new in a share of the feeds."""
        self._line.send(share)
        self._line.recv()

    def end(self) -> None:
        """Stop serving."""
        self._line.send(None)
        self._process.join()


def _serve(feeds: int, line: Connection[Any, Any]) -> None:
    site = _Site(feeds)
    loop = asyncio.new_event_loop()
    threading.Thread(target=lambda: loop.run_until_complete(site.serve(line)), daemon=True).start()
    while (share := line.recv()) is not None:
        site.change(share)
        line.send(True)


class _Site:
    """What is published; in the process."""

    def __init__(self, feeds: int) -> None:
        chance = Random(4)
        self._sizes = sizes_of(feeds)
        self._versions = [1] * len(self._sizes)
        self._texts = [f"<p>{'word ' * chance.randint(40, 400)}</p>" for _ in range(50)]

    async def serve(self, line: Connection[Any, Any]) -> None:
        """Listen, tell the port, and go on for ever."""
        runner = web.ServerRunner(web.Server(self._answer, access_log=None))
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
        line.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    def change(self, share: float) -> None:
        """One more item in the first feeds."""
        for number in range(int(len(self._versions) * share)):
            self._versions[number] += 1

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        number = int(request.path.strip("/"))
        etag = f'"{number}-{self._versions[number]}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=self._document(number), headers={"ETag": etag, "Content-Type": "application/rss+xml"})

    def _document(self, number: int) -> bytes:
        newest = self._versions[number] + self._sizes[number]
        items = "".join(
            f"<item><title>Article {n} of {number}</title><link>http://feed{number}.example/{n}</link>"
            f'<guid isPermaLink="false">{number}:{n}</guid><pubDate>{DATE}</pubDate>'
            f"<description><![CDATA[{self._texts[n % 50]}]]></description></item>"
            for n in range(newest, newest - self._sizes[number], -1)
        )
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Feed {number}</title>'
            f"<link>http://feed{number}.example/</link>{items}</channel></rss>"
        ).encode()
