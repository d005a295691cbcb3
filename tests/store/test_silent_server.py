"""A PostgreSQL server, or the line to it, that falls silent or goes away keeps nobody for ever, and is used again when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.store import database as store
from bot.store import lead, lending, remembered
from bot.store.database import Database
from bot.store.lead import take_lead
from bot.store.locks import Lock
from bot.store.trouble import TROUBLE
from tests.conftest import fresh_database
from tests.rig.proxy import BlackHole, FaultProxy


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_database(request, "postgresql", tmp_path)


@pytest.fixture
async def line(postgres_url: str) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(f"{make_url(postgres_url).query['host']}/.s.PGSQL.5432") as proxy:
        yield proxy


@pytest.fixture
async def far(line: FaultProxy, postgres_url: str) -> AsyncIterator[Database]:
    """The database at the other end of the line."""
    database = Database(f"postgresql://postgres@127.0.0.1:{line.port}/{make_url(postgres_url).database}")
    yield database
    line.heal()
    await database.close()


async def note(database: Database, name: str) -> None:
    async with database.write() as session:
        await remembered.remember(session, name, "here")


async def test_a_server_that_falls_silent_keeps_nobody(
    far: Database, line: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await note(far, "before")
    line.fault = BlackHole()
    monkeypatch.setattr(lending, "TRANSACTION_WITHIN", 0.3)
    with pytest.raises(TROUBLE):
        await asyncio.wait_for(note(far, "meanwhile"), 60)
    monkeypatch.undo()
    line.heal()
    await note(far, "after")
    async with far.read() as session:
        assert await remembered.recall(session, "after") == "here"
        assert await remembered.recall(session, "meanwhile") is None


async def test_who_is_about_to_stop_waits_for_no_silent_server(far: Database, line: FaultProxy) -> None:
    await note(far, "before")
    line.fault = BlackHole()
    waits = asyncio.create_task(note(far, "meanwhile"))
    await asyncio.sleep(0.1)
    far.hurry(0.3)
    waits.cancel()  # as a stop cancels what goes on; the driver alone would wait for the server's word
    await asyncio.wait_for(asyncio.wait([waits]), 20)
    line.heal()
    far.hurry(60)
    await note(far, "after")


async def test_who_is_about_to_stop_waits_for_no_new_connection_either(
    far: Database, line: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(store.SERVED, "timeout", 600)
    monkeypatch.setattr(lending, "LAST_MOMENT", 0.1)
    patient = Database(str(far.url))
    line.fault = BlackHole()
    patient.hurry(0.2)
    for name in ("one", "two", "three"):  # one after the other, as a stop writes down what is left
        writes = asyncio.create_task(note(patient, name))
        await asyncio.wait([writes], timeout=60)
        assert isinstance(writes.exception(), TROUBLE)
    await patient.close()


async def test_a_transaction_that_ends_in_time_is_left_alone(far: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    within, deadlines, loop = 1234.5, list[asyncio.TimerHandle](), asyncio.get_running_loop()
    call_later = loop.call_later

    def noted(delay: float, *given: Any) -> asyncio.TimerHandle:
        handle = call_later(delay, *given)
        if delay == within:
            deadlines.append(handle)
        return handle

    monkeypatch.setattr(lending, "TRANSACTION_WITHIN", within)
    monkeypatch.setattr(loop, "call_later", noted)
    await note(far, "one")
    assert [deadline.cancelled() for deadline in deadlines] == [True]
    await note(far, "two")
    async with far.read() as session:
        assert await remembered.recall(session, "two") == "here"


async def test_a_connection_that_was_cut_off_is_not_lent_again(far: Database, postgres_url: str) -> None:
    await note(far, "before")
    beside = Database(postgres_url)
    async with beside.write() as session:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        await session.execute(text(f"{cut} AND datname = current_database()"))
    await beside.close()
    await asyncio.sleep(0.2)
    await note(far, "after")


async def test_who_leads_over_a_line_that_falls_silent_hears_of_it(
    far: Database, line: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead, "ANSWER_WITHIN", 1.0)
    held = await take_lead(far, Lock.LEADING)
    assert held
    line.fault = BlackHole()
    await asyncio.wait_for(held.check(), 30)
    assert held.lost.is_set()
    await asyncio.wait_for(held.give_back(), 30)
    with pytest.raises(TROUBLE):
        await asyncio.wait_for(take_lead(far, Lock.LEADING), 30)


async def test_a_connection_that_is_let_go_over_a_silent_line_is_not_waited_for(
    far: Database, line: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who does not lead lets its connection go after each question; it stands again all the same."""
    monkeypatch.setattr(lead, "ANSWER_WITHIN", 0.3)
    engine = create_async_engine(far.engine.url, poolclass=NullPool)
    connection = await engine.connect()
    await connection.execute(text("SELECT 1"))
    line.fault = BlackHole()
    await asyncio.wait_for(asyncio.shield(lead._drop(connection, engine)), 30)


async def test_a_database_whose_idle_connections_are_silent_is_closed(far: Database, line: FaultProxy) -> None:
    await asyncio.gather(*(note(far, f"note {number}") for number in range(3)))
    line.fault = BlackHole()
    far.hurry(0.2)
    await asyncio.wait_for(asyncio.shield(far.close()), 30)
