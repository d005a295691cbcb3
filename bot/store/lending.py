"""Connections to a server are lent for a while only, and less when we are about to stop.

A server, or a network, that falls silent would keep a transaction for ever: asyncpg's own time-out asks the same server to cancel the
statement, and waits for that. So the connection is dropped from this side, and whoever waits for it hears of that.
"""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

TRANSACTION_WITHIN = 30.0
"""Seconds after which a server that does not answer has none of our connections any more. No transaction lasts that long by itself."""
LAST_MOMENT = 1.0
"""Seconds for what is still to be written when the time for that is over already."""
_DEADLINE = "trilha_deadline"


class Lending:
    """How long a transaction has, and what becomes of the connection of one that takes longer."""

    def __init__(self) -> None:
        self._lent: dict[ConnectionPoolEntry, Any] = {}
        self._there: WeakSet[Any] = WeakSet()
        self._ends_at: float | None = None

    def watch(self, engine: AsyncEngine) -> None:
        """Look after all connections of an engine that leads to a server."""
        event.listen(engine.sync_engine, "checkout", self._lend)
        event.listen(engine.sync_engine, "checkin", self._take_back)
        event.listen(engine.sync_engine, "do_connect", self._connect_in_time)
        event.listen(engine.sync_engine, "connect", self._note)

    def hurry(self, within: float) -> None:
        """All transactions together have so many seconds from now on: we are about to stop, and a silent server must not keep us.

        One after the other would each begin to wait anew, so those that come after that time have a moment only.
        """
        self._ends_at = asyncio.get_running_loop().time() + within
        for record, lent in list(self._lent.items()):
            self._take_back(None, record)
            self._count_down(record, lent)

    @property
    def time_left(self) -> float:
        """Seconds that a transaction has."""
        if self._ends_at is None:
            return TRANSACTION_WITHIN
        return max(LAST_MOMENT, self._ends_at - asyncio.get_running_loop().time())

    @property
    def is_over(self) -> bool:
        """Whether the time for all transactions is over, and one that comes has a moment only."""
        return self.time_left <= LAST_MOMENT

    async def give_back(self, engine: AsyncEngine) -> None:
        """Close every connection; a server that says nothing to that is not waited for."""
        deadline = asyncio.get_running_loop().call_later(self.time_left, self._cut_off)
        try:
            await engine.dispose()
        finally:
            deadline.cancel()

    def _lend(self, connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
        """Lend no connection that was cut off, and each for a while only."""
        lent = connection.driver_connection
        if lent.is_closed():
            raise DisconnectionError("it was cut off")
        self._count_down(record, lent)

    def _count_down(self, record: ConnectionPoolEntry, lent: Any) -> None:
        record.info[_DEADLINE] = asyncio.get_running_loop().call_later(self.time_left, lent.terminate)
        self._lent[record] = lent

    def _take_back(self, _: Any, record: ConnectionPoolEntry) -> None:
        self._lent.pop(record, None)
        if deadline := record.info.pop(_DEADLINE, None):
            deadline.cancel()

    def _connect_in_time(self, _: Any, __: Any, ___: Any, given: dict[str, Any]) -> None:
        """A new connection is no reason to wait longer."""
        given["timeout"] = min(given["timeout"], self.time_left)

    def _note(self, connection: Any, _: Any) -> None:
        """Know every connection that there is, also those that nobody uses."""
        self._there.add(connection.driver_connection)

    def _cut_off(self) -> None:
        for connection in self._there:
            connection.terminate()
