"""Taking a row: whoever is cut off leaves none behind as taken, at whatever moment that comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.catalog.file import read_catalog
from bot.chat import Message, unstyled
from bot.delivery import book as delivery_book
from bot.delivery.book import Book
from bot.planning.offers import offer_another
from bot.store import catalog as kept_catalog
from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Parcel
from bot.store.tables import Outgoing
from tests.house import SMALL_CATALOG, House, subscribed

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


async def test_what_cannot_be_written_keeps_nobody_in_its_company_from_their_message(database: Database) -> None:
    notes = [
        {"key": f"note:{n}", "kind": "note", "platform": "terminal", "chat": str(n), "not_before": NOW}
        for n in (1, 2, 3)
    ]
    async with database.write() as session:
        put = await outbox.put(session, notes)

    def compose(parcel: Parcel) -> Message | None:
        if parcel.row.chat == "2":
            raise KeyError("a word that nobody has")
        return Message(unstyled(f"for {parcel.row.chat}")) if parcel.row.chat == "1" else None

    book = Book(database, lambda: read_catalog(SMALL_CATALOG), lambda: NOW, compose)
    parcels = await asyncio.gather(*(book.take(row_id) for row_id, _ in put))
    said = {parcel.row.chat: parcel.message for parcel in parcels if parcel}
    assert said == {"1": Message(unstyled("for 1")), "2": None, "3": None}


async def a_retired_dose(house: House) -> tuple[Book, int]:
    """Ana's dose of eight is claimed, and what it holds leaves the catalog."""
    await subscribed(house.person("ana"))
    await house.forward_to("2026-03-03 07:59:50")
    await house.app.rounds.go()
    await house.app.post.stop_rounds()
    house.app.rounds.let_go()
    left = tuple(entry for entry in house.app.catalog.resources if entry.id != "what-is-data")
    async with house.app.database.write() as session:
        await kept_catalog.adopt(session, left, house.app.now())
    remaining = house.app.catalog.model_copy(update={"resources": left})
    house.app.present.move_to(NOW)
    return Book(house.app.database, lambda: remaining, house.app.now), (await only_row(house.app.database)).id


async def only_row(database: Database) -> Outgoing:
    async with database.read() as session:
        return (await session.scalars(select(Outgoing))).one()


async def test_what_is_retired_is_replaced_when_those_who_take_together_are_done(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, row_id = await a_retired_dose(either_house)
    states: list[str] = []

    async def offer(*given: Any) -> bool:
        states.append((await only_row(either_house.app.database)).state)
        return await offer_another(*given)

    monkeypatch.setattr(delivery_book, "offer_another", offer)
    parcel = await book.take(row_id)
    assert parcel
    assert parcel.resource
    assert parcel.resource.title == "Data in words"
    assert states == ["sending"], "everybody sees that it is taken"


@pytest.mark.parametrize("trouble", [ValueError("…"), asyncio.CancelledError()])
async def test_a_retired_dose_that_is_not_replaced_is_left_to_whoever_takes_it_next(
    either_house: House, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    book, row_id = await a_retired_dose(either_house)

    async def fail(*_: Any) -> bool:
        raise trouble

    with monkeypatch.context() as once:
        once.setattr(delivery_book, "offer_another", fail)
        with pytest.raises(type(trouble)):
            await book.take(row_id)
    await book.at_rest()
    left = await only_row(either_house.app.database)
    assert (left.state, left.attempts, left.lease_until) == ("retry", 0, None)
    parcel = await book.take(row_id)
    assert parcel
    assert parcel.resource
    assert parcel.resource.title == "Data in words"


async def test_a_retired_dose_that_its_person_got_meanwhile_stays_what_it_is(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, row_id = await a_retired_dose(either_house)
    replace = book._replace_retired

    async def got_meanwhile(parcel: Parcel) -> Parcel:
        assert parcel.dose
        async with either_house.app.database.write() as session:
            await outbox.withdraw_dose(session, parcel.dose.id)
        return await replace(parcel)

    monkeypatch.setattr(book, "_replace_retired", got_meanwhile)
    parcel = await book.take(row_id)
    assert parcel
    assert parcel.resource
    assert parcel.resource.title == "What is data?"
