"""An appointment is changed by a command while it is being kept, or made by two at once: the later word stands, on both engines."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.store import appointments
from bot.store.database import Database
from bot.store.tables import Appointment
from tests.delivery.crowd import crowd
from tests.store.test_database import NOON

DAY = timedelta(days=1)
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def make(database: Database, hours: int) -> None:
    """A nudge of Ana's, so many hours after noon."""
    async with database.write() as session:
        await appointments.make(session, 1, "nudge", "", NOON + timedelta(hours=hours))


async def somebody_waits(database: Database) -> None:
    """Until a statement waits for what another transaction holds; on SQLite a whole transaction waits for its turn."""
    while not database.is_sqlite:
        async with database.read() as session:
            if await session.scalar(text(WAITS)):
                return


@pytest.mark.parametrize("made_first", [True, False])
async def test_an_hour_changed_while_ones_nudge_is_being_kept_stands(database: Database, made_first: bool) -> None:
    await crowd(database, 1)
    await make(database, 0)
    changing = None
    async with database.write() as session:
        assert len(await appointments.take_due(session, NOON, 50)) == 1
        for makes in (made_first, not made_first):
            if makes:
                await appointments.make(session, 1, "nudge", "", NOON + DAY)
                await session.flush()
            else:
                changing = asyncio.create_task(make(database, 3))
                await somebody_waits(database)
    assert changing
    await changing
    async with database.read() as session:
        assert list(await session.scalars(select(Appointment.due_at))) == [NOON + timedelta(hours=3)]


async def test_two_who_make_the_same_one_at_once_make_one(database: Database) -> None:
    await crowd(database, 1)
    await asyncio.gather(*(make(database, hours) for hours in range(8)))
    async with database.read() as session:
        assert len(list(await session.scalars(select(Appointment.due_at)))) == 1
