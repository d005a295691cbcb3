"""A bell that plain code rings and coroutines wait for: how a test waits for an event without polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """Wakes everybody who waits. Ringing is an ordinary call, so a person's action needs no `await`."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, look: Callable[[], Found | None], within: float) -> Found | None:
        """What `look` finds, now or at some ring; None if it found nothing in `within` seconds."""
        try:
            async with asyncio.timeout(within):
                while (found := look()) is None:
                    await self._rung()
                return found
        except TimeoutError:
            return look()

    async def _rung(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
