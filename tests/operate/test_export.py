"""`trilha catalog export`, `conflicts` and `reload` beside a running bot: suggested to exported to adopted, under one id."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.catalog.file import read_catalog
from bot.catalog.overlay import read_facts
from bot.operate import export
from bot.store import entries, people
from tests.conftest import ENGINE, fresh_database
from tests.house import SMALL_CATALOG, House, settings_for, subscribed

GRAPHS = {
    "title": "Graphs: in five minutes",
    "url": "https://example.org/graphs",
    "topic": "charts",
    "kind": "video",
    "language": "en",
    "minutes": 5,
}


@pytest.fixture
async def kept(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[House, Path]]:
    """A house whose catalog stands in a git repository, with Carla, and the settings of both in the environment."""
    folder = tmp_path / "repository"
    folder.mkdir()
    file = folder / "catalog.yaml"
    shutil.copy(SMALL_CATALOG, file)
    for words in (["init", "-q"], ["config", "user.name", "Dora"], ["config", "user.email", "dora@example.org"]):
        git(folder, *words)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Begin")
    url = fresh_database(request, ENGINE, tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_CATALOG", str(file))
    monkeypatch.chdir(tmp_path)
    house = await House(settings_for(tmp_path, database_url=url).model_copy(update={"catalog": file})).open()
    await house.person("carla", "en").says("/start")
    yield house, file
    await house.close()


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout


async def trilha(*words: str) -> int:
    """The command line as another process: its loop is its own."""
    return await asyncio.to_thread(main, ["catalog", *words])


async def decide(house: House) -> None:
    async with house.app.database.write() as session:
        carla = await people.find(session, "terminal", "carla")
        assert carla is not None
        await entries.add(session, read_facts("graphs", GRAPHS), by=carla.id, at=house.app.now())
        await entries.edit(session, "bars", {"minutes": 7}, by=carla.id, at=house.app.now())
        await entries.retire(session, "lines", by=carla.id, at=house.app.now(), why="no longer there")


async def test_approved_exported_restarted_and_still_hers_under_the_same_id(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, file = kept
    ana = await subscribed(house.person("ana"), trail="pictures")
    await decide(house)
    await house.forward(seconds=5)
    for _ in range(2):
        await ana.says("/hoje")
        await ana.presses("Feito")
        await house.forward(hours=24)
    assert "Graphs: in five minutes" in ana.sees()
    assert await trilha("export", "--commit") == 0
    told = capsys.readouterr().err
    assert "Add “Graphs: in five minutes” (graphs), by Carla on 2026-03-02" in told
    assert git(file.parent, "status", "--porcelain") == ""
    message = git(file.parent, "log", "-1", "--format=%B")
    assert message.startswith("Take 3 decisions of the curators into the catalog\n\n")
    assert "Change minutes of “Bars” (bars), by Carla on 2026-03-02" in message
    assert "Retire “Lines” (lines), by Carla on 2026-03-02: no longer there" in message
    changed = git(file.parent, "show", "--numstat", "--format=").split()
    assert changed == ["8", "2", "catalog.yaml"], "seven lines came for the new entry, one changed, one went"
    live = house.app.catalog
    await house.restart()
    async with house.app.database.read() as session:
        assert await entries.changes(session) == [], "the file alone counts from here on"
    assert house.app.catalog.resources == live.resources
    assert read_catalog(file).resource("graphs") is not None
    ana.sees()
    await ana.says("/progresso")
    assert "1" in ana.sees()


async def test_what_was_taken_back_is_not_told_as_a_decision(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, _ = kept
    async with house.app.database.write() as session:
        carla = await people.find(session, "terminal", "carla")
        assert carla is not None
        await entries.edit(session, "bars", {"minutes": 7}, by=carla.id, at=house.app.now())
        await entries.retire(session, "lines", by=carla.id, at=house.app.now(), why="a slip")
        await entries.restore(session, "lines", by=carla.id, at=house.app.now())
    assert await trilha("export") == 0
    told = capsys.readouterr().err
    assert "nothing of" not in told
    assert "1 decision written." in told


async def test_a_second_export_has_nothing_to_write(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, file = kept
    await decide(house)
    assert await trilha("export") == 0
    after = file.read_text()
    assert await trilha("export") == 0
    assert "Nothing to write." in capsys.readouterr().err
    assert file.read_text() == after


async def test_a_dry_run_shows_the_lines_and_writes_nothing(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, file = kept
    before = file.read_text()
    await decide(house)
    assert await trilha("export", "--dry-run") == 0
    shown = capsys.readouterr()
    assert '+    title: "Graphs: in five minutes"' in shown.out
    assert "dry run" in shown.err
    assert file.read_text() == before


async def test_where_the_file_may_only_be_read_it_is_printed_to_be_put_there(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, file = kept
    before = file.read_text()
    await decide(house)

    def refuse(path: Path, text: str) -> None:
        raise PermissionError(30, "Read-only file system")

    with monkeypatch.context() as mounted:
        mounted.setattr(export, "_replace", refuse)
        assert await trilha("export") == 1
        assert "cannot be written (read-only file system)" in capsys.readouterr().err
    assert await trilha("export", "--print") == 0
    assert file.read_text() == before
    printed = capsys.readouterr().out
    assert GRAPHS["url"] in printed
    file.write_text(printed)
    assert await house.app.reload()
    assert await trilha("export", "--dry-run") == 0
    assert "Nothing to write." in capsys.readouterr().err


async def test_what_is_not_committed_is_not_mixed_into_the_commit(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, file = kept
    await decide(house)
    file.write_text(file.read_text() + "# a thought\n")
    before = file.read_text()
    assert await trilha("export", "--commit") == 1
    assert "not committed" in capsys.readouterr().err
    assert file.read_text() == before


@pytest.mark.parametrize(("take", "minutes"), [("file", 9), ("chat", 7)])
async def test_changed_in_the_file_and_in_the_chat_is_shown_and_settled_by_a_person(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str], take: str, minutes: int
) -> None:
    house, file = kept
    await decide(house)
    file.write_text(
        file.read_text().replace("core: true, language: en, minutes: 5}", "core: true, language: en, minutes: 9}")
    )
    assert await house.app.reload()
    assert house.app.catalog.resource("bars").minutes == 7  # type: ignore[union-attr]
    assert await trilha("check", "--live") == 1
    assert await trilha("export") == 1
    told = capsys.readouterr().err
    assert "bars.minutes: was 5, the file says 9, the chat 7" in told
    assert "--take file" in told
    assert read_catalog(file).resource("bars").minutes == 9  # type: ignore[union-attr]
    assert read_catalog(file).resource("graphs") is not None, "the others went in"
    assert await trilha("conflicts") == 1
    assert await trilha("conflicts", "--take", take) == 0
    assert await trilha("conflicts") == 0
    assert await trilha("export") == 0
    assert read_catalog(file).resource("bars").minutes == minutes  # type: ignore[union-attr]
    await house.forward(seconds=5)
    assert house.app.catalog.resource("bars").minutes == minutes  # type: ignore[union-attr]


async def test_a_running_bot_reads_the_file_again_when_told(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, file = kept
    file.write_text(file.read_text().replace("title: Bars", "title: All bars"))
    await house.forward(seconds=5)
    assert house.app.catalog.resource("bars").title == "Bars"  # type: ignore[union-attr]
    assert await trilha("reload") == 0
    await house.forward(seconds=5)
    assert house.app.catalog.resource("bars").title == "All bars"  # type: ignore[union-attr]
    file.write_text("version: 2\n")
    assert await trilha("reload") == 2, "a broken file is told here"
    assert "Traceback" not in capsys.readouterr().err


async def test_stats_and_publish_count_what_lives_in_the_chat_where_asked(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    house, _ = kept
    await decide(house)
    assert await trilha("publish") == 0
    assert "in five minutes" not in capsys.readouterr().out
    assert await trilha("publish", "--live") == 0
    assert "in five minutes" in capsys.readouterr().out
    assert await trilha("stats", "--live") == 0
    assert "resources" in capsys.readouterr().out


async def test_a_misspelt_entry_is_not_called_free_of_conflicts(
    kept: tuple[House, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await trilha("conflicts", "no-such-entry", "--take", "file") == 2
    assert "No entry is called no-such-entry." in capsys.readouterr().err
