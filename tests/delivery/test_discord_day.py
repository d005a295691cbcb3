"""From /start to a streak of one on Discord, over a restart; both platforms in one process, and one of them away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.app import App
from bot.clock import Present
from bot.contract import Door
from bot.doors.discord import DiscordDoor
from bot.doors.telegram import TelegramDoor
from bot.store.tables import Outgoing, Subscription
from tests.house import settings_for
from tests.rig.discord import DiscordServer, Drop, Person, Posted
from tests.rig.discord.markdown import read
from tests.rig.telegram import TelegramServer

LISBON, SAO_PAULO = ZoneInfo("Europe/Lisbon"), ZoneInfo("America/Sao_Paulo")
SEVEN = datetime(2026, 3, 3, 7, 0, tzinfo=SAO_PAULO)


@asynccontextmanager
async def running(folder: Path, at: datetime, *doors: Door) -> AsyncIterator[App]:
    """A bot that begins at an instant and ends with the block."""
    app = App(settings_for(folder), list(doors), Present(at - datetime.now(UTC)))
    try:
        await app.start()
        yield app
    finally:
        await app.stop()


async def said(discord: DiscordServer, person: Person, words: str) -> Posted:
    """The newest message on their screen that says so."""

    def look() -> Posted | None:
        return next((one for one in reversed(person.sees()) if words in read(one.content).text), None)

    found = await discord.bell.until(look, 15)
    assert found, (words, [one.content for one in person.sees()])
    return found


@pytest.mark.parametrize(
    ("client", "zone", "trail", "city", "begin", "done", "streak"),
    [
        ("pt-BR", SAO_PAULO, "Primeiros passos", None, "Começar", "Feito", "1 dia, recorde 1."),
        ("en-GB", LISBON, "First steps", "Lisbon", "Begin", "Done", "1 day, best 1."),
    ],
)
async def test_from_start_to_a_streak_of_one_over_a_restart(
    tmp_path: Path,
    discord: DiscordServer,
    client: str,
    zone: ZoneInfo,
    trail: str,
    city: str | None,
    begin: str,
    done: str,
    streak: str,
) -> None:
    ana = discord.person("Ana", client)
    async with running(tmp_path, datetime(2026, 3, 3, 7, 0, tzinfo=zone), DiscordDoor(discord.token)):
        await ana.uses("start")
        await said(discord, ana, "Ana")
        await ana.presses(trail)
        if city:
            await said(discord, ana, "What time is it where you are?")
            await ana.writes(city)
        await said(discord, ana, "07:00")
        await ana.presses(begin)
        await said(discord, ana, "08:00")

    begins = datetime(2026, 3, 3, 7, 59, 58, tzinfo=zone)
    async with running(tmp_path, begins, DiscordDoor(discord.token)) as app:
        dose = await said(discord, ana, "What is data?")
        assert app.now() >= datetime(2026, 3, 3, 8, 0, tzinfo=zone)
        await (await ana.presses(done, dose)).is_answered()
        await (await ana.uses("streak")).is_answered()
        await said(discord, ana, streak)
        assert sum("What is data?" in one.content for one in ana.sees()) >= 1
        assert discord.rest.broken == []


async def test_a_lost_answer_brings_no_second_dose_on_discord(tmp_path: Path, discord: DiscordServer) -> None:
    ana = discord.person("Ana")
    async with running(tmp_path, SEVEN, DiscordDoor(discord.token)) as app:
        await _subscribes(discord, ana)
        discord.fault(Drop(after=True), path=f"/channels/{ana.direct.id}/messages", times=2)
        app.present.move_to(SEVEN + timedelta(hours=1, seconds=1))
        await app.settle()
        app.present.move_to(SEVEN + timedelta(hours=1, minutes=5))
        await app.settle()
        async with app.database.read() as session:
            (row,) = await session.scalars(select(Outgoing).where(Outgoing.kind == "dose"))
    assert row.state == "sent"
    assert sum("What is data?" in one.content for one in ana.sees()) == 1


async def test_closed_direct_messages_move_the_subscription_to_a_thread(tmp_path: Path, discord: DiscordServer) -> None:
    server, _ = discord.world.server()
    ana = discord.person("Ana")
    server.members.add(ana.id)
    async with running(tmp_path, SEVEN, DiscordDoor(discord.token)) as app:
        await _subscribes(discord, ana)
        discord.world.closed.add(ana.id)
        app.present.move_to(SEVEN + timedelta(hours=1, seconds=1))
        await app.settle()
        async with app.database.read() as session:
            subscription = await session.scalar(select(Subscription))
        (thread,) = [channel for channel in discord.world.channels.values() if channel.parent]
        assert subscription is not None
        assert subscription.chat == f"#{thread.id}"
        assert any("What is data?" in posted.content for posted in thread.messages)
        await (await ana.presses("Feito", thread.messages[-1])).is_answered()
    assert any("Dia 1" in posted.content for posted in ana.sees(thread))


async def test_one_platform_away_does_not_delay_the_other(
    tmp_path: Path, discord: DiscordServer, telegram: TelegramServer
) -> None:
    """Discord refuses connections when the bot starts; Telegram's people get their doses, and Discord's when it is back."""
    bruno, ana = discord.person("Bruno"), telegram.person(7, "Ana", "pt-br")
    async with running(tmp_path, SEVEN, DiscordDoor(discord.token)):
        await _subscribes(discord, bruno)
    await discord.stop()

    doors = (TelegramDoor(telegram.token, telegram.url), DiscordDoor(discord.token, opening=0.2))
    async with running(tmp_path, SEVEN + timedelta(minutes=30), *doors) as app:
        ana.says("/start")
        await ana.sees_something("Ana", within=5)
        ana.presses("Primeiros passos")
        await ana.sees_something("07:30", within=5)
        ana.presses("Começar")
        await ana.sees_something("08:00", within=5)
        app.present.move_to(SEVEN + timedelta(hours=1, seconds=1))
        await app.rounds.go()
        await ana.sees_something("What is data?", within=15)
        assert not any("What is data?" in one.content for one in bruno.sees())
        await discord.start()
        for minute in range(1, 60):
            app.present.move_to(SEVEN + timedelta(hours=1, minutes=minute))
            await app.settle()
            if any("What is data?" in one.content for one in bruno.sees()):
                break
            await discord.bell.until(lambda: discord.gateway.connection, 5)
        await said(discord, bruno, "What is data?")


async def _subscribes(discord: DiscordServer, person: Person) -> None:
    await person.uses("start")
    await said(discord, person, person.name)
    await person.presses("Primeiros passos")
    await said(discord, person, "certo")
    await person.presses("Começar")
    await said(discord, person, "Pronto")
