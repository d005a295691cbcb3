"""A week with a hundred feeds, watched by a server that keeps score: nobody is visited early, twice, or without its validator.

The idea of such a score is Rachel Kroll's (rachelbythebay.com). The clock is ours, the requests are real, over loopback.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random

import pytest
from aiohttp import web
from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.tables import Feed
from tests.conftest import ENGINE, fresh_database
from tests.feeds.newsroom import BEGAN, Newsroom, article, rss
from tests.web.internet import Internet

FEEDS, WEEK = 100, timedelta(days=7)
SENT = {"Host", "User-Agent", "Accept", "Accept-Encoding", "If-None-Match", "If-Modified-Since"}
HOUR = timedelta(hours=1)


@dataclass
class Site:
    """A feed, how it wants to be visited, and how it was."""

    number: int
    wish: str
    hours: int
    version: int = 0
    visits: list[datetime] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unchanged: int = 0
    sent: tuple[str, str] = ("", "")

    @property
    def etag(self) -> str:
        return f'W/"{self.number}:{self.version}  odd "'

    @property
    def modified(self) -> str:
        return f"Version {self.version} of Sometime, {self.number:02}:00 (local)"

    def answer(self, request: web.Request, now: datetime) -> web.Response:
        if self.visits and now - self.visits[-1] < self.hours * HOUR:
            self.faults.append(f"early by {self.hours * HOUR - (now - self.visits[-1])}")
        if set(request.headers) - SENT or request.query_string or request.cookies:
            self.faults.append(f"stray: {set(request.headers) - SENT} {request.query_string}")
        known = (request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since"))
        if self.visits and known != self.sent:
            self.faults.append(f"validators came back as {known}")
        self.visits.append(now)
        self.sent = (self.etag, self.modified)
        headers = {"ETag": self.etag, "Last-Modified": self.modified, "Set-Cookie": "a=b", **self._wish(now)}
        if known == (self.etag, self.modified):
            self.unchanged += 1
            return web.Response(status=304, headers=headers)
        ttl = f"<ttl>{60 * self.hours}</ttl>" if self.wish == "ttl" else ""
        site = f"http://feed{self.number}.example/"
        items = [article(n, link=f"{site}{n}", guid=f"{site}{n}") for n in range(self.version + 1)]
        return web.Response(body=rss(*items, site=site, more=ttl), headers=headers)

    def publish(self) -> None:
        """Something new stands in the feed."""
        self.version += 1

    def _wish(self, now: datetime) -> dict[str, str]:
        if self.wish == "max-age":
            return {"Cache-Control": f"public, max-age={3600 * self.hours}"}
        if self.wish == "expires":
            return {"Expires": format_datetime(now + self.hours * HOUR + timedelta(seconds=1), usegmt=True)}
        return {"Retry-After": str(3600 * self.hours)} if self.wish == "retry-after" else {}


@pytest.fixture
async def sqlite_newsroom(request: pytest.FixtureRequest, tmp_path: object, net: Internet) -> object:
    database = Database(fresh_database(request, ENGINE, tmp_path))  # type: ignore[arg-type]
    async with Newsroom(database, net) as opened:
        yield opened
    await database.close()


@pytest.mark.slow
async def test_a_week_of_visits_without_a_fault(sqlite_newsroom: Newsroom, net: Internet) -> None:
    newsroom, chance = sqlite_newsroom, Random(8)
    sites: dict[str, Site] = {}
    for number in range(FEEDS):
        wish = ("max-age", "ttl", "expires", "retry-after")[number % 4] if number % 10 else "nothing"
        sites[f"feed{number}.example"] = Site(number, wish, 1 if wish == "nothing" else chance.choice([6, 9, 12, 30]))

        async def serve(request: web.Request) -> web.Response:
            return sites[request.host].answer(request, newsroom.time)

        net.site(f"feed{number}.example", serve)
        await newsroom.follow(f"http://feed{number}.example/feed.xml")
    for site in sites.values():
        site.hours = min(site.hours, 24)
    published = 0
    while True:
        async with newsroom.database.read() as session:
            due = await session.scalar(select(func.min(Feed.next_at)))
        assert due
        if due > BEGAN + WEEK:
            break
        newsroom.time = max(newsroom.time, due) + timedelta(minutes=45)  # the pulse comes a little later
        if chance.random() < 0.3:
            chance.choice(list(sites.values())).publish()
            published += 1
        await newsroom.poller.go()
        if chance.random() < 0.05:  # a restart must not reset anything
            newsroom.poller = newsroom.make_poller()
            await newsroom.poller.take_over()
    visits = sum(len(site.visits) for site in sites.values())
    assert [fault for site in sites.values() for fault in site.faults] == []
    assert visits > 15 * FEEDS
    assert visits - sum(site.unchanged for site in sites.values()) <= FEEDS + published
    for site in sites.values():
        gaps = [later - earlier for earlier, later in zip(site.visits, site.visits[1:], strict=False)]
        assert max(gaps) <= min(site.hours * HOUR * 1.1, timedelta(hours=24)) + timedelta(minutes=50)
