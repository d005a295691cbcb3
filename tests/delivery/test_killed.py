"""`kill -9` at each step of a dose: none is lost, and a copy says that it may be one."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.doors.telegram import TelegramDoor
from bot.failpoints import AFTER_CALL, AFTER_CLAIM, AFTER_MARK, BEFORE_CALL, BEFORE_CLAIM, VARIABLE
from bot.store import subscriptions
from tests.house import SMALL_CATALOG, settings_for
from tests.rig.telegram import Person, TelegramServer

COPY = "duas vezes"


async def subscribe_and_be_due(folder: Path, telegram: TelegramServer, url: str) -> Person:
    """Ana subscribes; her dose is due at this moment, and nobody runs."""
    settings = settings_for(folder, telegram_token=telegram.token, telegram_api_url=telegram.url, database_url=url)
    app = App(settings, [TelegramDoor(telegram.token, telegram.url)])
    await app.start()
    ana = telegram.person(7, "Ana", "pt-br")
    ana.says("/start")
    await ana.sees_something("Ana", within=5)
    ana.presses("Primeiros passos")
    await ana.sees_something("08:00", within=5)
    ana.presses("Começar")
    await ana.sees_something("Pronto", within=5)
    async with app.database.write() as session:
        subscription = await subscriptions.lock(session, 1)
        assert subscription
        history = await subscriptions.schedules(session, subscription)
        subscription.next_day = history.today(app.now())
        subscription.next_due_at = app.now() - timedelta(seconds=1)
    await app.stop()
    return ana


async def run_bot(folder: Path, telegram: TelegramServer, url: str, failpoint: str = "") -> asyncio.subprocess.Process:
    """`trilha run` in its own process, as an operator starts it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | {
        "BOT_TELEGRAM_TOKEN": telegram.token,
        "BOT_TELEGRAM_API_URL": telegram.url,
        "BOT_DATABASE_URL": url,
        "BOT_CATALOG": str(SMALL_CATALOG),
        "BOT_DATA_DIR": str(folder),
        "BOT_HEALTH_LISTEN": "off",
        VARIABLE: failpoint,
    }
    with (folder / "log").open("a") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, stderr=log, cwd=folder
        )


def doses_sent(telegram: TelegramServer) -> list[str]:
    """The texts of the doses that reached the server."""
    return [call.params["text"] for call in telegram.calls("sendMessage") if "What is data?" in call.params["text"]]


@pytest.mark.parametrize(
    ("failpoint", "copies"),
    [
        (BEFORE_CLAIM, (1, 0)),
        (AFTER_CLAIM, (1, 0)),
        (BEFORE_CALL, (1, 1)),
        (AFTER_CALL, (2, 1)),
        (AFTER_MARK, (1, 0)),
    ],
)
async def test_a_kill_loses_nothing(
    tmp_path: Path, telegram: TelegramServer, failpoint: str, copies: tuple[int, int]
) -> None:
    """`copies` is how many arrive over both runs, and how many of them say that they may be a copy."""
    url = f"sqlite:///{tmp_path / 'trilha.sqlite'}"
    ana = await subscribe_and_be_due(tmp_path, telegram, url)

    killed = await run_bot(tmp_path, telegram, url, failpoint)
    assert await asyncio.wait_for(killed.wait(), 30) == -signal.SIGKILL
    again = await run_bot(tmp_path, telegram, url)
    try:
        async with asyncio.timeout(20):
            while len(doses_sent(telegram)) < copies[0]:  # noqa: ASYNC110 (the other process gives no event)
                await asyncio.sleep(0.05)
        ana.says("/feito")
        await ana.sees_something("Dia 1.", within=10)
    finally:
        again.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(again.wait(), 20) == 0
    texts = doses_sent(telegram)
    assert (len(texts), sum(COPY in text for text in texts)) == copies


async def test_a_second_run_on_one_sqlite_file_refuses_and_says_why(tmp_path: Path, telegram: TelegramServer) -> None:
    url = f"sqlite:///{tmp_path / 'trilha.sqlite'}"
    await subscribe_and_be_due(tmp_path, telegram, url)
    openings = len(telegram.calls("getMe"))
    first = await run_bot(tmp_path, telegram, url)
    try:
        await telegram.calls_reach(openings + 1, "getMe", within=20)
        second = await run_bot(tmp_path, telegram, url)
        assert await asyncio.wait_for(second.wait(), 20) == 1
        assert "Another `trilha run` uses" in (tmp_path / "log").read_text()
    finally:
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 20) == 0


async def test_a_wrong_token_ends_with_a_sentence(tmp_path: Path, telegram: TelegramServer) -> None:
    await subscribe_and_be_due(tmp_path, telegram, f"sqlite:///{tmp_path / 'trilha.sqlite'}")
    telegram.token = "99:somebody-elses"
    process = await run_bot(tmp_path, telegram, f"sqlite:///{tmp_path / 'other.sqlite'}")
    telegram.token = "99:not-this-one"
    assert await asyncio.wait_for(process.wait(), 20) == 1
    log = (tmp_path / "log").read_text()
    assert "token" in log
    assert "somebody-elses" not in log
    assert "Traceback" not in log
