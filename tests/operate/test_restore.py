"""`trilha restore` puts a copy back at once or not at all, keeps what was there, and refuses what would do harm."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.operate import restore as restoring
from bot.operate.backup import backup
from bot.operate.restore import restore
from bot.store import restored
from bot.store.database import Database
from bot.store.lead import take_lead
from bot.store.locks import Lock
from bot.store.migrate import revision
from tests.conftest import fresh_database, fresh_on_postgres
from tests.delivery.crowd import FIRST_DUE, copies, crowd
from tests.house import House, settings_for, subscribed

pytestmark = pytest.mark.of_a_file


@pytest.fixture
async def copy(house: House, tmp_path: Path) -> Path:
    """A backup of a house with three subscribers, which goes on for a day and is closed then."""
    await crowd(house.app.database, 3)
    await asyncio.to_thread(backup, house.settings, tmp_path / "copy.sqlite", house.app.now())
    await house.forward_to("2026-03-03 08:01")
    assert copies(house.door) == {"p1": 1, "p2": 1, "p3": 1}
    await house.app.stop()
    return tmp_path / "copy.sqlite"


async def test_a_database_of_which_a_copy_was_made_is_not_taken_for_one(house: House, tmp_path: Path) -> None:
    assert await asyncio.to_thread(backup, house.settings, tmp_path / "copy.sqlite", house.app.now()) == 0
    await house.restart(timedelta(minutes=1))
    async with house.app.database.read() as session:
        assert await restored.doubted_until(session) is None
    assert restored.MADE in facts_in(tmp_path / "copy.sqlite")
    assert restored.MADE not in facts_in(tmp_path / "trilha.sqlite")


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if "sqlite" in file.name}


async def test_a_copy_takes_the_place_of_the_database_which_stays_beside_it(
    house: House, copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = FIRST_DUE + timedelta(minutes=5)
    assert await restore(house.settings, copy, now) == 0
    said = capsys.readouterr().out
    assert "it goes once more at most, and says that it may be a copy" in said
    assert f"The database that was there is {tmp_path / 'trilha.sqlite.before-20260303T110500'}" in said
    assert names(tmp_path) == {
        *("copy.sqlite", "trilha.sqlite", "trilha.sqlite.run", "trilha.sqlite.before-20260303T110500"),
    }
    assert doses_in(tmp_path / "trilha.sqlite.before-20260303T110500") == 3
    assert doses_in(tmp_path / "trilha.sqlite") == 0
    assert doses_in(copy) == 0
    assert facts_in(tmp_path / "trilha.sqlite") == {restored.UNTIL: now.isoformat()}
    assert restored.MADE in facts_in(copy), "it can be put back once more"
    house.app = house._build(now)
    await house.app.start()
    await house.app.settle()
    assert copies(house.door) == {"p1": 2, "p2": 2, "p3": 2}


def doses_in(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM doses").fetchone()
        return int(count)


def facts_in(file: Path) -> dict[str, str]:
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute(
            "SELECT name, value FROM remembered WHERE name IN (?, ?)", (restored.UNTIL, restored.MADE)
        )
        return dict(found.fetchall())


async def test_while_a_bot_runs_nothing_is_touched(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await subscribed(house.person("ana"))
    await asyncio.to_thread(backup, house.settings, tmp_path / "copy.sqlite", house.app.now())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", house.settings.database)
    before = names(tmp_path)
    for said in (["restore", "copy.sqlite"], ["restored"]):
        assert await asyncio.to_thread(main, said) == 1
        told = f"A bot runs on this database. Stop it, say `trilha {said[0]}` again, and start it."
        assert told in capsys.readouterr().err
    assert names(tmp_path) == before


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        ("nothing.sqlite", 2, "There is no file nothing.sqlite."),
        ("trilha.sqlite", 2, "is the database itself"),
        ("words.sqlite", 2, "words.sqlite is not a backup. Name a copy that `trilha backup` made"),
        ("empty.sqlite", 2, "empty.sqlite is not a backup."),
        ("broken.sqlite", 1, "could not be copied"),
        ("another.sqlite", 2, "is no database of Trilha"),
        ("newer.sqlite", 1, "A newer version of Trilha made this database."),
    ],
)
async def test_what_cannot_be_put_back_is_said_and_leaves_all_as_it_was(
    house: House,
    copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    code: int,
    said: str,
) -> None:
    (tmp_path / "words.sqlite").write_text("nothing of the kind " * 1000, "utf-8")
    (tmp_path / "empty.sqlite").touch()
    (tmp_path / "broken.sqlite").write_bytes(restoring.MAGIC + b"nothing of the kind " * 1000)
    for name, statement in (
        ("another.sqlite", "CREATE TABLE songs (title TEXT)"),
        ("newer.sqlite", "UPDATE alembic_version SET version_num = '9999'"),
    ):
        if name == "newer.sqlite":
            shutil.copy(copy, tmp_path / name)
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.execute(statement)
            connection.commit()
    before, held = names(tmp_path), doses_in(tmp_path / "trilha.sqlite")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", house.settings.database)
    assert await asyncio.to_thread(main, ["restore", file]) == code
    assert said in capsys.readouterr().err
    assert names(tmp_path) == before
    assert doses_in(tmp_path / "trilha.sqlite") == held == 3


async def test_cut_off_at_any_step_there_is_a_database_in_its_place(
    house: House, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one, the next start would begin an empty one."""

    class CutOffError(Exception):
        pass

    def cut_off(*_: object) -> None:
        raise CutOffError

    monkeypatch.setattr(Path, "replace", cut_off)
    with pytest.raises(CutOffError):
        await restore(house.settings, copy, FIRST_DUE)
    monkeypatch.undo()
    assert doses_in(tmp_path / "trilha.sqlite") == 3
    assert await restore(house.settings, copy, FIRST_DUE + timedelta(minutes=1)) == 0
    assert doses_in(tmp_path / "trilha.sqlite") == 0


