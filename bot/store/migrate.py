"""Brings the database to the newest schema, with the numbered steps in `migrations/`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from bot.errors import DatabaseTooNew
from bot.store.database import Database
from bot.store.locks import Lock


async def migrate(database: Database, revision: str = "head") -> None:
    """Apply what is missing, in one transaction: a process that dies meanwhile leaves all as it was.

    Where nothing is missing it only looks. Raises DatabaseTooNew if a newer program made this database.
    """
    if revision == "head" and await is_newest(database):
        return
    async with database.rebuild() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": int(Lock.MIGRATING)})
        await connection.run_sync(_upgrade, revision)


async def is_newest(database: Database) -> bool:
    """Whether the database is at the newest schema this program knows."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_is_newest)


async def revision(database: Database) -> str | None:
    """The number of the schema that the database has; None where it has none."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda it: MigrationContext.configure(it).get_current_revision())


def _is_newest(connection: Connection) -> bool:
    return MigrationContext.configure(connection).get_current_revision() == _steps().get_current_head()


@cache
def _steps() -> ScriptDirectory:
    """The numbered steps; to read them takes longer than all else of a start."""
    return ScriptDirectory(str(files("migrations")))


def _upgrade(connection: Connection, revision: str) -> None:
    try:
        command.upgrade(config_for(connection), revision)
    except CommandError as error:
        if "Can't locate revision" in str(error):
            raise DatabaseTooNew(str(error)) from error
        raise


def config_for(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["connection"] = connection
    return config
