"""What the log says: one line an event, with the key of what it is about, and never a secret, whatever the level and the trouble."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from bot.app import App
from bot.clock import Present
from bot.doors.telegram import TelegramDoor
from bot.errors import Unauthorized
from bot.logs import set_up
from bot.store.database import Database
from bot.store.tables import Subscription
from tests.house import MONDAY_NOON, SMALL_CATALOG, settings_for
from tests.rig.telegram import DropAfter, DropBefore, Flood, Garbage, HtmlPage, Person, Refuse, TelegramServer
from tests.rig.telegram.faults import Effect

SECRET = "AAcanary-in-the-token-that-nobody-may-read"
TOKEN = f"4711000001:{SECRET}"
ANA = 7_000_000_007

Line = dict[str, Any]


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """A server whose bot has a token that is easy to find again."""
    async with TelegramServer(TOKEN) as server:
        yield server


def about(lines: list[Line], event: str) -> list[Line]:
    return [line for line in lines if line["event"] == event]


async def subscribes(person: Person) -> None:
    person.says("/start")
    await person.sees_something("Ana", within=20)
    person.presses("Primeiros passos")
    await person.sees_something("08:00", within=20)
    person.presses("Começar")
    await person.sees_something("Pronto", within=20)


# ------------------------------------------------------------------------------------------------ as an operator runs it


async def test_a_whole_run_at_debug_is_json_with_keys_and_without_the_token(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    """Everything that can go wrong on the wire goes wrong once on the way."""
    url = f"sqlite:///{tmp_path / 'trilha.sqlite'}"
    ana = telegram.person(ANA, "Ana", "pt-br")
    process = await trilha_run(tmp_path, telegram, url)
    try:
        await subscribes(ana)
        telegram.updates.push("message", {"message_id": "none", "date": "never"}, ("message", ANA))
        for effect in (HtmlPage(502), Flood(1), Refuse(400, f"Bad Request: can't parse {TOKEN}"), Garbage()):
            telegram.faults.add(effect, method="sendMessage")
            ana.says("/sobre")
            await ana.sees_something(f"telegram:{ANA}", within=30)
        telegram.faults.add(HtmlPage(502), method="getUpdates")
        telegram.faults.add(Refuse(400, f"Bad Request: what is {TOKEN}?"), method="answerCallbackQuery")
        await is_due_now(url)
        await ana.sees_something("What is data?", within=30)
        ana.presses("Feito")
        await ana.sees_something("Dia 1.", within=30)
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    text = (tmp_path / "log").read_text()
    assert SECRET not in text
    assert str(ANA) not in text, "nor who spoke"
    lines = [json.loads(line) for line in text.rstrip("\n").split("\n")]
    assert all({"event", "level", "timestamp", "logger"} <= line.keys() for line in lines)
    answered = Counter(line["key"] for line in about(lines, "update.answered"))
    assert len(answered) >= 8
    assert set(answered.values()) == {1}
    assert all(key.startswith("telegram:") for key in answered)
    (sent,) = about(lines, "delivery.sent")
    assert sent["key"].startswith("dose:1:")
    assert [line["doses"] for line in about(lines, "delivery.claimed")] == [1]
    assert about(lines, "app.started")
    assert about(lines, "app.stopped")


async def trilha_run(folder: Path, telegram: TelegramServer, url: str) -> asyncio.subprocess.Process:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | {
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": telegram.url,
        "BOT_DATABASE_URL": url,
        "BOT_CATALOG": str(SMALL_CATALOG),
        "BOT_DATA_DIR": str(folder),
        "BOT_LOG_LEVEL": "DEBUG",
        "PYTHONASYNCIODEBUG": "",
    }
    command = [sys.executable, "-m", "bot", "run"]
    with (folder / "log").open("w") as log:
        return await asyncio.create_subprocess_exec(*command, env=environment, stderr=log, cwd=folder)


async def is_due_now(url: str) -> None:
    """Ana's hour has come."""
    database = Database(url)
    async with database.write() as session:
        subscription = (await session.scalars(select(Subscription))).one()
        subscription.next_day = datetime.now(UTC).date()
        subscription.next_due_at = datetime.now(UTC) - timedelta(seconds=1)
    await database.close()


# ---------------------------------------------------------------------------------------------------- in this process


def listen(folder: Path, log_format: str, **given: object) -> None:
    """Log at DEBUG to the standard error that the test captures."""
    set_up(settings_for(folder, telegram_token=TOKEN, log_level="DEBUG", log_format=log_format, **given))


