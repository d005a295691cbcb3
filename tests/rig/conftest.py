"""A local Bot API server for every test that asks for one, checked at the end; a bot on it; and Ana."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot

from tests.rig.telegram import Person, TelegramServer


@pytest.fixture(autouse=True)
def _spans_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns wherever it gives seconds as a number unless it may give them as a timedelta."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server
        server.check()


@pytest_asyncio.fixture
async def bot(telegram: TelegramServer) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url) as bot:
        yield bot


@pytest.fixture
def ana(telegram: TelegramServer) -> Person:
    return telegram.person(7, "Ana", "pt-br", started=True)
