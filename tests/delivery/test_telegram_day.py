"""From /start to a streak of one, on the real python-telegram-bot against a local Bot API server, over a restart, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import App
from bot.clock import Present
from bot.doors.telegram import TelegramDoor
from tests.house import settings_for
from tests.rig.telegram import TelegramServer

LISBON, SAO_PAULO = ZoneInfo("Europe/Lisbon"), ZoneInfo("America/Sao_Paulo")


def build(folder: Path, telegram: TelegramServer, at: datetime) -> App:
    settings = settings_for(folder, telegram_token=telegram.token, telegram_api_url=telegram.url)
    return App(settings, [TelegramDoor(telegram.token, telegram.url)], Present(at - datetime.now(UTC)))


@pytest.mark.parametrize(
    ("client", "zone", "button", "done", "streak", "said"),
    [
        ("pt-br", SAO_PAULO, "Começar", "Feito", "/sequencia", "1 dia, recorde 1."),
        ("en", LISBON, "Begin", "Done", "/streak", "1 day, best 1."),
    ],
)
async def test_from_start_to_a_streak_of_one_over_a_restart(
    tmp_path: Path,
    telegram: TelegramServer,
    client: str,
    zone: ZoneInfo,
    button: str,
    done: str,
    streak: str,
    said: str,
) -> None:
    app = build(tmp_path, telegram, datetime(2026, 3, 3, 7, 0, tzinfo=zone))
    await app.start()
    ana = telegram.person(7, "Ana", client)
    ana.says("/start")
    await ana.sees_something("Ana", within=5)
    ana.presses("Primeiros passos" if client == "pt-br" else "First steps")
    if client == "en":
        await ana.sees_something("What time is it where you are?", within=5)
        ana.says("Lisbon")
    await ana.sees_something("07:00", within=5)
    ana.presses(button)
    await ana.sees_something("08:00", within=5)
    await app.stop()

    due = datetime(2026, 3, 3, 8, 0, tzinfo=zone)
    app = build(tmp_path, telegram, datetime(2026, 3, 3, 7, 59, 58, tzinfo=zone))
    await app.start()
    try:
        dose = await ana.sees_something("What is data?", within=15)
        assert app.now() >= due
        assert [label for row in dose.buttons for label in row][1] == done
        assert ana.presses(done)
        await ana.sees_something("1", within=5)
        ana.says(streak)
        await ana.sees_something(said, within=5)
        assert len([call for call in telegram.calls("sendMessage") if "What is data?" in str(call.params)]) == 1
    finally:
        await app.stop()


async def test_the_menu_shows_what_works_in_both_languages(tmp_path: Path, telegram: TelegramServer) -> None:
    app = build(tmp_path, telegram, datetime(2026, 3, 3, 7, 0, tzinfo=SAO_PAULO))
    await app.start()
    await app.stop()
    from bot.commands.menus import menus

    for client, language in (("pt", "pt-BR"), ("en", "en"), ("de", "en")):
        person = telegram.person(sum(map(ord, client)), client, client)
        shown = telegram.menu_for(person)
        assert list(shown) == [entry.name for entry in menus().commands[language]]


async def test_somebody_who_blocked_the_bot_costs_one_call_and_comes_back(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    app = build(tmp_path, telegram, datetime(2026, 3, 3, 7, 0, tzinfo=SAO_PAULO))
    await app.start()
    ana = telegram.person(7, "Ana", "pt-br")
    ana.says("/start")
    await ana.sees_something("Ana", within=5)
    ana.presses("Primeiros passos")
    await ana.sees_something("07:00", within=5)
    ana.presses("Começar")
    await ana.sees_something("08:00", within=5)
    await app.stop()
    ana.blocks()
    before = len(telegram.calls("sendMessage"))
    app = build(tmp_path, telegram, datetime(2026, 3, 3, 7, 59, 59, tzinfo=SAO_PAULO))
    await app.start()
    try:
        await app.settle()
        for day in (4, 5, 6):
            app.present.move_to(datetime(2026, 3, day, 8, 1, tzinfo=SAO_PAULO))
            await app.settle()
        assert len(telegram.calls("sendMessage")) - before <= 1
        ana.unblocks()
        ana.says("/start")
        await ana.sees_something("Que bom te ver de novo.", within=5)
        app.present.move_to(datetime(2026, 3, 7, 8, 1, tzinfo=SAO_PAULO))
        await app.settle()
        await ana.sees_something("What is data?", within=5)
    finally:
        await app.stop()
