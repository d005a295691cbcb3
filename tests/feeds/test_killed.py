"""`kill -9` at each step of a visit: no item is lost and none comes twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.failpoints import FEED_COMMITTED, FEED_ITEMS, OF_A_FEED, VARIABLE
from bot.store.database import Database
from tests.conftest import fresh_database
from tests.feeds.newsroom import Newsroom, article, rss
from tests.web.internet import Internet

VISIT = """
import asyncio, sys
from datetime import datetime, timedelta
from pathlib import Path
sys.path.insert(0, {root!r})
from bot.store.database import Database
from tests.feeds.newsroom import BEGAN, Newsroom
from tests.web.internet import Internet

async def visit():
    database = Database({url!r})
    net = Internet()
    net._ports["blog.example"] = {port}
    async with Newsroom(database, net) as newsroom:
        newsroom.time = BEGAN + timedelta(hours={hours})
        await newsroom.poller.go()
    await database.close()

asyncio.run(visit())
"""
ROOT = str(Path(__file__).parent.parent.parent)


async def visit_elsewhere(url: str, net: Internet, hours: int, failpoint: str = "") -> int:
    """Another process visits what is due at that hour, and dies where it should; its exit code."""
    code = VISIT.format(root=ROOT, url=url, port=net._ports["blog.example"], hours=hours)
    environment = {**os.environ, VARIABLE: failpoint}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=environment)
    return await asyncio.wait_for(process.wait(), 60)


@pytest.mark.parametrize(
    ("failpoint", "engine"), [*((place, "sqlite") for place in OF_A_FEED), (FEED_ITEMS, "postgresql")]
)
async def test_a_kill_loses_no_item_and_doubles_none(
    request: pytest.FixtureRequest, tmp_path: Path, net: Internet, failpoint: str, engine: str
) -> None:
    url = fresh_database(request, engine, tmp_path)
    database = Database(url)
    newsroom = Newsroom(database, net)
    newsroom.publish(rss(article(1), article(2)), etag='"1"')
    await newsroom.follow()
    assert await visit_elsewhere(url, net, 0, failpoint) == -signal.SIGKILL
    feed, titles = await newsroom.feed(), await newsroom.titles()
    whole = failpoint == FEED_COMMITTED  # the validator and the items are there, or none of them
    assert feed.etag == ('"1"' if whole else None)
    assert titles == (["Article 1", "Article 2"] if whole else [])
    assert await visit_elsewhere(url, net, 2) == 0
    assert await newsroom.titles() == ["Article 1", "Article 2"]
    assert (await newsroom.feed()).etag == '"1"'
    await newsroom.web.close()
    await database.close()