@pytest.mark.parametrize("log_format", ["json", "text"])
async def test_no_trouble_of_the_wire_brings_the_token_into_the_log(
    tmp_path: Path, telegram: TelegramServer, capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    listen(tmp_path, log_format)
    settings = settings_for(tmp_path, telegram_token=TOKEN, telegram_api_url=telegram.url)
    app = App(settings, [TelegramDoor(TOKEN, telegram.url)], Present(MONDAY_NOON - datetime.now(UTC)))
    await app.start()
    ana = telegram.person(7, "Ana", "pt-br")
    await subscribes(ana)
    troubles: list[Effect] = [
        DropAfter(),
        DropBefore(),
        Garbage(after=True),
        HtmlPage(200),
        Refuse(403, f"Forbidden: {TOKEN}"),
    ]
    for day, effect in enumerate(troubles, start=3):
        app.present.move_to(datetime(2026, 3, day, 10, 30, tzinfo=UTC))  # yesterday's is over
        await app.settle()
        telegram.faults.add(effect, method="sendMessage")
        app.present.move_to(datetime(2026, 3, day, 11, 0, tzinfo=UTC))
        await app.settle()
    telegram.faults.add(Refuse(401, f"Unauthorized: {TOKEN}"), times=None)
    ana.says("/sobre")
    await telegram.bell.until(lambda: app.stopping.is_set() or None, 20)
    await app.stop()
    log = capsys.readouterr().err
    assert SECRET not in log
    assert "delivery.not_sent" in log
    assert "Unreachable" in log


async def test_a_server_that_cannot_be_reached_brings_no_token_into_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listen(tmp_path, "json")
    settings = settings_for(tmp_path, telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:9")
    app = App(settings, [TelegramDoor(TOKEN, "http://127.0.0.1:9")])
    starting = asyncio.create_task(app.start())
    await asyncio.wait([starting], timeout=1)
    starting.cancel()
    await asyncio.wait([starting])
    await app.stop()
    log = capsys.readouterr().err
    assert "telegram.unreachable" in log
    assert SECRET not in log


async def test_a_token_that_is_refused_is_not_in_the_log(
    tmp_path: Path, telegram: TelegramServer, capsys: pytest.CaptureFixture[str]
) -> None:
    other = f"4711000002:{SECRET}-of-another-bot"
    listen(tmp_path, "json")
    app = App(settings_for(tmp_path, telegram_token=other), [TelegramDoor(other, telegram.url)])
    with pytest.raises(Unauthorized) as caught:
        await app.start()
    await app.stop()
    assert SECRET not in capsys.readouterr().err
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_secret_is_struck_out_wherever_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    listen(tmp_path, log_format, database_url="postgresql://trilha:canary-password@db/trilha")
    log = structlog.get_logger("test")
    try:
        raise RuntimeError(f"POST https://api.example/bot{TOKEN}/sendMessage")
    except RuntimeError:
        log.exception("trouble", url=f"https://api.example/bot{TOKEN}/getMe", password="canary-password")
    logging.getLogger("some.library").debug("connecting with %s", TOKEN)
    logging.getLogger("another.library").warning("%r", {"dsn": "postgresql://trilha:canary-password@db/trilha"})
    written = capsys.readouterr().err
    assert "trouble" in written
    assert "connecting with" in written
    assert SECRET not in written
    assert "canary-password" not in written


@pytest.mark.parametrize("said", ["two\nlines", '"quoted" \\ {"a": 1}', "\x00\x1b[31m", "\u2028\u202e", "🦜"])
def test_whatever_is_logged_is_one_line_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str) -> None:
    listen(tmp_path, "json")
    structlog.get_logger("test").info("said", words=said, number=1, at=datetime(2026, 3, 2, tzinfo=UTC))
    logging.getLogger("some.library").warning("it said %s", said)
    ours, theirs = map(json.loads, capsys.readouterr().err.rstrip("\n").split("\n"))
    assert (ours["event"], ours["words"], ours["number"], ours["level"]) == ("said", said, 1, "info")
    assert (theirs["event"], theirs["logger"]) == (f"it said {said}", "some.library")


def test_a_traceback_is_part_of_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listen(tmp_path, "json")
    try:
        raise ValueError("of two\nlines")
    except ValueError:
        structlog.get_logger("test").exception("trouble")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: of two\nlines" in json.loads(line)["exception"]


# --------------------------------------------------------------------------------------------------------- who spoke


def said_of(folder: Path, capfd: pytest.CaptureFixture[str], **given: object) -> Line:
    set_up(settings_for(folder, log_format="json", **given))
    structlog.get_logger("test").info("update.answered", key=f"telegram:4711:message:{ANA}:12", chat=str(ANA))
    line: Line = json.loads(capfd.readouterr().err)
    return line


def test_a_person_is_the_same_word_after_a_restart_and_another_one_under_another_token(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before, after = (said_of(tmp_path, capfd, telegram_token=TOKEN) for _ in range(2))
    elsewhere = said_of(tmp_path, capfd, telegram_token=f"{TOKEN}x")
    assert (before["key"], before["chat"]) == (after["key"], after["chat"])
    assert before["key"].startswith("telegram:")
    assert {before["key"], before["chat"]}.isdisjoint({elsewhere["key"], elsewhere["chat"]})
    assert str(ANA) not in str([before, after, elsewhere])


def test_without_a_token_nobody_can_find_out_by_trying(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    first, second = (said_of(tmp_path, capfd) for _ in range(2))
    assert first["chat"] != second["chat"]
