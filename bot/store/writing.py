"""Whether the database takes what is written. A full disk lets everything be read, so nothing but a write tells of it."""

from __future__ import annotations

import sqlite3
from time import monotonic

import structlog
from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnwritable

log = structlog.get_logger("database")

REFUSING = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)
"""What SQLite says of its file."""
REFUSING_SERVER = ("53100", "58030", "25006")
"""What PostgreSQL says: a full disk, an error of the disk, and a server that is only a copy (its appendix "Error Codes")."""
CALM = 20.0
"""Seconds without a refusal after which a proof that something was written is believed: on a full disk a small thing may still fit."""


class Writing:
    """What transactions leave known. `trouble` is why nothing can be written, in the database's words; None while it can."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._refused_at = 0.0

    def refused(self, error: BaseException) -> DatabaseUnwritable | None:
        """What an error of a transaction means, if it is that. It is said once, by the first that hears of it."""
        if (reason := _reason(error)) is None:
            return None
        if self.trouble is None:
            log.error("database.unwritable", reason=reason)
        self.trouble, self._refused_at = reason, monotonic()
        return DatabaseUnwritable(reason)

    def proved(self) -> None:
        """Something was written, and is there."""
        if self.trouble is not None and monotonic() - self._refused_at >= CALM:
            self.trouble = None
            log.info("database.writable_again")


def _reason(error: BaseException | None) -> str | None:
    """The database's words, if an error, or one that it came of, is about the database as a whole and about writing.

    SQLite takes the whole transaction back by itself, so the savepoint is gone that is to be taken back after it: another error.
    """
    while error is not None:
        if isinstance(error, DBAPIError) and _refuses(error.orig):
            return str(error.orig).partition("\n")[0].rpartition("'>: ")[2]  # the driver's own class stands in front
        error = error.__context__
    return None


def _refuses(error: BaseException | None) -> bool:
    code = error.sqlite_errorcode if isinstance(error, sqlite3.Error) else None
    return (code is not None and code & 0xFF in REFUSING) or getattr(error, "sqlstate", None) in REFUSING_SERVER
