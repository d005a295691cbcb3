"""Migrations: one line of steps, from nothing to what is drawn, twice without harm, and never backwards onto a newer schema."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, select, text

from bot.errors import DatabaseTooNew
from bot.store import people
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.house import MONDAY_NOON


def test_there_is_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


async def test_migrating_again_changes_nothing(database: Database) -> None:
    async with database.write() as session:
        await people.add(session, "terminal", "ana", name="Ana", language="pt-BR", now=MONDAY_NOON)
    before = await whole(database)
    assert len(before) > 30
    await migrate(database)
    assert await whole(database) == before


async def whole(database: Database) -> dict[str, tuple[object, ...]]:
    """Every table: its columns, its indexes and its rows."""
    async with database.engine.connect() as connection:

        def look(it: Connection) -> dict[str, tuple[object, ...]]:
            seen = MetaData()
            seen.reflect(it)
            return {
                name: (
                    [f"{column.name} {column.type} {column.nullable}" for column in table.columns],
                    sorted(str(index.name) for index in table.indexes),
                    [tuple(row) for row in it.execute(select(table))],
                )
                for name, table in seen.tables.items()
            }

        return await connection.run_sync(look)


async def test_a_newer_database_is_refused(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew):
        await migrate(database)


async def test_a_new_sqlite_file_is_made_with_its_folder(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'trilha.sqlite'}")
    await migrate(opened)
    await opened.close()
    assert (tmp_path / "new" / "folder" / "trilha.sqlite").stat().st_size > 0
