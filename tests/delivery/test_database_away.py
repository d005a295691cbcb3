"""The database is away in the middle of the hour: no dose goes meanwhile, and all of them within seconds of its return."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.pace import turns
from bot.delivery.pace.quiet import LONGEST_HOLD
from bot.delivery.senders import SENDERS
from bot.errors import DatabaseUnwritable
from bot.store import outbox
from bot.store.tables import Outgoing
from tests.delivery.crowd import copies, crowd
from tests.house import House

FULL = DatabaseUnwritable("database or disk is full")
BUSY = sqlite3.OperationalError("database is locked")
BUSY.sqlite_errorcode = sqlite3.SQLITE_BUSY
LOCKED = OperationalError("UPDATE outbox", None, BUSY)
RESTARTED = ConnectionRefusedError("the server starts")
PEOPLE = 60
EVERYBODY = {f"p{number}": 1 for number in range(1, PEOPLE + 1)}


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tries after a hold follow soon: between them no clock can be moved."""
    monkeypatch.setattr(turns, "TRY_GAP", 0.05)


class Away:
    """Rows that cannot be taken; all of them where none is named."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.rows: Collection[int] | None = None
        self.tries = 0
        self._take = outbox.take

    async def take(self, session: AsyncSession, row_ids: Collection[int], *given: Any) -> Any:
        if self.rows is None or not self.rows.isdisjoint(row_ids):
            self.tries += 1
            raise self.error
        return await self._take(session, row_ids, *given)


@contextmanager
def rows_away(error: Exception) -> Iterator[Away]:
    """Meanwhile no row can be taken."""
    away = Away(error)
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(outbox, "take", away.take)
        yield away


async def claimed(house: House) -> None:
    """Everybody's dose of eight is claimed and waits for its alarm."""
    await crowd(house.app.database, PEOPLE)
    await house.forward_to("2026-03-03 07:59:50")
    await house.app.rounds.go()


@pytest.mark.parametrize("error", [FULL, LOCKED, RESTARTED])
async def test_what_could_not_be_taken_goes_within_seconds_of_its_return(either_house: House, error: Exception) -> None:
    await claimed(either_house)
    with rows_away(error) as away:
        await asyncio.wait_for(either_house.forward_to("2026-03-03 08:00:05"), 60)
        assert either_house.door.sent == []
        assert away.tries < SENDERS, "after the first failed, all hold still, and then one at a time tries"
    await asyncio.wait_for(either_house.forward_to("2026-03-03 08:00:20"), 60)
    assert copies(either_house.door) == EVERYBODY
    assert await either_house.count(Outgoing, Outgoing.doubts > 0) == 0


async def test_away_for_longer_than_any_lease_it_is_asked_now_and_then_and_back_within_seconds(
    house: House,
) -> None:
    await claimed(house)
    with rows_away(FULL) as away:
        await asyncio.wait_for(house.forward_to("2026-03-03 08:00:30"), 60)
        before = away.tries
        await asyncio.wait_for(house.forward_to("2026-03-03 08:05:00"), 60)
        assert away.tries - before <= 270 / LONGEST_HOLD * 4
    await asyncio.wait_for(house.forward_to("2026-03-03 08:05:15"), 60)
    assert copies(house.door) == EVERYBODY


async def test_a_row_that_alone_is_never_taken_keeps_nobody_waiting(either_house: House) -> None:
    await claimed(either_house)
    first = min(either_house.app.rounds.ahead)
    with rows_away(LOCKED) as away:
        away.rows = {first.row_id}
        await asyncio.wait_for(either_house.forward_to("2026-03-03 08:00:40"), 60)
    assert copies(either_house.door) == {chat: 1 for chat in EVERYBODY if chat != first.address.chat}
