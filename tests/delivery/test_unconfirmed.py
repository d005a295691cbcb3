"""People press and write while the database is away: all of it counts, once and in its order, when it is back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.clock import Present
from bot.doors.telegram import TelegramDoor
from bot.store import database
from bot.store.tables import Card, Completion
from bot.web.fetch import Fetcher
from tests.delivery.on_discord import playing, words_of
from tests.house import nowhere, settings_for
from tests.rig.discord import DiscordServer
from tests.rig.postgres import Postgres
from tests.rig.telegram import Person, TelegramServer

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))


@dataclass
class Storage:
    """Where a database is, and how it goes away for as long as a block lasts."""

    url: str
    away: Callable[[], AbstractAsyncContextManager[None]]


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    """A file that somebody else locks, and a server of its own that crashes and is started anew."""
    if request.param == "sqlite":
        monkeypatch.setattr(database, "BUSY_WITHIN", 0.2)
        yield Storage(f"sqlite:///{tmp_path / 'trilha.sqlite'}", locked(tmp_path / "trilha.sqlite"))
        return
    with TemporaryDirectory(prefix="trilha-tests-") as folder:
        server = Postgres(Path(folder) / "postgres")
        yield Storage(server.create("trilha"), stopped(server))
        server.close()


def locked(file: Path) -> Callable[[], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        other = sqlite3.connect(file, isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()

    return away


def stopped(server: Postgres) -> Callable[[], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def away() -> AsyncIterator[None]:
        await asyncio.to_thread(server.stop)
        yield
        await asyncio.to_thread(server.start)

    return away


@asynccontextmanager
async def serving(folder: Path, url: str, telegram: TelegramServer) -> AsyncIterator[App]:
    """The bot at work on that database since Tuesday noon."""
    settings = settings_for(folder, database_url=url)
    door = TelegramDoor(telegram.token, telegram.url)
    app = App(settings, [door], Present(NOON - datetime.now(UTC)), Fetcher(resolve=nowhere))
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def with_a_dose(telegram: TelegramServer, number: int, name: str) -> Person:
    """Somebody who subscribed and has today's dose before them."""
    person = telegram.person(number, name, "pt-br", started=True)
    person.says("/start")
    await person.sees_something("Oi, ", within=30)
    person.presses("Primeiros passos")
    await person.sees_something(lambda message: message.button("Começar") is not None, within=30)
    person.presses("Começar")
    await person.sees_something(within=30)
    person.says("/hoje")
    await person.sees_something("What is data?", within=30)
    return person


async def count(app: App, table: type[Card] | type[Completion]) -> int:
    async with app.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_people_do_while_the_database_is_away_counts_once_and_in_its_order(
    tmp_path: Path, telegram: TelegramServer, storage: Storage
) -> None:
    async with serving(tmp_path, storage.url, telegram) as app:
        ana, bruno = await with_a_dose(telegram, 7, "Ana"), await with_a_dose(telegram, 8, "Bruno")
        async with storage.away():
            ana.presses("Feito")
            ana.says("/streak")
            bruno.says("/nota O que são dados? Fatos.")
            await asyncio.sleep(2)
            assert len(telegram.updates.pending()) == 3
        await ana.sees_something("1 dia, recorde 1.", within=60)
        assert await telegram.bell.until(lambda: not telegram.updates.pending() or None, 60)
        assert (await count(app, Completion), await count(app, Card)) == (1, 1)
        assert not [message.text for message in (*ana.sees(), *bruno.sees()) if "errado" in message.text]


async def test_on_discord_they_look_at_thinking_until_it_is_back(
    tmp_path: Path, discord: DiscordServer, storage: Storage
) -> None:
    ana = discord.person("Ana", "pt-BR")
    async with playing(discord, tmp_path, NOON, database_url=storage.url) as play:
        await play.uses(ana, "start")
        await play.presses(ana, "Primeiros passos")
        await play.presses(ana, "Começar")
        await play.uses(ana, "today")
        async with storage.away():
            press = await ana.presses("Feito")
            await press.is_answered()
            await asyncio.sleep(1)
            assert not [shown for shown in ana.sees() if "Dia 1" in words_of(shown)]
        assert await discord.bell.until(lambda: any("Dia 1" in words_of(one) for one in ana.sees()) or None, 60)
        assert await count(play.app, Completion) == 1
