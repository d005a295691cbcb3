"""How many calls to the Bot API may be on their way at once, and how long one waits to be among them.

The libraries' own pools count as well, but each call then looks at every connection and at everybody who waits (httpx), or waiting for a
place takes from the time for connecting (aiohttp).
"""

from __future__ import annotations

import asyncio

from telegram.error import TimedOut


class NoFreeConnection(Exception):
    """Every connection stayed busy for as long as one may wait for it; nothing was sent."""


class Places:
    """So many places; one waits `within` some seconds for one."""

    def __init__(self, count: int, within: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._within = within

    async def take(self) -> None:
        """One of the places is ours, until we leave it. Raises TimedOut with its cause, NoFreeConnection, and then none is."""
        if not self._free.locked():
            await self._free.acquire()  # at once; a time-out costs more than that
            return
        try:
            async with asyncio.timeout(self._within):
                await self._free.acquire()
        except TimeoutError:
            none = NoFreeConnection(f"none within {self._within} s; nothing was sent")
            raise TimedOut(f"NoFreeConnection: {none}") from none

    def leave(self) -> None:
        """Somebody else may have it."""
        self._free.release()
