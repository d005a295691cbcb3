"""A stop, or a door without an end, in the middle of a send: only a call that began leaves a doubt."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from sqlalchemy import select

from bot import app
from bot.delivery import send
from bot.delivery.book import SENDING_LEASE
from bot.errors import Uncertain
from bot.store import outbox
from bot.store.lending import TRANSACTION_WITHIN
from bot.store.tables import Outgoing
from tests.house import House, subscribed

DOSE = "What is data?"
COPY = "duas vezes"
EIGHT = "2026-03-03 08:00"


class Gate:
    """A place where somebody waits until a test lets them pass."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.opens = asyncio.Event()

    async def passes(self) -> None:
        self.reached.set()
        await self.opens.wait()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop waits for hardly anything."""
    monkeypatch.setattr(app, "LAST_SENDS", 0.05)


async def row(house: House) -> Outgoing:
    async with house.app.database.read() as session:
        return (await session.scalars(select(Outgoing))).one()


async def stopped_at(house: House, gate: Gate) -> None:
    """The dose of eight is about to go, somebody waits at the gate, and the process stops; it opens when they are cut off."""
    going = asyncio.create_task(house.forward_to(EIGHT))
    await asyncio.wait_for(gate.reached.wait(), 60)
    going.cancel()
    senders = list(house.app.senders["terminal"]._tasks)
    stopping = asyncio.create_task(house.app.stop())
    while not all(task.done() or task.cancelling() for task in senders):  # noqa: ASYNC110 (a task gives no event)
        await asyncio.sleep(0.01)
    gate.opens.set()
    await stopping


async def begun_again(house: House) -> None:
    """The next process begins a minute later."""
    house.app = house._build(house.app.now() + timedelta(minutes=1))
    await house.app.start()
    await house.app.settle()
    await house.forward(minutes=1)


async def test_a_stop_during_a_knock_leaves_no_doubt(
    either_house: House, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    ana = await subscribed(either_house.person("ana"))
    knock = either_house.door.knock
    monkeypatch.setattr(either_house.door, "knock", gate.passes)
    either_house.app.senders["terminal"]._means.lines["terminal"].note(Uncertain("read time-out"))
    await stopped_at(either_house, gate)
    monkeypatch.setattr(either_house.door, "knock", knock)
    await begun_again(either_house)
    sent = await row(either_house)
    assert (sent.state, sent.doubts, sent.attempts) == ("sent", 0, 1)
    seen = ana.sees()
    assert (seen.count(DOSE), seen.count(COPY)) == (1, 0)


async def test_a_stop_while_a_row_is_taken_gives_it_back(
    either_house: House, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    await subscribed(either_house.person("ana"))
    take = outbox.take

    async def slowly(*given: Any) -> Any:
        await gate.passes()
        return await take(*given)

    monkeypatch.setattr(outbox, "take", slowly)
    await stopped_at(either_house, gate)
    await begun_again(either_house)
    sent = await row(either_house)
    assert (sent.state, sent.doubts, sent.attempts) == ("sent", 0, 1)


async def test_a_stop_while_the_message_is_written_gives_it_back(
    either_house: House, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    await subscribed(either_house.person("ana"))

    async def slowly(*_: object) -> NoReturn:
        await gate.passes()
        raise AssertionError("somebody who was cut off goes on")

    monkeypatch.setattr("bot.cards.easel.Easel.finish", slowly)
    await either_house.app.stop()
    either_house.app = either_house._build(either_house.app.now())
    await either_house.app.start()
    await stopped_at(either_house, gate)
    monkeypatch.undo()
    await begun_again(either_house)
    sent = await row(either_house)
    assert (sent.state, sent.doubts, sent.attempts) == ("sent", 0, 1)


async def test_a_stop_during_the_call_leaves_a_doubt(
    either_house: House, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    ana = await subscribed(either_house.person("ana"))
    door_send = either_house.door.send

    async def hangs(*_: object, **__: object) -> None:
        await gate.passes()

    monkeypatch.setattr(either_house.door, "send", hangs)
    await stopped_at(either_house, gate)
    monkeypatch.setattr(either_house.door, "send", door_send)
    await begun_again(either_house)
    await either_house.forward(minutes=3)
    assert ana.sees().count(COPY) == 1


async def test_a_door_without_an_end_is_given_up_while_the_row_is_still_ours(
    either_house: House, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    assert SENDING_LEASE.total_seconds() > send.SEND_WITHIN + send.RECORD_WITHIN + TRANSACTION_WITHIN
    await subscribed(either_house.person("ana"))

    async def hangs(*_: object, **__: object) -> None:
        await gate.passes()

    monkeypatch.setattr(either_house.door, "send", hangs)
    monkeypatch.setattr(send, "SEND_WITHIN", 0.3)
    await asyncio.wait_for(either_house.forward_to(EIGHT), 60)
    assert gate.reached.is_set()
    left = await row(either_house)
    assert (left.state, left.doubts, left.reason) == ("uncertain", 1, "no end of it in 0.3 s")


async def test_senders_whose_stop_is_cut_short_send_nothing_behind_it(
    house: House, monkeypatch: pytest.MonkeyPatch, gate: Gate
) -> None:
    await subscribed(house.person("ana"))
    monkeypatch.setattr(house.door, "send", lambda *_, **__: gate.passes())
    going = asyncio.create_task(house.forward_to(EIGHT))
    await asyncio.wait_for(gate.reached.wait(), 60)
    going.cancel()
    senders = house.app.senders["terminal"]
    tasks = list(senders._tasks)
    stopping = asyncio.create_task(senders.stop(3600))
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.wait([stopping], timeout=30)
    assert all(task.done() for task in tasks)


async def test_a_mark_that_is_cut_off_is_made_all_the_same(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await subscribed(either_house.person("ana"))
    monkeypatch.setattr(send, "RECORD_AGAIN", 0.01)
    mark, cut_off = outbox.sent_all, False

    async def once_cut_off(*given: Any) -> None:
        nonlocal cut_off
        if not cut_off:
            cut_off = True
            either_house.app.senders["terminal"]._means.book._write._writing.cancel()  # type: ignore[union-attr]
            await asyncio.sleep(0)
        await mark(*given)

    monkeypatch.setattr(outbox, "sent_all", once_cut_off)
    await asyncio.wait_for(either_house.forward_to("2026-03-03 08:01"), 60)
    assert cut_off
    sent = await row(either_house)
    assert (sent.state, sent.doubts, sent.attempts) == ("sent", 0, 1)
    assert (seen := ana.sees()).count(DOSE) == 1
    assert COPY not in seen
