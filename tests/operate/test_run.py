"""`trilha run` in its own process: what it refuses, and how it says so. What a kill does is played in `tests/chaos/`."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.doors.terminal import TerminalDoor
from bot.errors import CatalogError, DatabaseInUse, Unauthorized
from bot.operate import run as running
from bot.store.database import Database
from tests.chaos.stage import set_stage
from tests.house import settings_for


async def test_a_second_run_on_one_sqlite_file_refuses_and_says_why(tmp_path: Path) -> None:
    async with set_stage(tmp_path, f"sqlite:///{tmp_path / 'trilha.sqlite'}", seed=0) as stage:
        await stage.start()
        await stage.opened()
        second = await stage.spawn()
        assert await asyncio.wait_for(second.wait(), 20) == 1
        assert "Another `trilha run` or `trilha chat` uses" in stage.log()
        await stage.stop()


async def test_a_second_run_opens_no_port_and_logs_nothing_before_it_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "open_doors", lambda _: [TerminalDoor()])
    first = Database(settings_for(tmp_path).database)
    first.reserve()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DatabaseInUse):
            await running.run(settings_for(tmp_path, health_listen=f"127.0.0.1:{port}"))
    assert capfd.readouterr() == ("", "")
    await first.close()


async def test_a_wrong_token_and_a_catalog_that_is_not_there_are_all_that_is_said(tmp_path: Path) -> None:
    async with set_stage(tmp_path, f"sqlite:///{tmp_path / 'trilha.sqlite'}", seed=0) as stage:
        process = await stage.spawn(BOT_TELEGRAM_TOKEN="99:somebody-elses", BOT_CATALOG="nope.yaml")
        assert await asyncio.wait_for(process.wait(), 20) == 2
        assert stage.log().splitlines() == [
            "BOT_TELEGRAM_TOKEN: Telegram does not know this token; @BotFather shows the right one.",
            "BOT_CATALOG: there is no file nope.yaml. Name yours there, or start in its folder.",
        ]
        assert not (tmp_path / "trilha.sqlite").exists(), "nothing was touched"


async def test_what_takes_the_loop_for_long_is_over_when_the_doors_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    class Door(TerminalDoor):
        async def open(self, *given: Any, **named: Any) -> None:
            steps.append("the door opens")
            raise Unauthorized("terminal")

    monkeypatch.setattr(running, "open_doors", lambda _: [Door()])
    monkeypatch.setattr(running, "keep_for_good", lambda: steps.append("all that is loaded is walked through"))
    with pytest.raises(Unauthorized):
        await running.run(settings_for(tmp_path, health_listen="off"))
    assert steps == ["all that is loaded is walked through", "the door opens"]


async def test_a_broken_catalog_ends_with_its_code_also_where_the_end_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last resort ends the process with the code that it hears of first."""
    (tmp_path / "catalog.yaml").write_text("version: 1\ntopics: nonsense\n", "utf-8")
    monkeypatch.setattr(running, "open_doors", lambda _: [TerminalDoor()])
    codes = list[int]()
    with pytest.raises(CatalogError):
        await running.run(settings_for(tmp_path, health_listen="off", catalog=tmp_path / "catalog.yaml"), codes.append)
    assert codes == [2]
