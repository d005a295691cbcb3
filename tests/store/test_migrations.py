"""Migrations: one line of steps, from nothing to what is drawn, twice without harm, and never backwards onto a newer schema."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.errors import DatabaseTooNew
from bot.store.database import Database
from bot.store.migrate import migrate


def test_there_is_one_head() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await migrate(database)
    await migrate(database)


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
