"""A data folder that cannot be one: every command that needs it ends with a sentence that names the setting, the path and the way on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.doors.terminal import TerminalDoor
from bot.errors import SettingsError
from bot.operate import run as running
from tests.house import settings_for
from tests.operate.conftest import Warned

WRITES = ("chat", "owner", "log", "migrate", "feeds export", "restore copy.sqlite")
LOOKS = ("doctor", "backup new.sqlite", "restored")
IN_PLACE = "BOT_DATA_DIR: {} is no folder. Name a folder there, or move what is in its place.\n"
NOT_MADE = "BOT_DATA_DIR: the folder {} is not there and cannot be made. Make it, or name another.\n"
NOT_WRITTEN = "BOT_DATA_DIR: nothing can be written in the folder {}. Let the account that runs the bot write there, or name another.\n"


@pytest.fixture(autouse=True)
def a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_CATALOG", str(Path(__file__).parent.parent / "small_catalog.yaml"))
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "copy.sqlite").write_bytes(b"SQLite format 3\0" * 100)


@pytest.mark.parametrize("typed", [*WRITES, *LOOKS])
@pytest.mark.parametrize("folder", ["file", "file/below/it"])
def test_something_else_is_where_the_folder_should_be(
    folder: str, typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", folder)
    assert main(typed.split()) == 2
    assert capsys.readouterr().err == IN_PLACE.format("file")


@pytest.mark.parametrize("typed", WRITES)
def test_the_folder_cannot_be_made(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", "/proc/nothing")  # nobody makes anything there
    assert main(typed.split()) == 2
    assert capsys.readouterr().err == NOT_MADE.format("/proc/nothing")


@pytest.mark.parametrize("typed", [*WRITES, *LOOKS])
def test_nothing_can_be_written_in_the_folder(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", "/proc")
    assert main(typed.split()) == 2
    assert capsys.readouterr().err == NOT_WRITTEN.format("/proc")


@pytest.mark.parametrize(("folder", "said"), [("file", IN_PLACE), ("/proc/nothing", NOT_MADE), ("/proc", NOT_WRITTEN)])
async def test_a_bot_that_would_serve_says_it_with_all_else_that_does_not_fit(
    folder: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "open_doors", lambda _: [TerminalDoor()])
    with pytest.raises(SettingsError) as told:
        await running.run(settings_for(Path(folder), catalog=Path("nope.yaml")))
    assert told.value.problems == (
        "BOT_CATALOG: there is no file nope.yaml. Name yours there, or start in its folder.",
        said.format(folder).strip(),
    )


async def test_where_the_database_is_elsewhere_the_bot_serves_and_warns(tmp_path: Path, warned: Warned) -> None:
    settings = settings_for(Path("file"), database_url=f"sqlite:///{tmp_path / 'its.sqlite'}", health_listen="off")
    [said] = await warned("settings.folder", settings)
    assert said == f"{IN_PLACE.format('file').strip()} Until then a backup put back by hand is not noticed."


@pytest.mark.parametrize("typed", ["migrate", "doctor"])
def test_the_setting_of_the_database_is_named_where_it_says_the_folder(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path}/file/trilha.sqlite")
    assert main([typed]) == 2
    assert capsys.readouterr().err.startswith(f"BOT_DATABASE_URL: {tmp_path}/file is no folder.")
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path}")
    assert main([typed]) == 2
    assert f"{tmp_path} is a folder; the database is a file, such as" in capsys.readouterr().err


def test_a_database_of_another_account_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    assert main(["migrate"]) == 0
    capsys.readouterr()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert main(["migrate"]) == 2
    said = f"BOT_DATA_DIR: nothing can be written in the database {tmp_path / 'trilha.sqlite'}. "
    assert capsys.readouterr().err.startswith(said)
    assert main(["backup", "copy.of.it"]) == 0, "to be read is enough"


def test_a_backup_says_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    assert main(["migrate"]) == 0
    assert main(["backup", "/proc/copy.sqlite"]) == 2
    assert capsys.readouterr().err == "Nothing can be written in the folder /proc. Name a file elsewhere.\n"
