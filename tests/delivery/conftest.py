"""A Telegram and a Discord of our own beside the house."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.rig.discord import DiscordServer


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server
