"""The bot's database for the command line's tools, which work beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.operate.folder import must_hold_a_database
from bot.settings import Settings
from bot.store.database import Database
from bot.store.migrate import migrate


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, at the newest schema also before the first `trilha run`. Raises SettingsError where there can be none."""
    must_hold_a_database(settings)
    database = Database(settings.database)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()
