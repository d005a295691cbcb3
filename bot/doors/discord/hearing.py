"""What the house says to what somebody did, and how long it is asked while its database is away.

    ask ─▶ the database is away ─▶ a second ─▶ ask again ─▶ … ─▶ a minute, or we end ─▶ they hear that it did not count

Discord serves nothing again, so whatever cannot be written down must be told to whoever did it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from weakref import WeakValueDictionary

import structlog

from bot.chat import Answer, Incoming
from bot.contract import Host
from bot.errors import DatabaseAway

log = structlog.get_logger("doors.discord")

AGAIN = 1.0
"""Seconds between two questions while the database is away."""
PATIENCE = 60.0
"""Seconds that somebody looks at “thinking…”: a database that is started anew is back long before."""


class Hearing:
    """Asks the house; one person's doings are heard one after the other."""

    def __init__(self, host: Host, patience: float = PATIENCE) -> None:
        self._host = host
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._ends = asyncio.Event()

    async def hear(self, incoming: Incoming) -> Answer | None:
        """What the house says to it, or that it did not count."""
        until = _now() + self._patience
        turn = self._turns.setdefault(incoming.sender.id, asyncio.Lock())
        async with turn:
            while True:
                try:
                    return await self._host.answer(incoming)
                except DatabaseAway as error:
                    if self._ends.is_set() or _now() >= until:
                        log.warning("discord.update_not_taken", key=incoming.key, reason=str(error))
                        return await self._host.not_taken(incoming)
                with suppress(TimeoutError):
                    async with asyncio.timeout(AGAIN):
                        await self._ends.wait()

    def end(self) -> None:
        """Wait no longer: who waits for the database hears that it did not count."""
        self._ends.set()


def _now() -> float:
    return asyncio.get_running_loop().time()
