"""`trilha backup FILE`: a copy of the database, whole as of one instant, beside a running bot too."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from bot.condition import BACKUP
from bot.errors import SettingsError
from bot.operate.folder import takes_in, unfit_for_a_database
from bot.settings import Settings
from bot.store import remembered
from bot.store.backup import copy_sqlite
from bot.store.database import Database, sqlite_file
from bot.store.trouble import TROUBLE


def backup(settings: Settings, to: Path, now: datetime) -> int:
    """Make it, say where it is, and remember when; 0. Raises SettingsError where there is nothing to copy, or something in the way."""
    file = sqlite_file(settings.database)
    if file is None:
        raise SettingsError(
            (
                "PostgreSQL copies itself: `pg_dump --format=custom --file=FILE`; `pg_restore` and `trilha restored` back.",
            )
        )
    if not file.is_file():
        missing = f"There is no database {file}. Look at BOT_DATABASE_URL and BOT_DATA_DIR."
        raise SettingsError((unfit_for_a_database(settings) or missing,))
    if to.exists():
        raise SettingsError((f"{to} is there already. Name a new file; a backup never takes the place of another.",))
    if not to.absolute().parent.is_dir():
        raise SettingsError((f"There is no folder {to.absolute().parent}.",))
    if not takes_in(to.absolute().parent):
        raise SettingsError((f"Nothing can be written in the folder {to.absolute().parent}. Name a file elsewhere.",))
    _copy(settings, file, to, now)
    print(f"The database is in {to}, {to.stat().st_size / 1e6:.1f} MB.")
    try:
        asyncio.run(_remember(settings, now))
    except TROUBLE:  # the copy is there all the same, and on a full disk it is needed most
        print("The database does not take in that it was made; /health goes on telling the age of the one before.")
    return 0


def _copy(settings: Settings, file: Path, to: Path, now: datetime) -> None:
    """What can be read is copied also where nothing can be written, as on a disk that is about to fail."""
    try:
        copy_sqlite(file, to, made=now)
    except OSError:
        if problem := unfit_for_a_database(settings):
            raise SettingsError((problem,)) from None
        raise


async def _remember(settings: Settings, now: datetime) -> None:
    database = Database(settings.database)
    try:
        async with database.write() as session:
            await remembered.remember(session, BACKUP, now.isoformat())
    finally:
        await database.close()
