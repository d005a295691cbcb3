"""A backup is whole though somebody writes meanwhile, and takes the place of nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.store.backup import copy_sqlite
from bot.store.database import Database
from bot.store.migrate import is_newest
from tests.delivery.crowd import crowd
from tests.house import House, subscribed

pytestmark = pytest.mark.of_a_file


async def test_a_copy_beside_a_writer_opens_and_is_whole(house: House, tmp_path: Path) -> None:
    """Each page of the crowd is one transaction over several tables: a copy holds all of it or none."""
    await subscribed(house.person("ana"))
    file, done = Path(str(house.app.database.url.database)), asyncio.Event()

    async def write() -> None:
        for number in range(10, 60):
            await crowd(house.app.database, 20, first=number * 20)
        done.set()

    writing, sizes = asyncio.create_task(write()), list[int]()
    while not done.is_set():
        to = tmp_path / f"copy{len(sizes)}.sqlite"
        await asyncio.to_thread(copy_sqlite, file, to)
        with closing(sqlite3.connect(to)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
            counts = [copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("people", "identities")]
            assert counts[0] == counts[1]
            assert counts[0] % 20 == 1
        sizes.append(counts[0])
    await writing
    assert len(set(sizes)) > 1, "somebody wrote meanwhile"
    restored = Database(f"sqlite:///{to}")
    assert await is_newest(restored)
    await restored.close()


async def test_the_copy_is_one_file_that_holds_what_was_last_written(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await subscribed(house.person("ana"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", house.settings.database)
    assert await asyncio.to_thread(main, ["backup", "copy.sqlite"]) == 0
    assert capsys.readouterr().out.startswith("The database is in copy.sqlite, ")
    assert copies(tmp_path) == ["copy.sqlite"]
    with closing(sqlite3.connect("copy.sqlite")) as copy:
        assert copy.execute("SELECT state FROM subscriptions").fetchall() == [("active",)]
    assert await asyncio.to_thread(main, ["backup", "copy.sqlite"]) == 2
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "said"),
    [("postgresql://x@localhost/x", "pg_dump"), ("sqlite:///none.sqlite", "There is no database none.sqlite.")],
)
def test_where_there_is_nothing_to_copy_a_sentence_says_what_to_do(
    url: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    assert main(["backup", "copy.sqlite"]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.glob("*.sqlite")) == []


def test_a_file_that_is_no_database_is_said_and_leaves_no_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some.sqlite").write_text("nothing of the kind " * 1000, "utf-8")
    monkeypatch.setenv("BOT_DATABASE_URL", "sqlite:///some.sqlite")
    assert main(["backup", "copy.sqlite"]) == 1
    assert "could not be copied" in capsys.readouterr().err
    assert copies(tmp_path) == []


def copies(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("copy*")]
