"""The numbers of the locks that processes on one PostgreSQL take from each other. SQLite needs none: one process works on it."""

from __future__ import annotations

from enum import IntEnum, unique

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.engine import is_sqlite


@unique
class Lock(IntEnum):
    """An advisory lock of PostgreSQL, which knows it by nothing but its number. A number is for ever: an older process may hold it."""

    MIGRATING = 7_412_001
    """Two processes that start together migrate one after the other."""
    LEADING = 7_412_002
    """Which of the processes that serve platforms polls and sends."""
    CATALOG = 7_412_003
    """Who changes the catalog does so one after the other: processes that read a changed file, and curators who decide."""
    LEADING_IN_A_TERMINAL = 7_412_004
    """A person who tries the bot in a terminal beside them takes nothing from anybody."""


async def one_at_a_time(session: AsyncSession, lock: Lock) -> None:
    """Let transactions that do the same thing at once do it one after the other, until this one ends; on SQLite all of them do."""
    if not is_sqlite(session):
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": int(lock)})
