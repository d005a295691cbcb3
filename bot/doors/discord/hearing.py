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
OTHERS_WITHIN = 1.5
"""Seconds after which another process would have acknowledged what somebody did."""
THERE_FOR = 1.0
"""Seconds for which a database that was there counts as there: who stands by while all is well should not ask at each press."""
PATIENCE = 60.0
"""Seconds that somebody looks at “thinking…”: a database that is started anew is back long before."""


class Hearing:
    """Asks the house; one person's doings are heard one after the other."""

    def __init__(self, host: Host, patience: float = PATIENCE) -> None:
        self._host = host
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._ends = asyncio.Event()
        self._there_until = 0.0

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

    async def is_left_to_us(self) -> bool:
        """Whether the database is away, so that nobody leads; by the time this says so, another process would have answered.

        The question runs beside the wait: a silent database takes longer to ask than Discord listens.
        """
        if _now() < self._there_until:
            return False
        until = _now() + OTHERS_WITHIN
        asking = asyncio.ensure_future(self._host.is_there())
        try:
            await asyncio.wait([asking], timeout=OTHERS_WITHIN)
            if asking.done() and asking.result():
                self._there_until = _now() + THERE_FOR
                return False
        finally:
            asking.cancel()
        await asyncio.sleep(until - _now())
        return True

    def end(self) -> None:
        """Wait no longer: who waits for the database hears that it did not count."""
        self._ends.set()


def _now() -> float:
    return asyncio.get_running_loop().time()
