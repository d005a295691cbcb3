"""A Telegram server of our own beside the house."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.rig.telegram import TelegramServer


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Fails the test for every call that Telegram would refuse or alter, unless the test announced it."""
    async with TelegramServer() as server:
        yield server
    server.check()
