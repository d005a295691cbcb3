"""Nothing that stands among the settings vanishes without a trail: what nothing takes is named where the bot starts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.doors.terminal import TerminalDoor
from bot.errors import Unauthorized
from bot.logs import set_up
from bot.operate import run as running
from bot.settings import PREFIX, read_settings, without_effect
from tests.house import SMALL_CATALOG, settings_for


@pytest.fixture(autouse=True)
def a_bare_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("BOT_DATA_DRI=x", "BOT_DATA_DRI is no setting; did you mean BOT_DATA_DIR?"),
        ("bot_data_dri=x", "BOT_DATA_DRI is no setting; did you mean BOT_DATA_DIR?"),
        ("BOT_LOG_LEVEL=INFO\nBOT_LOG_LEVEL=ERROR", "BOT_LOG_LEVEL stands in .env 2 times; the last one counts."),
        ("BOT_WEBHOOK_SECRET=x", "BOT_WEBHOOK_SECRET does nothing without BOT_WEBHOOK_URL."),
        ("BOT_WEBHOOK_URL=https://x.example", "BOT_WEBHOOK_URL does nothing without BOT_TELEGRAM_TOKEN."),
        ("BOT_PAID_BROADCAST=1", "BOT_PAID_BROADCAST does nothing without BOT_TELEGRAM_TOKEN."),
        (
            "BOT_OWNERS=discord:5",
            "BOT_OWNERS names somebody on discord, which does nothing without BOT_DISCORD_TOKEN.",
        ),
        (
            "BOT_WEBHOOK_SECRET=x\nBOT_TELEGRAM_TOKEN=1:a\nBOT_WEBHOOK_URL=https://x.example\nBOT_WEBHOOK_SECRET_FILE=kept",
            "BOT_WEBHOOK_SECRET and BOT_WEBHOOK_SECRET_FILE are both set; what is in the file counts.",
        ),
    ],
)
def test_what_nothing_takes_is_named(written: str, said: str) -> None:
    Path("kept").write_text("secret")
    Path(".env").write_text(written)
    assert without_effect(read_settings()) == (said,)


def test_of_settings_that_all_do_something_nothing_is_said() -> None:
    Path(".env").write_text(
        "BOT_TELEGRAM_TOKEN=1:a\nBOT_WEBHOOK_URL=https://x.example\nBOT_WEBHOOK_SECRET=x\nBOT_OWNERS=telegram:1\n"
        "BOT_DISCORD_TOKEN=\nBOT_PAID_BROADCAST=0\nBOT_TELEGRAM_API_URL=\n"
    )
    assert without_effect(read_settings()) == ()


async def test_a_bot_that_serves_logs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Door(TerminalDoor):
        async def open(self, *_: object, **__: object) -> None:
            raise Unauthorized("terminal")

    monkeypatch.setattr(running, "open_doors", lambda _: [Door()])
    settings = settings_for(tmp_path, owners="telegram:1", health_listen="off")
    set_up(settings)
    with pytest.raises(Unauthorized):
        await running.run(settings)
    said = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    [warned] = [line["problem"] for line in said if line["event"] == "settings.without_effect"]
    assert warned == "BOT_OWNERS names somebody on telegram, which does nothing without BOT_TELEGRAM_TOKEN."


@pytest.mark.parametrize("typed", ["chat", "doctor"])
def test_chat_and_doctor_say_it_beside_the_rest(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("CATALOG", str(SMALL_CATALOG)), ("DATA_DRI", "elsewhere"), ("DATA_DIR", str(SMALL_CATALOG))):
        monkeypatch.setenv(f"BOT_{name}", value)  # the last one ends it before anything is begun
    main([typed])
    assert "BOT_DATA_DRI is no setting; did you mean BOT_DATA_DIR?\nBOT_DATA_DIR: " in capsys.readouterr().err
