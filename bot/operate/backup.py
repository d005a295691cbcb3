"""`trilha backup FILE`: a copy of the database, whole as of one instant, beside a running bot too."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings
from bot.store.backup import copy_sqlite
from bot.store.database import sqlite_file


def backup(settings: Settings, to: Path, now: datetime) -> int:
    """Make it and say where it is; 0. Raises SettingsError where there is nothing to copy, or something in the way."""
    file = sqlite_file(settings.database)
    if file is None:
        raise SettingsError(
            (
                "PostgreSQL copies itself: `pg_dump --format=custom --file=FILE`; `pg_restore` and `trilha restored` back.",
            )
        )
    if not file.is_file():
        raise SettingsError((f"There is no database {file}. Look at BOT_DATABASE_URL and BOT_DATA_DIR.",))
    if to.exists():
        raise SettingsError((f"{to} is there already. Name a new file; a backup never takes the place of another.",))
    if not to.absolute().parent.is_dir():
        raise SettingsError((f"There is no folder {to.absolute().parent}.",))
    copy_sqlite(file, to, made=now)
    print(f"The database is in {to}, {to.stat().st_size / 1e6:.1f} MB.")
    return 0
