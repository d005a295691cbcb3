"""A Telegram and a Discord of our own beside the house."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.rig.discord import DiscordServer
from tests.rig.telegram import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Fails the test for every call that Telegram would refuse or alter, unless the test announced it."""
    async with TelegramServer() as server:
        yield server
    server.check()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server
