"""Taking a row: whoever is cut off leaves none behind as taken, at whatever moment that comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.catalog.file import read_catalog
from bot.delivery.book import Book
from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import Outgoing
from tests.house import SMALL_CATALOG

NOW = datetime(2026, 3, 3, 11, tzinfo=UTC)


def _before_it_comes(taking: asyncio.Task[object], _: asyncio.Future[Any]) -> None:
    taking.cancel()


def _as_it_comes(taking: asyncio.Task[object], row: asyncio.Future[Any]) -> None:
    row.add_done_callback(lambda _: taking.cancel())


@pytest.mark.parametrize("cut_off", [_before_it_comes, _as_it_comes])
async def test_who_is_cut_off_leaves_no_row_behind_as_taken(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    cut_off: Callable[[asyncio.Task[object], asyncio.Future[Any]], None],
) -> None:
    async with database.write() as session:
        note = {"key": "note:1", "kind": "note", "platform": "terminal", "chat": "1", "not_before": NOW}
        ((row_id, _),) = await outbox.put(session, [note])
    book = Book(database, lambda: read_catalog(SMALL_CATALOG), lambda: NOW)
    begin = book._write.begin

    def begun(item: Any) -> asyncio.Future[Any]:
        row = begin(item)
        cut_off(taking, row)
        return row

    monkeypatch.setattr(book._write, "begin", begun)
    taking: asyncio.Task[object] = asyncio.create_task(book.take(row_id))
    with pytest.raises(asyncio.CancelledError):
        await taking
    await book.at_rest()
    async with database.read() as session:
        left = (await session.scalars(select(Outgoing))).one()
    assert (left.state, left.attempts, left.lease_until) == ("retry", 0, None)
    assert left.reason == "it was taken and did not go"
