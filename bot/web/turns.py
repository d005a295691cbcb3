"""How many may be underway at once: a few to one host, some more in all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Hands out turns. Whoever waits for a busy host holds no place of the others."""

    def __init__(self, *, in_all: int, each: int) -> None:
        self._in_all = asyncio.Semaphore(in_all)
        self._each = each
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._interested: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Hold a place at a host, and one of all."""
        self._interested[host] += 1
        of_host = self._hosts.setdefault(host, asyncio.Semaphore(self._each))
        try:
            async with of_host, self._in_all:
                yield
        finally:
            self._interested[host] -= 1
            if not self._interested[host]:  # a host nobody waits for is forgotten
                del self._interested[host], self._hosts[host]
