"""`trilha restore FILE` and `trilha restored`: a backup takes the place of the database, and the database knows of it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from bot.delivery.restored import take_for_restored
from bot.errors import DatabaseInUse, SettingsError
from bot.operate.folder import must_hold_a_database
from bot.settings import Settings
from bot.store.backup import copy_sqlite
from bot.store.database import Database, sqlite_file
from bot.store.lead import is_taken
from bot.store.locks import Lock
from bot.store.migrate import migrate, revision

MAGIC = b"SQLite format 3\0"
"""What a SQLite file begins with (SQLite, "Database File Format")."""
LOGS = ("-wal", "-shm")
"""What SQLite keeps beside its file while that is open."""
WHAT_FOLLOWS = (
    "What was to be sent since the backup may have been: it goes once more at most, and says that it may be a copy. "
    "What people did since is forgotten; days that are over are excused."
)


async def restore(settings: Settings, file: Path, now: datetime) -> int:
    """Put a backup back and say where the database is that was there; 0.

    Or 1 while a bot runs on it. Raises SettingsError where there is nothing to put back, DatabaseTooNew for that of a newer version.
    All work is done on a copy beside the database, which takes its place at once.
    """
    place = _place(settings, file)
    must_hold_a_database(settings)
    held = Database(settings.database)
    try:
        if not await _is_ours(held, "restore"):
            return 1
        ready = await _made_ready(file, place, now)
        aside = _move_aside(place, now)
        ready.replace(place)
    finally:
        await held.close()
    print(f"{file} is the database {place} now. {WHAT_FOLLOWS}")
    if aside:
        print(f"The database that was there is {aside}; delete it when all is well.")
    return 0


def _place(settings: Settings, file: Path) -> Path:
    """Where the database is, or is to be."""
    place = sqlite_file(settings.database)
    if place is None:
        raise SettingsError(("PostgreSQL's own `pg_restore` puts it back; then `trilha restored` tells the bot.",))
    if not file.is_file():
        raise SettingsError((f"There is no file {file}.",))
    if place.exists() and file.samefile(place):
        raise SettingsError((f"{file} is the database itself. Name the copy that is to take its place.",))
    with file.open("rb") as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            raise SettingsError(
                (f"{file} is not a backup. Name a copy that `trilha backup` made, or the file of a database.",)
            )
    return place


async def tell_restored(settings: Settings, now: datetime) -> int:
    """Write down that the database was put back by other means; 0, or 1 while a bot runs on it.

    Raises SettingsError where there is none.
    """
    file = sqlite_file(settings.database)
    must_hold_a_database(settings, make=False)
    if file and not file.exists():  # to tell of what was put back must not make it
        raise SettingsError((f"There is no database {file}. Look at BOT_DATABASE_URL and BOT_DATA_DIR.",))
    database = Database(settings.database)
    try:
        if not await _is_ours(database, "restored"):
            return 1
        if await revision(database) is None:
            raise SettingsError(
                ("There is nothing of Trilha in the database. Put the backup back first, or look at BOT_DATABASE_URL.",)
            )
        await migrate(database)
        await take_for_restored(database, now)
    finally:
        await database.close()
    print(WHAT_FOLLOWS)
    return 0


async def _is_ours(database: Database, command: str) -> bool:
    """Whether no bot runs on it, nor can begin to on SQLite. If one does, what to do is said."""
    try:
        database.reserve()
        if database.is_sqlite or not await is_taken(database, Lock.LEADING):
            return True
    except DatabaseInUse:
        pass
    print(f"A bot runs on this database. Stop it, say `trilha {command}` again, and start it.", file=sys.stderr)
    return False


async def _made_ready(file: Path, place: Path, now: datetime) -> Path:
    """A copy of the backup beside the database, at the newest schema, that knows what it is. Raises OSError, SettingsError."""
    ready = place.with_name(f"{place.name}.restoring")
    _remove(ready)
    copy_sqlite(file, ready)
    database = Database(f"sqlite:///{ready}")
    try:
        if await revision(database) is None:
            raise SettingsError((f"{file} is no database of Trilha.",))
        await migrate(database)
        await take_for_restored(database, now)
    except BaseException:
        await database.close()
        _remove(ready)
        raise
    await database.close()
    with closing(sqlite3.connect(ready)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # all in the one file
    return ready


def _move_aside(place: Path, now: datetime) -> Path | None:
    """Give what is there a second name and take its logs away; its first name stays taken until another file gets it.

    What lies in the logs is brought home first: whoever is cut off between the steps goes on with the whole of it.
    """
    if not place.exists():
        return None
    with suppress(sqlite3.Error), closing(sqlite3.connect(place)) as connection:  # of one that is broken they go along
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}")
    try:
        os.link(place, aside)
    except OSError:  # a file system without second names
        shutil.copy2(place, aside)
    for log in LOGS:
        with suppress(FileNotFoundError):
            Path(f"{place}{log}").rename(f"{aside}{log}")
    return aside


def _remove(file: Path) -> None:
    for name in (f"{file}", *(f"{file}{log}" for log in LOGS)):
        Path(name).unlink(missing_ok=True)
