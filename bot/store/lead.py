"""The lock of the process that leads: held on the database's server, by a connection of its own, for as long as that lives.

On SQLite there is one process at most (`Database.reserve`), and it leads.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.database import KEEPALIVE, Database
from bot.store.locks import Lock
from bot.store.trouble import TROUBLE

IDLE_WITHIN = 20.0
"""Seconds after which the server takes the lock from a leader that asks nothing any more, such as one that is frozen; it asks every two."""
ANSWER_WITHIN = 4.0
"""Seconds in which the server must answer the leader, or it stands down: less than the server's own patience."""


class Lead:
    """The lock, held. `lost` is set as soon as anybody knows that it is gone."""

    def __init__(self, connection: AsyncConnection | None = None, engine: AsyncEngine | None = None) -> None:
        self.lost = asyncio.Event()
        self._connection = connection
        self._engine = engine

    async def watch(self) -> None:
        """Hear of the end of the connection at once, if the server or the network says so."""
        if self._connection:
            driver = await _driver(self._connection)
            driver.add_termination_listener(lambda _: self.lost.set())

    async def check(self) -> None:
        """Ask the server; no answer in time means that the lock is lost."""
        if self._connection is None or self.lost.is_set():
            return
        try:
            async with _cut_off_in_time(self._connection):
                await self._connection.execute(text("SELECT 1"))
        except TROUBLE:
            self.lost.set()

    async def give_back(self) -> None:
        """Let another process lead. Fails for nothing: the lock goes with the connection."""
        if self._connection and self._engine:
            await _drop(self._connection, self._engine, lost=self.lost.is_set())
        self._connection = self._engine = None


async def take_lead(database: Database, lock: Lock) -> Lead | None:
    """Take the lock; None while another process holds it. Raises one of TROUBLE."""
    if database.is_sqlite:
        return Lead()
    engine = create_async_engine(
        database.engine.url,
        poolclass=NullPool,
        connect_args={"timeout": ANSWER_WITHIN, "server_settings": {"application_name": "trilha leader", **KEEPALIVE}},
    )
    connection = None
    try:
        connection = await engine.connect()
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        async with _cut_off_in_time(connection):
            got = (await connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": int(lock)})).scalar()
        if got:
            await _be_cut_off_when_idle(connection)
            lead = Lead(connection, engine)
            await lead.watch()
            return lead
    except BaseException:
        await _drop(connection, engine)
        raise
    await _drop(connection, engine)
    return None


async def is_taken(database: Database, lock: Lock) -> bool:
    """Whether a process leads at this moment."""
    if database.is_sqlite:
        return database.is_reserved
    held = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database WHERE locktype = 'advisory' AND granted"
        " AND classid = 0 AND objid = :lock AND objsubid = 1 AND datname = current_database()"
    )
    async with database.read() as session:
        return bool(await session.scalar(held, {"lock": int(lock)}))


async def _be_cut_off_when_idle(connection: AsyncConnection) -> None:
    """The kernel of a frozen process still answers the server's keepalives, so only its silence tells. Before PostgreSQL 14 nothing."""
    with suppress(DBAPIError):
        async with _cut_off_in_time(connection):
            idle = {"idle": f"{round(IDLE_WITHIN * 1000)}"}
            await connection.execute(text("SELECT set_config('idle_session_timeout', :idle, false)"), idle)


@asynccontextmanager
async def _cut_off_in_time(connection: AsyncConnection) -> AsyncIterator[None]:
    """Drop the connection from this side where the server falls silent; to cancel a statement would mean to ask the same server."""
    driver = await _driver(connection)
    deadline = asyncio.get_running_loop().call_later(ANSWER_WITHIN, driver.terminate)
    try:
        yield
    finally:
        deadline.cancel()


async def _driver(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


async def _drop(connection: AsyncConnection | None, engine: AsyncEngine, *, lost: bool = False) -> None:
    """Let a connection go, and the engine that made it; a server that says nothing to that is not waited for."""
    with suppress(*TROUBLE):
        async with asyncio.timeout(ANSWER_WITHIN):
            if connection:
                await (connection.invalidate() if lost else connection.close())
    with suppress(*TROUBLE):
        async with asyncio.timeout(ANSWER_WITHIN):
            await engine.dispose()
