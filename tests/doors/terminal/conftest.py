from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.doors.terminal import Person, TerminalDoor

from .toy import MENUS, ToyBot, ToyControls, ToyHost


@pytest.fixture
def bot() -> ToyBot:
    return ToyBot()


@pytest.fixture
def host(bot: ToyBot) -> ToyHost:
    return ToyHost(bot.answer)


@pytest_asyncio.fixture
async def door(host: ToyHost) -> AsyncIterator[TerminalDoor]:
    door = TerminalDoor(session="test")
    await door.open(host, MENUS)
    yield door
    await door.close()


@pytest.fixture
def controls(door: TerminalDoor, host: ToyHost, bot: ToyBot) -> ToyControls:
    return ToyControls(door, host, bot)


@pytest.fixture
def ana(door: TerminalDoor) -> Person:
    return door.person("ana", language="en")
