"""SQLite's driver: a statement changes threads once, and SQLAlchemy notices nothing of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.store import driver
from bot.store.database import Database
from bot.store.tables import Remembered
from tests.conftest import fresh_database


@pytest.fixture
async def sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(fresh_database(request, "sqlite", tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What was handed to a connection's thread."""
    handed: list[Any] = []
    real = aiosqlite.Connection._execute

    async def noted(self: aiosqlite.Connection, *given: Any, **named: Any) -> Any:
        handed.append(given[0])
        return await real(self, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(aiosqlite.Connection, "_execute", noted)
        yield handed


@contextmanager
def counted(hops: list[Any], expected: int) -> Iterator[None]:
    hops.clear()
    yield
    assert len(hops) == expected, hops


async def test_a_transaction_changes_threads_once_for_each_statement(sqlite: Database, hops: list[Any]) -> None:
    async with sqlite.write() as session:
        session.add_all([Remembered(name=name, value="here") for name in ("ana", "bruno")])
    change = update(Remembered).where(Remembered.name == "ana").values(value="gone").returning(Remembered.name)
    with counted(hops, 4):  # begin, update, select, commit
        async with sqlite.write() as session:
            assert list(await session.scalars(change)) == ["ana"]
            assert await session.scalar(select(func.count(Remembered.name))) == 2


async def test_here_only_the_beginning_and_the_end_change_threads(sqlite: Database, hops: list[Any]) -> None:
    async with sqlite.write() as session:
        session.add_all([Remembered(name=name, value="here") for name in ("ana", "bruno")])
    change = update(Remembered).where(Remembered.name == "ana").values(value="gone").returning(Remembered.name)
    with counted(hops, 2):
        async with sqlite.write(here=True) as session:
            assert list(await session.scalars(change)) == ["ana"]
            await session.execute(update(Remembered).values(value="there"))
    with counted(hops, 3):  # the same connection goes back to its ways
        async with sqlite.read() as session:
            assert set(await session.scalars(select(Remembered.value))) == {"there"}


async def test_what_fails_here_is_undone_as_well(sqlite: Database) -> None:
    with pytest.raises(IntegrityError):
        async with sqlite.write(here=True) as session:
            await session.execute(
                insert(Remembered), [{"name": "ana", "value": "here"}, {"name": "ana", "value": "here"}]
            )
    async with sqlite.write(here=True) as session:
        assert await session.scalar(select(func.count(Remembered.name)).where(Remembered.name == "ana")) == 0
        session.add(Remembered(name="ana", value="here"))
    async with sqlite.read() as session:
        assert await session.scalar(select(func.count(Remembered.name)).where(Remembered.name == "ana")) == 1


async def test_what_failed_is_undone_and_the_connection_goes_on(sqlite: Database) -> None:
    async def twice() -> None:
        async with sqlite.write() as session:
            await session.execute(insert(Remembered), [{"name": "ana", "value": "1"}, {"name": "bruno", "value": "2"}])
            await session.execute(insert(Remembered), [{"name": "ana", "value": "3"}])

    with pytest.raises(IntegrityError):
        await twice()
    async with sqlite.write() as session:
        assert await session.scalar(select(func.count(Remembered.name))) == 0
        session.add(Remembered(name="carla", value="here"))
    async with sqlite.read() as session:
        assert list(await session.scalars(select(Remembered.name))) == ["carla"]


async def test_a_transaction_that_was_given_up_leaves_nothing_behind(sqlite: Database) -> None:
    async def slow() -> None:
        async with sqlite.write() as session:
            session.add(Remembered(name="ana", value="here"))
            await session.flush()
            begun.set()
            await asyncio.sleep(60)

    begun = asyncio.Event()
    writing = asyncio.create_task(slow())
    await begun.wait()
    writing.cancel()
    await asyncio.wait([writing])
    async with sqlite.write() as session:
        assert await session.scalar(select(func.count(Remembered.name))) == 0


async def test_a_statement_that_makes_no_sense_is_the_drivers_mistake(sqlite: Database) -> None:
    with pytest.raises(OperationalError):
        async with sqlite.read() as session:
            await session.scalars(select(func.no_such_function()))


async def test_who_is_cut_off_while_a_connection_closes_leaves_nobody_waiting(tmp_path: Path) -> None:
    """SQLAlchemy stops the thread then, and the closing that goes on behind it asked for its end a second time."""
    connection = await driver.connect(str(tmp_path / "a.sqlite"))
    closing = asyncio.create_task(connection.close())
    await asyncio.sleep(0)
    connection.stop()
    await asyncio.wait_for(closing, 30)
    connection._thread.join(30)
    assert not connection._thread.is_alive()
