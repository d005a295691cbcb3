"""Where feeds are published and visited: sites with feeds on a small Internet, a poller, and a clock that only moves when told to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from random import Random
from typing import Any, Self
from xml.sax.saxutils import escape

from aiohttp import web
from sqlalchemy import select

from bot.catalog.address import canonical
from bot.catalog.entry import Catalog
from bot.curation.intake import address_key
from bot.errors import FeedUnreadable
from bot.feeds.decide import host_of
from bot.feeds.discover import FeedLink, discover
from bot.feeds.item import Parsed
from bot.feeds.poll import Poller
from bot.feeds.read import read_feed
from bot.feeds.workers import Workers
from bot.store import feeds
from bot.store.database import Database
from bot.store.tables import Feed, FeedItem, Outgoing, Suggestion
from tests.web.internet import Internet

BEGAN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def rss(*items: dict[str, Any], title: str = "A blog", site: str = "http://blog.example/", more: str = "") -> bytes:
    """An RSS 2.0 document; an item is {title, link, guid, date, text}, each left out if it is not there."""
    written = "".join(map(_item, items))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(title)}</title>'
        f"<link>{site}</link>{more}{written}</channel></rss>"
    ).encode()


def _item(item: dict[str, Any]) -> str:
    date = item.get("date")
    stated = format_datetime(date) if isinstance(date, datetime) else date
    parts = {
        "title": item.get("title"),
        "link": item.get("link"),
        'guid isPermaLink="false"': item.get("guid"),
        "pubDate": stated,
        "description": item.get("text"),
    }
    inner = "".join(f"<{tag}>{escape(str(value))}</{tag.split()[0]}>" for tag, value in parts.items() if value)
    return f"<item>{inner}</item>"


def article(number: int, **given: Any) -> dict[str, Any]:
    """The n-th article of a blog, one a day."""
    usual = {
        "title": f"Article {number}",
        "link": f"http://blog.example/{number}",
        "guid": f"tag:{number}",
        "date": BEGAN - timedelta(days=100 - number),
    }
    return {**usual, **given}


class InThisProcess(Workers):
    """Reads feeds without other processes, where a test is about something else."""

    async def read(self, body: bytes, url: str, content_type: str, now: datetime) -> Parsed | tuple[FeedLink, ...]:
        """As a worker does."""
        try:
            return read_feed(body, url, content_type, now)
        except FeedUnreadable:
            if links := discover(body, url):
                return links
            raise


class Newsroom:
    """A poller and what it sees."""

    def __init__(self, database: Database, net: Internet, catalog: Catalog | None = None) -> None:
        self.database = database
        self.net = net
        self.catalog = catalog or Catalog(version=1)
        self.time = BEGAN
        self.answers: dict[str, web.Response | bytes] = {}
        self.web = net.fetcher(patience=5)
        self.poller = self.make_poller()

    def make_poller(self, workers: Workers | None = None) -> Poller:
        """Another process' poller, say."""
        return Poller(
            self.database,
            lambda: self.catalog,
            self.web,
            workers or InThisProcess(),
            lambda: self.time,
            Random(4),
            (("terminal", "carla"),),
        )

    async def __aenter__(self) -> Self:
        self.web.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.poller.stop()
        await self.web.close()

    def publish(self, body: bytes, host: str = "blog.example", etag: str = "", **headers: str) -> None:
        """Put a document at every path of a host; with an ETag of its own unless said, so that 304 works as it should."""
        tag = etag or f'"{blake2b(body, digest_size=6).hexdigest()}"'
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def give(request: web.Request) -> web.Response:
            if request.headers.get("If-None-Match") == tag:
                return web.Response(status=304, headers={"ETag": tag, **named})
            return web.Response(body=body, headers={"ETag": tag, **named})

        self.net.site(host, give)

    def fail(self, status: int, host: str = "blog.example", **headers: str) -> None:
        """Let a host answer with a status and nothing else."""
        self.net.page(host, b"", status, **headers)

    async def follow(self, url: str = "http://blog.example/feed", **columns: Any) -> int:
        """Follow a feed; its number."""
        key = address_key(canonical(url))
        usual = {"title": "", "origin": "chat", "added_at": self.time, "next_at": self.time}
        async with self.database.write() as session:
            feed = await feeds.add(
                session, **{**usual, "given_key": key, "url_key": key, "url": url, "host": host_of(url), **columns}
            )
        return feed.id

    async def visit(self, **after: float) -> int:
        """Let time pass and visit what is due."""
        self.time += timedelta(**after)
        return await self.poller.go()

    async def visit_when_due(self) -> None:
        """Let time pass until the first feed is due, and visit it."""
        async with self.database.read() as session:
            due = await session.scalar(select(Feed.next_at).where(Feed.state == "active").order_by(Feed.next_at))
        self.time = max(self.time, due or self.time)
        await self.poller.go()

    async def feed(self, feed_id: int = 1) -> Feed:
        """A feed's row."""
        async with self.database.read() as session:
            found = await session.get(Feed, feed_id)
        assert found
        return found

    async def fates(self, feed_id: int = 1) -> list[tuple[str, str]]:
        """What became of each item, in the order they were written down."""
        async with self.database.read() as session:
            rows = await session.execute(
                select(FeedItem.title, FeedItem.fate).where(FeedItem.feed_id == feed_id).order_by(FeedItem.id)
            )
            return [(title, fate) for title, fate in rows]

    async def titles(self) -> list[str]:
        """The queue, in the order in which it came."""
        async with self.database.read() as session:
            rows = await session.scalars(select(Suggestion).order_by(Suggestion.id))
            return [str(row.facts.get("title")) for row in rows]

    async def told(self) -> list[str]:
        """What the curators were told."""
        async with self.database.read() as session:
            rows = await session.scalars(select(Outgoing).where(Outgoing.kind == "feed").order_by(Outgoing.id))
            return [row.facts["says"] for row in rows]

    def requests(self, host: str = "blog.example") -> Sequence[web.Request]:
        """What a host was asked."""
        return [request for request in self.net.asked if request.host == host]
