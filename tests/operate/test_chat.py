"""`trilha chat` without a terminal: lines from a pipe are somebody's lines; the tour plays only where it touches nothing of anybody."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.__main__ import main

CATALOG = Path(__file__).parents[1] / "small_catalog.yaml"


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("BOT_DATA_DIR", "BOT_DATABASE_URL", "BOT_TELEGRAM_TOKEN", "BOT_DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_CATALOG", str(CATALOG))


def test_piped_lines_are_what_the_person_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("/help\n/mydata"))
    assert main(["chat", "--as", "bruno", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "/today" in said
    assert "carla" not in said, "nobody plays the tour into a database that is somebody's"
    assert Path("data/trilha.sqlite").exists()


@pytest.mark.parametrize(("language", "said"), [("en", "moved the time on to"), ("pt-BR", "adiantou o tempo até")])
def test_who_moved_the_time_before_hears_that_it_is_today_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], language: str, said: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("/help\n:forward 2d\n/help"))
    assert main(["chat", "--as", "bruno", "--lang", language]) == 0
    assert said not in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("/help"))
    assert main(["chat", "--as", "bruno", "--lang", language]) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("name", ["../../x", "", "a" * 41])
def test_a_name_that_is_none_is_refused_before_anything_is_made(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["chat", "--as", name]) == 2
    assert capsys.readouterr().err.startswith("--as: a name has letters")
    assert list(tmp_path.iterdir()) == []


def test_a_try_in_a_scratch_folder_asks_nothing_of_the_settings_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text(
        "BOT_TELEGRAM_TOKEN_FILE=/run/secrets/x\nBOT_DATABASE_URL_FILE=/run/secrets/y\nBOT_DISCORD_TOKEN=?\n"
        "BOT_WEBHOOK_URL=nowhere\nBOT_HEALTH_LISTEN=nowhere\nBOT_OWNERS=me\nBOT_DATABASE_URL=mysql://x\n",
        "utf-8",
    )
    monkeypatch.setattr("bot.operate.chat.tour", _no_tour)
    assert main(["chat", "--scratch"]) == 0
    assert capsys.readouterr().err == ""
    assert list(tmp_path.iterdir()) == [tmp_path / ".env"]


async def _no_tour(*_: object, **__: object) -> int:
    return 0
