"""A Telegram server, a host, and a door between them; Ana writes Portuguese, Bruno English."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.doors.telegram import TelegramDoor
from bot.doors.telegram.library import Http
from tests.rig.telegram import Person, TelegramServer

from .toy import MENUS, ToyHost, echo


@pytest.fixture
def host() -> ToyHost:
    return ToyHost(echo)


@pytest.fixture
def http() -> Http:
    """The library that carries the calls; the tests of single calls run with both."""
    return "aiohttp"


@pytest.fixture
async def door(telegram: TelegramServer, host: ToyHost, http: Http) -> AsyncIterator[TelegramDoor]:
    door = TelegramDoor(telegram.token, telegram.url, http=http)
    await door.open(host, MENUS)
    yield door
    await door.close()


@pytest.fixture
def ana(telegram: TelegramServer) -> Person:
    return telegram.person(7, "Ana", "pt-br", started=True)


@pytest.fixture
def bruno(telegram: TelegramServer) -> Person:
    return telegram.person(8, "Bruno", "en", started=True)
