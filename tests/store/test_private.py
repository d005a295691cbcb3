"""What people write is theirs: no other account of the machine reads it, and what was deleted is gone from the disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from stat import S_IMODE

import pytest
from sqlalchemy import event

from bot.delivery.prune import prune
from bot.doors.terminal import Person
from bot.store.backup import copy_sqlite
from bot.store.database import Database
from tests.house import House, settings_for, subscribed

SECRET = "segredo-que-so-ana-sabe"
NO_ONE_ELSE = 0o077


def modes(folder: Path) -> dict[str, int]:
    return {
        file.name: S_IMODE(file.stat().st_mode) for file in folder.iterdir() if file.name.startswith("trilha.sqlite")
    }


def holding(folder: Path, words: str) -> list[str]:
    return [file.name for file in folder.iterdir() if file.is_file() and words.encode() in file.read_bytes()]


async def test_a_new_database_its_log_and_its_copies_are_for_nobody_else(tmp_path: Path) -> None:
    house = await House(settings_for(tmp_path)).open()
    await subscribed(house.person("ana"))
    copy_sqlite(tmp_path / "trilha.sqlite", tmp_path / "trilha.sqlite.copy")
    found = modes(tmp_path)
    await house.close()
    assert {name.removeprefix("trilha.sqlite") for name in found} == {"", "-wal", "-shm", ".run", ".copy"}
    assert [name for name, mode in found.items() if mode & NO_ONE_ELSE] == []


async def test_an_old_one_is_taken_from_others_and_left_to_its_group(house: House, ana: Person, tmp_path: Path) -> None:
    await subscribed(ana)
    for name in modes(tmp_path):
        (tmp_path / name).chmod(0o664)
    await house.restart()
    await ana.says("/hoje")
    found = modes(tmp_path)
    assert (found["trilha.sqlite"], found["trilha.sqlite-wal"]) == (0o660, 0o660)


async def test_what_somebody_wrote_is_gone_from_the_disk_when_they_are_forgotten(
    house: House, ana: Person, tmp_path: Path
) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.presses("Feito")
    await ana.says(SECRET)
    await house.app.database.empty_log()
    await ana.says(f"/nota {SECRET}")
    assert sorted(holding(tmp_path, SECRET)) == ["trilha.sqlite", "trilha.sqlite-wal"]
    await ana.says("/esquecer")
    await ana.presses("Apagar tudo")
    assert holding(tmp_path, SECRET) == []


async def test_what_is_pruned_is_gone_as_well(house: House, tmp_path: Path) -> None:
    await house.app.host.remember("door.aside", SECRET, lasts=timedelta(days=1))
    assert holding(tmp_path, SECRET)
    await prune(house.app.database, house.app.now() + timedelta(days=2))
    assert holding(tmp_path, SECRET) == []


@pytest.mark.parametrize("mode", [0o600, 0o640])
async def test_what_an_operator_allows_stays(house: House, ana: Person, tmp_path: Path, mode: int) -> None:
    (tmp_path / "trilha.sqlite").chmod(mode)
    await house.restart()
    await ana.says("/ajuda")
    assert modes(tmp_path)["trilha.sqlite"] == mode


async def test_emptying_the_log_keeps_the_connection(database: Database) -> None:
    opened: list[object] = []
    event.listen(database.engine.sync_engine, "connect", lambda *given: opened.append(given))
    for _ in range(3):
        await database.empty_log()
    assert len(opened) <= 1