async def test_cut_off_before_the_copy_is_there_nothing_is_missing_that_lay_in_the_log(
    house: House, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a bot leaves it that was killed."""
    place, log = tmp_path / "trilha.sqlite", tmp_path / "trilha.sqlite-wal"
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE people SET name = 'in the log'")
        connection.commit()
        left = place.read_bytes(), log.read_bytes()
    place.write_bytes(left[0])
    log.write_bytes(left[1])

    def cut_off(*_: object) -> None:
        raise ConnectionAbortedError

    monkeypatch.setattr(Path, "replace", cut_off)
    with pytest.raises(ConnectionAbortedError):
        await restore(house.settings, copy, FIRST_DUE)
    assert names_in(place) == {"in the log"}
    monkeypatch.undo()
    assert await restore(house.settings, copy, FIRST_DUE + timedelta(minutes=1)) == 0
    assert names_in(place) == {"Learner 1", "Learner 2", "Learner 3"}
    assert names_in(tmp_path / "trilha.sqlite.before-20260303T110100") == {"in the log"}


def names_in(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM people")}


async def test_where_there_is_no_database_yet_the_copy_becomes_it(house: House, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "trilha.sqlite").unlink()
    assert await restore(house.settings, copy, FIRST_DUE) == 0
    assert doses_in(tmp_path / "trilha.sqlite") == 0


async def test_on_postgresql_a_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql://x@localhost/x")
    assert await asyncio.to_thread(main, ["restore", "copy"]) == 2
    assert "then `trilha restored` tells the bot" in capsys.readouterr().err


async def test_a_bot_that_leads_on_postgresql_must_be_stopped_first(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(tmp_path, database_url=fresh_database(request, "postgresql", tmp_path))
    house = await House(settings).open()
    lead = await take_lead(house.app.database, Lock.LEADING)
    assert lead
    assert await restoring.tell_restored(settings, FIRST_DUE) == 1
    assert "A bot runs on this database." in capsys.readouterr().err
    await lead.give_back()
    await house.close()
    assert await restoring.tell_restored(settings, FIRST_DUE) == 0
    database = Database(settings.database)
    async with database.read() as session:
        assert await restored.doubted_until(session) == FIRST_DUE
    await database.close()


async def test_where_nothing_was_put_back_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as by a folder whose name was mistyped."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "dtaa"))
    assert await asyncio.to_thread(main, ["restored"]) == 2
    assert f"There is no database {tmp_path / 'dtaa' / 'trilha.sqlite'}." in capsys.readouterr().err
    assert not (tmp_path / "dtaa").exists()


async def test_an_empty_database_was_not_put_back(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Made anew, and then pg_restore failed."""
    monkeypatch.chdir(tmp_path)
    for url in (f"sqlite:///{tmp_path / 'empty.sqlite'}", fresh_on_postgres(request)):
        monkeypatch.setenv("BOT_DATABASE_URL", url)
        (tmp_path / "empty.sqlite").touch()
        assert await asyncio.to_thread(main, ["restored"]) == 2
        assert "There is nothing of Trilha in the database. Put the backup back first" in capsys.readouterr().err
        database = Database(url)
        assert await revision(database) is None
        await database.close()
