"""A platform that tells one process to be silent has told all of them, and those that start after it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat import Address
from bot.delivery.pace import Pace
from bot.delivery.silences import Silences
from bot.store import remembered, silences
from bot.store.database import Database
from tests.conftest import fresh_database
from tests.house import House, settings_for

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ANA = Address("telegram", "1")


class Process:
    """One process: its paces, by a clock that stands still until a test moves it, and what it tells and hears of silences."""

    def __init__(self, database: Database) -> None:
        self.at = 0.0
        self.database = database
        self.paces = {name: Pace(25, lambda: self.at, self.sleep) for name in ("telegram", "discord")}
        self.silences = Silences(database, self.paces, self.now)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.at)

    async def sleep(self, seconds: float) -> None:
        self.at += seconds

    async def told(self) -> None:
        """Wait until all it heard is written down."""
        await self.silences.stop()


@asynccontextmanager
async def processes(url: str, count: int = 2) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as stack:
        opened = [Process(Database(url)) for _ in range(count)]
        for process in opened:
            stack.push_async_callback(process.database.close)
        yield opened


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_database(request, "postgresql", tmp_path)


async def test_what_one_process_hears_every_process_heeds(postgres_url: str) -> None:
    async with processes(postgres_url) as (hears, sends):
        hears.paces["telegram"].slow_down(30)
        await hears.told()
        assert sends.paces["telegram"].silence <= 0
        await sends.silences.look()
        assert sends.paces["telegram"].silence == 30
        assert sends.paces["discord"].silence <= 0
        assert await sends.paces["telegram"].bulk_turn(ANA)
        assert sends.at >= 30, "bulk waited for the end of it"
        sends.at = 10
        await sends.paces["telegram"].reply_turn(ANA)
        assert sends.at >= 30, "and so did a reply"


async def test_they_look_by_themselves_while_they_run(postgres_url: str) -> None:
    async with processes(postgres_url) as (hears, sends):
        await sends.silences.begin()
        hears.paces["telegram"].slow_down(30)
        async with asyncio.timeout(30):
            while sends.paces["telegram"].silence < 30:  # noqa: ASYNC110 (the other process's word comes when it comes)
                await asyncio.sleep(0.01)
        await sends.silences.stop()
        await hears.told()


async def test_a_slow_answer_makes_no_silence_longer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    hears, sends = Process(database), Process(database)
    hears.paces["telegram"].slow_down(30)
    await hears.told()
    real = silences.after

    async def slowly(*asked: Any) -> dict[str, datetime]:
        found = await real(*asked)
        sends.at += 20
        return found

    monkeypatch.setattr(silences, "after", slowly)
    await sends.silences.look()
    assert sends.paces["telegram"].silence == 10


async def test_of_many_at_once_the_longest_stands(database: Database) -> None:
    some = [Process(database) for _ in range(8)]
    for number, process in enumerate(some):
        process.paces["telegram"].slow_down(10 + (number * 5) % 8)
    await asyncio.gather(*(process.told() for process in some))
    for process in some:
        await process.silences.look()
    assert {process.paces["telegram"].silence for process in some} == {17}


async def test_a_short_one_ends_no_long_one(database: Database) -> None:
    first, second = Process(database), Process(database)
    first.paces["telegram"].slow_down(60)
    await first.told()
    second.paces["telegram"].slow_down(5)
    await second.told()
    await second.silences.look()
    assert second.paces["telegram"].silence == 60
    async with database.read() as session:
        assert await silences.after(session, ["telegram"], NOON) == {"telegram": NOON + timedelta(seconds=60)}
        assert await silences.after(session, ["telegram"], NOON + timedelta(seconds=60)) == {}


async def test_a_clock_that_is_set_back_makes_no_silence_of_a_day(database: Database) -> None:
    first, second = Process(database), Process(database)
    first.paces["telegram"].slow_down(60)
    await first.told()
    second.at = -86_400.0
    await second.silences.look()
    assert second.paces["telegram"].silence <= 0


async def test_all_that_were_on_their_way_together_are_told_as_one(database: Database) -> None:
    process, written = Process(database), 0
    told = silences.note

    async def counted(*given: object) -> None:
        nonlocal written
        written += 1
        await told(*given)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.delivery.silences.silences.note", counted)
        for _ in range(24):
            process.at += 0.001
            process.paces["telegram"].slow_down(30)
        await process.told()
    assert written == 1


async def test_a_silence_outlives_the_process_that_heard_it(either_house: House) -> None:
    either_house.app.host.slow_down("terminal", 600)
    await either_house.restart(timedelta(seconds=100))
    assert 490 < either_house.app.silences["terminal"] <= 500
    await either_house.restart(timedelta(seconds=600))
    assert either_house.app.silences["terminal"] == 0


@pytest.mark.parametrize("told", ["", "tomorrow", "2026-03-03", "2026-03-03T12:00 never", "1 2 3"])
async def test_what_means_nothing_is_no_silence_and_keeps_no_bot_from_starting(either_house: House, told: str) -> None:
    async with either_house.app.database.write() as session:
        await remembered.remember(session, "silence.terminal", told)
    await either_house.restart(timedelta(seconds=1))
    assert either_house.app.silences["terminal"] == 0


@pytest.mark.parametrize("trouble", [ConnectionError, RuntimeError])
async def test_where_it_cannot_be_written_down_whoever_hears_it_is_silent_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    house = await House(settings_for(tmp_path)).open()

    def away(*_: object) -> Callable[[], None]:
        raise trouble

    monkeypatch.setattr("bot.delivery.silences.silences.note", away)
    house.app.host.slow_down("terminal", 30)
    assert house.app.silences["terminal"] > 29
    told = list(house.app._silences._telling)
    await house.close()
    assert [task.exception() for task in told] == [None]
