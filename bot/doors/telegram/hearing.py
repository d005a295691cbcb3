"""What the house says to an update, and how long it is asked while its database is away.

    ask ─▶ the database is away ─▶ a second ─▶ ask again ─▶ … ─▶ polling: until it is there; a post: as long as Telegram waits for us

An update that polling holds is open, so it is not confirmed, and those of the same person and chat wait behind it; should we end before the
database comes back, it is served again. Nobody else is held up who would not be: the database is away for everybody.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.chat import Answer, Incoming
from bot.contract import Host
from bot.doors.telegram.alerts import tell_owners
from bot.errors import DatabaseAway

log = structlog.get_logger("doors.telegram")

COMPANY = 32
"""People whose updates are answered at the same time."""
AGAIN = 1.0
"""Seconds between two questions while the database is away."""
POST_WAITS = 20.0
"""Seconds after which a post is refused and not tried again. Telegram cuts one off after a minute; the last try has what an answer has."""


class Hearing:
    """Asks the house. An answer has `within` seconds, and as many again where it took them all.

    Where the database is away it is asked again for `waits` seconds, None for ever. What cannot wait for ever has ended after `waits` and
    `within` together, whatever came in between.
    """

    def __init__(self, host: Host, within: float, waits: float | None) -> None:
        self._host = host
        self._within, self._waits = within, waits
        self._company = asyncio.Semaphore(COMPANY)

    async def hear(self, incoming: Incoming) -> Answer | None:
        """What the house says to it; None also where it failed, which must not hold up the person's next update. Raises DatabaseAway."""
        began, is_told = _now(), False
        while True:
            try:
                return await self._ask(incoming, began)
            except DatabaseAway as error:
                if self._waits is not None and _now() - began >= self._waits:
                    raise
                if not is_told:
                    log.warning("telegram.update_waits", key=incoming.key, reason=str(error))
                is_told = True
            await asyncio.sleep(AGAIN)

    async def _ask(self, incoming: Incoming, began: float) -> Answer | None:
        try:
            return await self._ask_twice(incoming, began)
        except DatabaseAway:
            raise
        except Exception as error:
            log.exception("telegram.update_failed", key=incoming.key)
            await tell_owners(self._host, "telegram.update_failed", key=incoming.key, reason=repr(error))
            return None

    async def _ask_twice(self, incoming: Incoming, began: float) -> Answer | None:
        """Once more where that took all its time: the database may have come back only as it ran out. Raises DatabaseAway."""
        async with self._company:
            try:
                return await self._ask_in_time(incoming, began)
            except TimeoutError:
                return await self._ask_in_time(incoming, began)

    async def _ask_in_time(self, incoming: Incoming, began: float) -> Answer | None:
        """One answer. Raises DatabaseAway, TimeoutError where it is there and the answer takes too long."""
        within = self._left(began)
        if within <= 0:  # by no fault of its own as far as we know: it comes again, and has all its time then
            raise DatabaseAway("no time is left")
        try:
            async with asyncio.timeout(within):
                return await self._host.answer(incoming)
        except TimeoutError as error:
            if not await self._host.is_there():
                raise DatabaseAway("it is silent") from error
            raise

    def _left(self, began: float) -> float:
        if self._waits is None:
            return self._within
        return min(self._within, began + self._waits + self._within - _now())


def _now() -> float:
    return asyncio.get_running_loop().time()
