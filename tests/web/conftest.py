from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.web.internet import Internet


@pytest.fixture
async def net() -> AsyncIterator[Internet]:
    """A small Internet on loopback."""
    async with Internet() as opened:
        yield opened
