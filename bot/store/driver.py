"""SQLite's driver with one change of threads for each statement.

aiosqlite gives its thread a cursor to open, a statement to run, rows to fetch and a cursor to close, one after the other, and each time
the loop waits for the system to let the thread run: on a busy machine that waiting is nearly all that a statement costs. Here a statement
goes there once and comes back with its rows, and nothing goes there to undo a transaction that is over.

Even so each row costs: Python lets go of its lock at every row that SQLite gives, and beside a busy loop the two threads take turns
for it. So a transaction of a few small statements runs them `here`, in the loop's own thread; only what may wait, for another process
or for the disk, goes to the other one: its beginning and its end.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from bot.store import private

CHUNK = 64
"""What aiosqlite wants to know for a way of reading that is not used here."""


class Cursor:
    """What SQLAlchemy asks of a cursor. It holds all rows of its last statement, and nothing of it needs closing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ran: sqlite3.Cursor | None = None
        self._rows: list[Any] = []
        self.arraysize = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        """Run a statement and fetch what it gives."""
        self._ran, self._rows = await self._connection.run(statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> Cursor:
        """Run a statement with each of several parameters."""
        self._ran, self._rows = await self._connection.run_many(statement, parameters), []
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that were not fetched yet."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = []

    @property
    def description(self) -> Any:
        """The columns of the last statement; None where it gives no rows."""
        return self._ran.description if self._ran else None

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        return self._ran.rowcount if self._ran else -1

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return self._ran.lastrowid if self._ran else None


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with such cursors. `here` says whether statements run in the caller's thread, until the transaction ends."""

    here = False
    _told = False
    _ended: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread, once; its end, to be waited for, is the same for all who ask.

        aiosqlite asks again after it closed, and would wait for a thread that is gone where somebody was cut off meanwhile: then no loop
        ends. Nor must a loop end before the thread does, which tells it.
        """
        if not self._told:
            self._told = True
            self._ended = super().stop()
        return None if self._ended is None or self._ended.cancelled() else self._ended

    def cursor(self) -> Cursor:  # type: ignore[override]
        """A cursor; it costs nothing before its statement."""
        return Cursor(self)

    async def run(self, statement: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
        """A statement and its rows."""
        if self.here:
            return _run(self._conn, statement, parameters)
        ran: tuple[sqlite3.Cursor, list[Any]] = await self._execute(  # type: ignore[no-untyped-call]
            _run, self._conn, statement, parameters
        )
        return ran

    async def run_many(self, statement: str, parameters: Sequence[Sequence[Any]]) -> sqlite3.Cursor:
        """A statement with each of several parameters."""
        if self.here:
            return self._conn.executemany(statement, parameters)
        ran: sqlite3.Cursor = await self._execute(  # type: ignore[no-untyped-call]
            self._conn.executemany, statement, parameters
        )
        return ran

    async def commit(self) -> None:
        """Keep what the transaction did, which waits for the disk."""
        self.here = False
        await super().commit()

    async def rollback(self) -> None:
        """Undo the transaction, where one is open. The pool asks for it after each commit."""
        self.here = False
        if self._conn.in_transaction:
            await super().rollback()


def connect(*where: Any, **how: Any) -> Connection:
    """A connection that will be opened when it is awaited; its thread keeps no process from ending."""
    connection = Connection(lambda: _open(*where, **how), CHUNK)
    connection._thread.daemon = True
    return connection


def _open(where: str, *more: Any, **how: Any) -> sqlite3.Connection:
    """In the connection's thread: a file that SQLite would make for everybody to read is made beforehand, for its owner."""
    if where != ":memory:":
        private.begin(Path(where))
        private.keep(Path(where))
    # two threads use it, never at the same time
    opened: sqlite3.Connection = sqlite3.connect(where, *more, **how | {"check_same_thread": False})
    return opened


def _run(connection: sqlite3.Connection, statement: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Any]]:
    cursor = connection.execute(statement, parameters)
    return cursor, cursor.fetchall() if cursor.description else []
