"""Opens the database and hands out transactions, on SQLite and PostgreSQL alike.

    async with database.write() as session: …     one transaction, committed at the end, rolled back by an exception
    async with database.read() as session: …      a snapshot to look at

SQLite: WAL, foreign keys on, writers begin with BEGIN IMMEDIATE (a read that turns into a write would be refused at once whatever
the busy time-out says) and queue here, one after the other, instead of knocking at the file.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.errors import DatabaseUnwritable
from bot.store import driver
from bot.store.lending import Lending
from bot.store.reserved import Reserved
from bot.store.trouble import TROUBLE, without_rows
from bot.store.writing import Writing

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_WRITES = "trilha_writes"
_REBUILDS = "trilha_rebuilds"
_FORGETS = "trilha_forgets"
_HERE = "trilha_here"
KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "2"}
"""The server gives up a client that vanished without a word within some 10 seconds, and what that held locked is free."""
SERVED = {"timeout": 10, "server_settings": KEEPALIVE}
POOL: dict[str, Any] = {"pool_size": 10, "max_overflow": 10, "pool_recycle": 1800, "connect_args": SERVED}
"""Connections to a server: some for the senders, some for people who speak meanwhile."""
ASKED_WITHIN = 5.0
"""Seconds for the question whether the database is there."""
BUSY_WITHIN = 10.0
"""Seconds that a transaction waits for another process to let go of a SQLite file."""
BUSY_STEP = 500
"""Milliseconds of it that SQLite itself waits at once, while nobody can reach it."""

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
    "busy_timeout": BUSY_STEP,
}
"""How a SQLite file is used: what is committed is on the disk, and what is deleted is gone from it."""
FILE: dict[str, Any] = {"connect_args": {"async_creator_fn": driver.connect}}


class Database:
    """One database. `url` is `sqlite:///path` or `postgresql://…`; the driver is chosen here."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if file := sqlite_file(url):
            with suppress(OSError):  # whoever opens it says so
                file.absolute().parent.mkdir(parents=True, exist_ok=True)
        self._reserved = Reserved(file) if file else None
        self._lending = Lending()
        driven = _driven(self.url)
        # what people wrote stays out of the log, also when a statement fails
        self.engine = create_async_engine(
            driven, hide_parameters=True, json_deserializer=_read_json, **(FILE if self.is_sqlite else POOL)
        )
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", self._begin_sqlite)
        else:
            event.listen(self.engine.sync_engine, "handle_error", without_rows)
            self._lending.watch(self.engine)
        self._writers = asyncio.Lock()
        self._read = async_sessionmaker(self.engine, expire_on_commit=False)
        self._write, self._write_here = (
            async_sessionmaker(self.engine.execution_options(**{_WRITES: True, _HERE: here}), expire_on_commit=False)
            for here in (False, True)
        )
        self.writing = Writing()

    @asynccontextmanager
    async def write(self, *, here: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction that may change things. It never spans a network call. Raises DatabaseUnwritable where nothing is taken in.

        With a few small statements, and often, it is quicker `here`, in the loop's own thread (`driver.py`).
        """
        try:
            async with AsyncExitStack() as stack:
                if self.is_sqlite:
                    await stack.enter_async_context(self._writers)
                session = await stack.enter_async_context((self._write_here if here else self._write).begin())
                yield session
            if _FORGETS in session.info:
                await self.empty_log()
        except Exception as error:
            if unwritable := self.writing.refused(error):
                raise unwritable from None
            raise

    async def empty_log(self) -> None:
        """Let nothing that was deleted lie about: SQLite keeps all that was written in a log beside the file, until that is long.

        Where somebody reads just now, or nothing can be written, it is left as it is until the next time.
        """
        if not self.is_sqlite:
            return
        async with self.engine.connect() as connection:
            lent: Any = (await connection.get_raw_connection()).driver_connection
            with suppress(sqlite3.Error):
                await lent.run("PRAGMA wal_checkpoint(TRUNCATE)", ())  # in a transaction it would do nothing

    async def is_there(self) -> bool:
        """Whether a transaction that writes can begin. It can on a full disk: whether that takes anything in is another question."""
        try:
            async with asyncio.timeout(ASKED_WITHIN), self.write() as session:
                await session.execute(text("SELECT 1"))
        except DatabaseUnwritable:
            return True
        except TROUBLE:
            return False
        return True

    @asynccontextmanager
    async def read(self, *, patiently: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction that only looks; `patiently` for as long as it takes, where the whole of large tables is looked at."""
        async with self._read(bind=self._patient() if patiently else self.engine) as session:
            yield session

    @asynccontextmanager
    async def rebuild(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may change tables themselves.

        SQLite rebuilds a table by dropping it, and a drop takes the rows of others that point to it along; so foreign keys rest
        meanwhile and are looked at before the end (SQLite, "Making other kinds of table schema changes").
        """
        async with self._patient().execution_options(**{_WRITES: True, _REBUILDS: True}).connect() as connection:
            try:
                async with connection.begin():
                    yield connection
                    if self.is_sqlite and (
                        lost := (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                    ):
                        raise RuntimeError(f"{len(lost)} rows would point to nothing, such as {lost[0]}")
            finally:
                if self.is_sqlite:
                    await connection.invalidate()  # nobody gets a connection whose foreign keys rest

    def _patient(self) -> AsyncEngine:
        """An engine for one transaction that may take its time; it keeps no connection, and tells no row of what fails."""
        if self.is_sqlite:
            return self.engine
        engine = create_async_engine(self.engine.url, hide_parameters=True, poolclass=NullPool, connect_args=SERVED)
        event.listen(engine.sync_engine, "handle_error", without_rows)
        return engine

    def reserve(self) -> None:
        """Keep a second `run` off a SQLite file (`reserved.py`). Raises DatabaseInUse."""
        if self._reserved:
            self._reserved.take()

    @property
    def is_reserved(self) -> bool:
        """Whether a `run` keeps others off this SQLite file."""
        return self._reserved is not None and self._reserved.is_taken

    def hurry(self, within: float) -> None:
        """All transactions together have so many seconds from now on: we are about to stop (`lending.py`)."""
        self._lending.hurry(within)

    def _begin_sqlite(self, connection: Connection) -> None:
        """Begin in small steps: whoever waits for another process's lock can be told in between that we are about to stop."""
        options = connection.get_execution_options()
        lent: Any = connection.connection.driver_connection
        if options.get(_REBUILDS):
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # within a transaction it would do nothing
        patient_until = monotonic() + BUSY_WITHIN
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")
            except OperationalError as error:
                if "locked" not in str(error.orig) or monotonic() >= patient_until or self._lending.is_over:
                    raise
            else:
                lent.here = options.get(_HERE, False)  # from now on no other process is in the way
                return

    async def close(self) -> None:
        """Give every connection back, and the file."""
        try:
            await self._lending.give_back(self.engine)
        finally:
            if self._reserved:
                self._reserved.give_back()


def forgets(session: AsyncSession) -> None:
    """What this transaction deletes is to be gone from the disk as well when it is over."""
    session.info[_FORGETS] = True


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database, there or not; None for a server."""
    made = make_url(url)
    return Path(made.database) if made.get_backend_name() == "sqlite" and made.database else None


def _read_json(text: str | bytes) -> Any:
    """What a column of facts holds. Half a character, which Python's own writer takes, is left to Python's own reader."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _driven(url: URL) -> URL:
    """The address with its driver; what libpq calls `sslmode`, asyncpg calls `ssl`."""
    driven = url.set(drivername=_DRIVERS[url.get_backend_name()])
    mode = driven.query.get("sslmode")
    return driven.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else driven


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    # The driver must not open transactions of its own: BEGIN is ours (SQLAlchemy, SQLite dialect, "transaction isolation").
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()
