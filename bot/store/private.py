"""What people write is nobody else's on the machine: its files are for the account that runs the bot."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OWNERS = 0o600
OTHERS = 0o007


def begin(file: Path) -> None:
    """Make a file that only its owner may read, unless it is there. Where that cannot be, whoever opens it says so."""
    with suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNERS))


def opener(path: str, flags: int) -> int:
    """The same for what `open` makes."""
    return os.open(path, flags, OWNERS)


def keep(file: Path) -> None:
    """A SQLite database that is there is for others no more, nor are its files beside it. What its group may do is the operator's to say.

    Nothing is opened: to close a file would let go of SQLite's own locks on it, for the whole process (SQLite, "How To Corrupt").
    """
    for one in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        with suppress(OSError):  # it is not there, or another account's
            if (mode := one.stat().st_mode) & OTHERS:
                one.chmod(mode & 0o7777 & ~OTHERS)
