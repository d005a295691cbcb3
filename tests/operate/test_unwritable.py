"""A database that can be read and takes nothing in, as on a full disk: who hears of it, and how often."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Connection, event

from bot.errors import DatabaseUnwritable
from bot.logs import set_up
from bot.operate.health import Health
from bot.settings import Place
from bot.store import writing
from tests.house import House, given_role, settings_for, subscribed

SAYS = "I can't write anything down just now"
SAID = (
    "Não consigo anotar nada neste momento, então isso não contou. A falha é minha, não sua; tente de novo mais tarde."
)


async def at_rest(house: House) -> None:
    """Nothing goes on by itself: what listens must not change while a transaction begins."""
    house.app.clock.stop()
    await house.app.clock.at_rest(10)
    await house.app.post.stop_rounds()


@asynccontextmanager
async def nothing_written(house: House) -> AsyncIterator[None]:
    """Every transaction may only look, as on a file system that was mounted anew after an error."""
    engine = house.app.database.engine
    only_look = "PRAGMA query_only=ON" if house.app.database.is_sqlite else "SET TRANSACTION READ ONLY"
    refused = True

    def refuse(connection: Connection) -> None:
        if refused:
            connection.exec_driver_sql(only_look)

    await at_rest(house)
    event.listen(engine.sync_engine, "begin", refuse)
    yield
    refused = False
    await engine.dispose()  # a connection remembers it


async def test_whoever_writes_hears_that_it_did_not_count_and_health_tells(either_house: House) -> None:
    house = either_house
    ana = await subscribed(house.person("ana"))
    async with nothing_written(house):
        await ana.says("/hoje")
        assert ana.sees() == SAID
        told = await Health(house.app, Place("127.0.0.1", 0)).problems()
        assert told[0].startswith("the database cannot be written: ")
    await ana.says("/hoje")
    assert "What is data?" in ana.sees()


async def test_it_is_noticed_where_nobody_speaks_and_owners_are_told_once_past_the_outbox(either_house: House) -> None:
    house = either_house
    dora, carla = await given_role(house, "dora", "owner"), await given_role(house, "carla", "curator")
    async with nothing_written(house):
        for _ in range(3):
            house.app.present.move_to(house.app.now() + timedelta(minutes=2))
            await house.app.unwritten.look()
        assert dora.sees().count("nothing gets written to it") == 1
        assert carla.sees() == ""
        await dora.says("/queue")
        assert SAYS in dora.sees()


async def test_it_is_over_when_something_is_written_and_a_while_passed_without_a_refusal(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with nothing_written(house):
        await house.app.unwritten.prove()
    await house.app.unwritten.prove()
    assert house.app.database.writing.trouble, "on a full disk a small thing may still fit"
    monkeypatch.setattr(writing, "CALM", 0.0)
    await house.app.unwritten.prove()
    assert house.app.database.writing.trouble is None


@pytest.mark.of_a_file
async def test_a_full_file_is_told_from_any_other_failure(house: House) -> None:
    def full(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    ana = await subscribed(house.person("ana"))
    await at_rest(house)
    event.listen(house.app.database.engine.sync_engine, "begin", full)
    await ana.says("/hoje")
    await ana.presses("Feito")
    ana.sees()
    for number in range(20):
        await ana.says(f"/nota {number} " + "comprida " * 50)
    assert ana.sees().endswith(SAID)
    assert house.app.database.writing.trouble == "database or disk is full"


async def test_the_log_says_it_once_and_no_traceback_for_each(
    tmp_path: Path, house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up(settings_for(tmp_path, log_format="json"))
    bruno = house.person("bruno", "en")
    async with nothing_written(house):
        for _ in range(3):
            await bruno.says("/today")
        await house.app.unwritten.prove()
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    events = [line["event"] for line in said]
    assert (events.count("database.unwritable"), events.count("update.not_taken")) == (1, 3)
    assert [line["exception"] for line in said if "exception" in line] == []


async def test_what_stumbles_over_it_needs_no_traceback(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    set_up(settings_for(tmp_path, log_format="json"))
    log = structlog.get_logger("test")
    for error in (DatabaseUnwritable("database or disk is full"), ValueError("something else")):
        try:
            raise error
        except Exception:
            log.exception("pulse.failed")
    plain, other = map(json.loads, capfd.readouterr().err.splitlines())
    assert (plain["reason"], "exception" in plain) == ("database or disk is full", False)
    assert "Traceback" in other["exception"]
