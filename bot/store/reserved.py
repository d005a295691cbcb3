"""Keeps a second `run` off a SQLite file, while the command line's tools may still use it.

The lock is the operating system's, so it is gone with the process however that ends. On PostgreSQL any number of processes share the
work, and `lead.py` says which of them leads.
"""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

from bot.errors import DatabaseInUse
from bot.store import private

A_LOOK = 0.05
"""Seconds after which nobody looks any more who only looked whether a file is reserved."""


class Reserved:
    """The lock of one database's file: ours from `take` to `give_back`."""

    def __init__(self, database: Path) -> None:
        self._database = database
        # beside the file itself, whatever names lead to it
        self._place = Path(f"{database.resolve()}.run")
        self._ours: IO[str] | None = None

    def take(self) -> None:
        """Keep others off; to take what is ours already changes nothing. Raises DatabaseInUse."""
        if self._ours:
            return
        lock = open(self._place, "w", opener=private.opener)  # noqa: SIM115 (it stays open as long as we run)
        for last in (False, True):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if last:
                    lock.close()
                    raise DatabaseInUse(str(self._database)) from None
            time.sleep(A_LOOK)  # somebody may only be looking whether it is reserved
        self._ours = lock

    @property
    def is_taken(self) -> bool:
        """Whether a `run` keeps others off."""
        if not self._place.exists():
            return False
        with self._place.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def give_back(self) -> None:
        """Let others in, if it is ours."""
        if self._ours:
            self._ours.close()
            self._ours = None
