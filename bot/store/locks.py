"""The numbers of the locks that processes on one PostgreSQL take from each other. SQLite needs none: one process works on it."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """An advisory lock of PostgreSQL, which knows it by nothing but its number. A number is for ever: an older process may hold it."""

    MIGRATING = 7_412_001
    """Two processes that start together migrate one after the other."""
    LEADING = 7_412_002
    """Which of the processes that serve platforms polls and sends."""
    ADOPTING = 7_412_003
    """Two processes that read a changed catalog write it down one after the other."""
    LEADING_IN_A_TERMINAL = 7_412_004
    """A person who tries the bot in a terminal beside them takes nothing from anybody."""
