"""What nothing takes of the settings is said where the bot starts (which that is: `tests/settings/test_without_effect.py`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.house import SMALL_CATALOG, settings_for
from tests.operate.conftest import Warned


@pytest.fixture(autouse=True)
def a_bare_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where no .env is


async def test_a_bot_that_serves_logs_it(tmp_path: Path, warned: Warned) -> None:
    [said] = await warned("settings.without_effect", settings_for(tmp_path, owners="telegram:1", health_listen="off"))
    assert said == "BOT_OWNERS names somebody on telegram, which does nothing without BOT_TELEGRAM_TOKEN."


@pytest.mark.parametrize("typed", ["chat", "doctor"])
def test_chat_and_doctor_say_it_beside_the_rest(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("CATALOG", str(SMALL_CATALOG)), ("DATA_DRI", "elsewhere"), ("DATA_DIR", str(SMALL_CATALOG))):
        monkeypatch.setenv(f"BOT_{name}", value)  # the last one ends it before anything is begun
    main([typed])
    assert "BOT_DATA_DRI is no setting; did you mean BOT_DATA_DIR?\nBOT_DATA_DIR: " in capsys.readouterr().err
