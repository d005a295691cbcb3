from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.feeds.workers import Workers
from bot.store.database import Database
from tests.feeds.newsroom import Newsroom
from tests.web.internet import Internet


@pytest.fixture
async def net() -> AsyncIterator[Internet]:
    """A small Internet on loopback."""
    async with Internet() as opened:
        yield opened


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    """Processes that read feeds."""
    opened = Workers()
    yield opened
    await opened.close()


@pytest.fixture
async def newsroom(database: Database, net: Internet) -> AsyncIterator[Newsroom]:
    """A poller on a database (both engines), a small Internet, and a clock that only moves when told to."""
    async with Newsroom(database, net) as opened:
        yield opened
