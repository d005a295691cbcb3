"""The folder of the database, looked at before anything is begun: what is wrong with it is said with the setting that names it."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile

from bot.errors import SettingsError
from bot.settings import Settings
from bot.store.database import sqlite_file

DATA_DIR = "BOT_DATA_DIR"
LET_IT = "Let the account that runs the bot write there"


def must_hold_a_database(settings: Settings, *, make: bool = True) -> None:
    """Raises SettingsError where no SQLite database can be. The folder is made where it is not there, unless somebody only looks."""
    if problem := unfit_for_a_database(settings, make=make):
        raise SettingsError((problem,))


def unfit_for_a_database(settings: Settings, *, make: bool = False) -> str | None:
    """Why no SQLite database can be where the settings say. A folder that is not there is fit, unless it is to be made and cannot."""
    file = sqlite_file(settings.database)
    if file is None:
        return None
    name = "BOT_DATABASE_URL" if settings.database_url else DATA_DIR
    if problem := unfit(file.parent, name, make=make):
        return problem
    if file.is_dir():
        return f"{name}: {file} is a folder; the database is a file, such as {file / 'trilha.sqlite'}."
    if file.exists() and not os.access(file, os.R_OK | os.W_OK, effective_ids=True):
        return f"{name}: nothing can be written in the database {file}. {LET_IT}, or name another."
    return None


def unfit(folder: Path, name: str, *, make: bool = True) -> str | None:
    """Why nothing can be kept in the folder that a setting names, in a sentence."""
    nearest = next(part for part in (folder, *folder.parents) if os.path.lexists(part))
    if not nearest.is_dir():
        return f"{name}: {nearest} is no folder. Name a folder there, or move what is in its place."
    if make:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return f"{name}: the folder {folder} is not there and cannot be made. Make it, or name another."
    if folder.exists() and not takes_in(folder):
        return f"{name}: nothing can be written in the folder {folder}. {LET_IT}, or name another."
    return None


def takes_in(folder: Path) -> bool:
    """Whether something can be written there; it is tried, with a file that gets no name or is gone at once."""
    try:
        with TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
