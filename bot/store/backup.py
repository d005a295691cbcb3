"""Copies a SQLite database while others write to it (SQLite, "Online Backup API")."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.store import private
from bot.store.restored import MADE


def copy_sqlite(file: Path, to: Path, made: datetime | None = None) -> None:
    """A whole copy as of one instant, in one file; it gets its name only when it is found to be sound. Raises OSError.

    To copy the file itself would leave out what still lies in the write-ahead log beside it. A copy that was `made` at an instant, to be
    put back some day, says so of itself (`restored.py`).
    """
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    private.begin(part)
    try:
        address = f"{file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            if made:
                copy.execute("INSERT OR REPLACE INTO remembered (name, value) VALUES (?, ?)", (MADE, made.isoformat()))
                copy.commit()
            copy.execute("PRAGMA journal_mode=DELETE")  # all in the one file
            (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise OSError(f"the copy of {file} is not sound: {found}; `trilha doctor` tells more")
        part.rename(to)
    except sqlite3.Error as error:
        raise OSError(f"{file} could not be copied: {error}") from error
    finally:
        part.unlink(missing_ok=True)
