"""What single rows must hold, looked at as they lie in the tables: tables there, values known, zones known, JSON that can be read.

Only columns are read here, never whole rows: a row that makes no sense would not let itself be loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, Connection, Text, and_, func, inspect, select, text, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning.timetable import find_zone
from bot.store.engine import is_sqlite
from bot.store.tables import Base
from bot.store.tables.columns import OneOf

WEEK = "1234567"
STATES = {
    str(column): tuple(map(str, column.type.states))
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, OneOf)
}
"""The words of every column that holds one of the states in `bot/states.py`."""
KNOWN: Mapping[str, tuple[str, ...]] = {
    **STATES,
    "subscriptions.picture": ("light", "dark"),
}
"""Every value that a column may hold, where the program asks for nothing else."""
ZONES = ("subscriptions.zone", "schedules.zone", "rooms.zone", "doses.zone", "completions.zone")
DAYS = ("subscriptions.days", "schedules.days")


class Oddity(NamedTuple):
    """A value that makes no sense, where it stands, and the rows that hold it, each by its key."""

    place: str
    value: str
    rows: tuple[str, ...]


async def missing_tables(session: AsyncSession) -> list[str]:
    """The tables that should be there and are not."""
    there = await (await session.connection()).run_sync(_tables)
    return sorted(set(Base.metadata.tables) - there)


async def unknown_values(session: AsyncSession) -> AsyncIterator[Oddity]:
    """Words that no part of the program understands, such as a state that is none."""
    for place, known in KNOWN.items():
        async for oddity in _oddities(session, place, frozenset(known).__contains__):
            yield oddity


async def unknown_zones(session: AsyncSession) -> AsyncIterator[Oddity]:
    """Zones that nobody knows, or knows any more."""
    for place in ZONES:
        async for oddity in _oddities(session, place, is_zone):
            yield oddity


async def unknown_days(session: AsyncSession) -> AsyncIterator[Oddity]:
    """Weekdays that are none."""
    for place in DAYS:
        async for oddity in _oddities(session, place, are_days):
            yield oddity


async def unreadable_json(session: AsyncSession) -> AsyncIterator[Oddity]:
    """JSON that does not parse. PostgreSQL takes none in; SQLite takes any text."""
    if not is_sqlite(session):
        return
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                raw = type_coerce(column, Text)
                where = and_(raw.is_not(None), func.json_valid(raw) == 0)
                if rows := tuple(_key(row) for row in await session.execute(select(*table.primary_key).where(where))):
                    yield Oddity(f"{table.name}.{column.name}", "", rows)


async def dangling(session: AsyncSession) -> list[Oddity]:
    """Rows that point to a row that is not there; PostgreSQL itself allows none. A row is named as SQLite counts it (`rowid`)."""
    if not is_sqlite(session):
        return []
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table, row, parent, _ in await session.execute(text("PRAGMA foreign_key_check")):
        found[table, parent].append(str(row))
    return [Oddity(table, parent, tuple(dict.fromkeys(rows))) for (table, parent), rows in found.items()]


def is_zone(name: str) -> bool:
    """Whether the zone data in use knows a zone."""
    try:
        find_zone(name)
    except ValueError:
        return False
    return True


def are_days(days: str) -> bool:
    """Whether these are ISO weekdays, such as "12345"."""
    return set(days) <= set(WEEK)


async def _oddities(session: AsyncSession, place: str, makes_sense: Callable[[str], bool]) -> AsyncIterator[Oddity]:
    column = _column(place)
    raw = type_coerce(column, Text)
    for value in await session.scalars(select(raw).where(raw.is_not(None)).distinct()):
        if not makes_sense(value):
            found = await session.execute(select(*column.table.primary_key).where(raw == value))
            yield Oddity(place, value, tuple(_key(row) for row in found))


def _column(place: str) -> Column[Any]:
    table, _, name = place.partition(".")
    return Base.metadata.tables[table].columns[name]


def _key(row: Any) -> str:
    """A row's key in one word, also where it has several parts."""
    return "/".join(map(str, row))


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())
