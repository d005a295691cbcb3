"""Several processes on one PostgreSQL database: one leads, the others answer, and nobody gets a dose twice or not at all."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from bot.catalog.file import read_catalog
from bot.chat import Incoming, MessageRef, plain
from bot.delivery import leader
from bot.delivery.claim import claim_due
from bot.live_catalog import LiveCatalog
from bot.store import catalog as kept_catalog
from bot.store import lead, outbox, remembered
from bot.store.database import Database
from bot.store.lead import take_lead
from bot.store.locks import Lock
from bot.store.tables import Dose, Outgoing, Person
from tests.conftest import fresh_database
from tests.delivery.crowd import FIRST_DUE, copies, crowd
from tests.house import SMALL_CATALOG, House, settings_for, subscribed

DOSE = "What is data?"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_database(request, "postgresql", tmp_path)


@pytest.fixture
async def two_houses(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[House, House]]:
    """Two processes on one database, each with a door of its own to the same people, and no door tells a repeat; the first one leads."""
    monkeypatch.setattr(leader, "AGAIN", 0.05)
    settings = settings_for(tmp_path, database_url=postgres_url)
    first, second = House(settings), House(settings)
    await first.open()
    await second.open()
    for house in (first, second):
        house.app.rounds._nonces = []
    yield first, second
    await first.close()
    await second.close()


async def leads(house: House) -> None:
    """Wait until this process leads."""
    async with asyncio.timeout(30):
        while not house.app.leader.leads:  # noqa: ASYNC110 (the database decides, and gives no event)
            await asyncio.sleep(0.01)


async def cut_off_the_leader(house: House) -> None:
    """The server ends the connection that holds the lock, as when it restarts or a network breaks."""
    async with house.app.database.write() as session:
        await session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'trilha leader' AND datname = current_database()"
            )
        )


# ----------------------------------------------------------------------------------------------------------- who leads


async def test_one_leads_and_the_other_answers(two_houses: tuple[House, House]) -> None:
    first, second = two_houses
    assert (first.app.leader.leads, second.app.leader.leads) == (True, False)
    ana = await subscribed(second.person("ana"))
    await first.forward_to("2026-03-03 08:01")
    await second.forward_to("2026-03-03 08:01")
    assert copies(first.door) == {"ana": 1}
    assert copies(second.door) == {}
    await ana.says("/feito")
    assert "Dia 1." in ana.sees()


async def test_the_other_takes_over_when_the_leader_stops(two_houses: tuple[House, House]) -> None:
    first, second = two_houses
    await crowd(first.app.database, 150)
    await first.forward_to("2026-03-03 07:59:50")
    await first.app.rounds.go()
    await first.app.stop()
    await leads(second)
    await second.forward_to("2026-03-03 08:01")
    await second.app.settle()
    assert copies(first.door, second.door) == {f"p{number}": 1 for number in range(1, 151)}


async def test_a_leader_whose_connection_ends_sends_nothing_more_and_the_other_goes_on(
    two_houses: tuple[House, House],
) -> None:
    first, second = two_houses
    await crowd(first.app.database, 20)
    await first.forward_to("2026-03-03 07:59:50")
    await first.app.rounds.go()
    waiting = first.app.rounds.ahead
    await cut_off_the_leader(first)
    async with asyncio.timeout(30):
        while first.app.rounds.ahead:  # noqa: ASYNC110 (the server's word comes when it comes)
            await asyncio.sleep(0.01)
    assert not any(first.app.senders["terminal"].hand(ticket) for ticket in waiting) or first.app.leader.leads
    async with asyncio.timeout(30):
        while not (first.app.leader.leads or second.app.leader.leads):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for house in (first, second):
        await house.forward_to("2026-03-03 08:01")
        await house.app.settle()
    assert copies(first.door, second.door) == {f"p{number}": 1 for number in range(1, 21)}


async def test_a_leader_that_lost_its_lock_still_writes_down_what_was_on_its_way(
    two_houses: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two_houses
    monkeypatch.setattr("bot.app.LAST_SENDS", 0.01)  # what a stop gives to it
    begun, goes_on = asyncio.Event(), asyncio.Event()
    send = first.door.send

    async def slowly(*given: Any, **named: Any) -> MessageRef:
        begun.set()
        await goes_on.wait()
        return await send(*given, **named)

    monkeypatch.setattr(first.door, "send", slowly)
    await crowd(first.app.database, 1)
    first.app.present.move_to(FIRST_DUE)
    second.app.present.move_to(FIRST_DUE)
    await first.app.rounds.go()
    await asyncio.wait_for(begun.wait(), 30)
    await cut_off_the_leader(first)
    await leads(second)
    await asyncio.sleep(0.1)
    goes_on.set()
    async with asyncio.timeout(30):
        while await row_of(first) != ("sent", 0):  # noqa: ASYNC110 (the database decides, and gives no event)
            await asyncio.sleep(0.01)
    await second.app.settle()
    assert copies(first.door, second.door) == {"p1": 1}


async def row_of(house: House) -> tuple[str, int]:
    """How far the only row is, and how often it was in doubt."""
    async with house.app.database.read() as session:
        state, doubts = (await session.execute(select(Outgoing.state, Outgoing.doubts))).one()
        return state, doubts


async def test_what_a_process_held_that_vanished_the_other_sends(two_houses: tuple[House, House]) -> None:
    first, second = two_houses
    await crowd(first.app.database, 20)
    await first.forward_to("2026-03-03 07:59:50")
    await first.app.rounds.go()
    first.app.clock.stop()  # its alarms never ring
    await first.app.leader.stop()
    await first.app.leader.give_back()
    await leads(second)
    await second.forward_to("2026-03-03 08:00")
    await second.app.settle()
    assert copies(second.door) == {f"p{number}": 1 for number in range(1, 21)}


async def test_what_a_process_had_on_its_way_goes_first_where_a_repeat_makes_no_second_message(
    two_houses: tuple[House, House],
) -> None:
    first, second = two_houses
    await crowd(first.app.database, 20)
    async with first.app.database.write() as session:
        await claim_due(session, first.app.catalog, ["terminal"], FIRST_DUE)
        taken = await outbox.take(session, [1, 2], FIRST_DUE, timedelta(seconds=120))
    assert len(taken) == 2
    await first.app.rounds.take_over()
    assert await doubted(first) == [], "its lease runs out first: the other may still write down how it ended"
    second.app.rounds._nonces = ["terminal"]
    await second.app.rounds.take_over()
    assert await doubted(second) == [(1, 1), (2, 1)]
    async with second.app.database.read() as session:
        waits = await outbox.waiting(session, ["terminal"], FIRST_DUE, 20)
    assert sorted(ticket.row_id for ticket in sorted(waits)[:2]) == [1, 2]


async def doubted(house: House) -> list[tuple[int, int]]:
    """The rows in doubt, and how often."""
    async with house.app.database.read() as session:
        found = select(Outgoing.id, Outgoing.doubts).where(Outgoing.state == "uncertain").order_by(Outgoing.id)
        return [(row_id, doubts) for row_id, doubts in await session.execute(found)]


async def test_a_lock_is_held_once_and_free_again_with_its_connection(postgres_url: str) -> None:
    database = Database(postgres_url)
    held = await take_lead(database, Lock.LEADING)
    assert held
    assert await take_lead(database, Lock.LEADING) is None
    async with database.write() as session:
        await session.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'trilha leader'")
        )
    await asyncio.wait_for(held.lost.wait(), 10)
    again = await take_lead(database, Lock.LEADING)
    assert again
    await again.give_back()
    await held.give_back()
    await database.close()


async def test_a_leader_that_is_frozen_loses_the_lock(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead, "IDLE_WITHIN", 0.5)
    database = Database(postgres_url)
    frozen = await take_lead(database, Lock.LEADING)
    assert frozen
    await asyncio.wait_for(frozen.lost.wait(), 30)  # it asked nothing meanwhile
    other = await take_lead(database, Lock.LEADING)
    assert other
    await other.give_back()
    await frozen.give_back()
    await database.close()


async def test_who_leads_hears_of_it_when_the_server_is_silent(postgres_url: str) -> None:
    database = Database(postgres_url)
    held = await take_lead(database, Lock.LEADING)
    assert held
    assert held._connection
    await held.check()
    assert not held.lost.is_set()
    await held._connection.invalidate()
    await held.check()
    assert held.lost.is_set()
    await held.give_back()
    await database.close()


# ------------------------------------------------------------------------------------------------------------ the work


async def test_two_claims_at_once_never_double(tmp_path: Path, postgres_url: str) -> None:
    catalog = read_catalog(SMALL_CATALOG)
    house = await House(settings_for(tmp_path, database_url=postgres_url)).open()
    await crowd(house.app.database, 1200)
    await house.close()
    processes = [Database(postgres_url) for _ in range(3)]

    async def claim_all(process: Database) -> list[int]:
        mine: list[int] = []
        for _ in range(4):
            async with process.write() as session:
                mine += [
                    ticket.row_id for ticket in (await claim_due(session, catalog, ["terminal"], FIRST_DUE)).tickets
                ]
        return mine

    claimed = await asyncio.gather(*(claim_all(process) for process in processes))
    async with processes[0].read() as session:
        assert await session.scalar(select(func.count(Dose.id))) == 1200
        rows = {row.id: row.key for row in await session.scalars(select(Outgoing))}
    assert sorted(row_id for some in claimed for row_id in some) == sorted(rows)
    assert set(rows.values()) == {f"dose:{number}:2026-03-03:0" for number in range(1, 1201)}
    for process in processes:
        await process.close()


async def test_one_update_served_to_two_processes_takes_effect_once(two_houses: tuple[House, House]) -> None:
    first, second = two_houses
    ana = first.person("ana")

    async def both_hear(key: str, said: str) -> list[str]:
        heard = Incoming(key, ana.address, ana.sender, first.app.now(), text=said)
        answers = await asyncio.gather(first.app.host.answer(heard), second.app.host.answer(heard))
        return [plain(answer.say[0].text) if answer else "nothing" for answer in answers]

    assert ["Oi, Ana." in said for said in await both_hear("1", "/start")] == [True, True]
    await subscribed(ana)
    assert [DOSE in said for said in await both_hear("2", "/hoje")] == [True, True]
    async with first.app.database.read() as session:
        assert await session.scalar(select(func.count(Person.id))) == 1
        assert await session.scalar(select(func.count(Dose.id))) == 1


# --------------------------------------------------------------------------------------------------------- the catalog


async def test_every_process_takes_up_a_catalog_that_one_of_them_read_again(
    two_houses: tuple[House, House], tmp_path: Path
) -> None:
    first, second = two_houses
    file = tmp_path / "catalog.yaml"
    file.write_text(SMALL_CATALOG.read_text().replace("title: What is data?", "title: What data is"))
    for house in two_houses:
        house.app.live._settings = house.settings.model_copy(update={"catalog": file})
    assert await first.app.reload()
    assert await second.app.live.follow()
    assert not await second.app.live.follow()
    entry = second.app.catalog.resource("what-is-data")
    assert entry
    assert entry.title == "What data is"


@pytest.mark.parametrize(
    "trouble", [OperationalError("…", None, Exception("it was cut off")), asyncio.CancelledError()]
)
async def test_a_process_that_could_not_take_up_a_file_takes_it_the_next_time(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    file = tmp_path / "catalog.yaml"
    shutil.copy(SMALL_CATALOG, file)
    settings = settings_for(tmp_path, catalog=file)
    first, second = (LiveCatalog(database, settings, lambda: FIRST_DUE) for _ in range(2))
    for live in (first, second):
        live.read()
        await live.begin()
    file.write_text(SMALL_CATALOG.read_text().replace("title: What is data?", "title: What data is"))
    assert await first.reload()

    async def fail(*_: Any, **__: Any) -> None:
        raise trouble

    with monkeypatch.context() as once:
        once.setattr(kept_catalog, "adopt", fail)
        with pytest.raises(type(trouble)):
            await second.follow()
    assert await second.follow()
    entry = second.catalog.resource("what-is-data")
    assert entry
    assert entry.title == "What data is"
    assert not await second.follow()


async def test_a_change_of_the_catalog_is_counted_by_everybody(database: Database) -> None:
    async with database.read() as session:
        assert await kept_catalog.version(session) == 0

    async def change() -> None:
        async with database.write() as session:
            await kept_catalog.bump(session)

    await asyncio.gather(*(change() for _ in range(8)))
    async with database.read() as session:
        assert await kept_catalog.version(session) == 8
        assert await remembered.recall(session, "catalog-version") == "8"
