"""Everything the tables hold about a person, found by following the foreign keys, so that a new table cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Table, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import people, remembered
from bot.store.tables import Base

PEOPLE = Base.metadata.tables["people"]
INTERNAL = {"updates": ("answer",)}
"""Columns that hold no more than what a platform is about to show."""


def tables_about(table: Table = PEOPLE) -> Iterator[Table]:
    """The tables whose rows belong to a person, the person's own first."""
    return (found for found in Base.metadata.sorted_tables if _belongs(found, 0, table) is not None)


async def everything_of(session: AsyncSession, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person, by table, as JSON can hold them; also what a door keeps of their words until it is answered."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in tables_about():
        condition = _belongs(table, person_id)
        assert condition is not None, "tables_about gives only tables with one"
        rows = await session.execute(select(table).where(condition).order_by(*table.primary_key.columns))
        hidden = INTERNAL.get(table.name, ())
        found[table.name] = [
            {name: _plain(value) for name, value in row._mapping.items() if name not in hidden} for row in rows
        ]
    if kept := await remembered.of_owners(session, await people.names_of(session, person_id)):
        found["remembered"] = [dict(one) for one in kept]
    return found


async def count_of(session: AsyncSession, person_id: int) -> int:
    """How many rows of a person are deleted with them; a decision stays and loses its name."""
    total = 0
    for table in tables_about():
        if table.name in INTERNAL or _only_loses_the_name(table):
            continue
        condition = _belongs(table, person_id)
        assert condition is not None, "tables_about gives only tables with one"
        total += await session.scalar(select(func.count()).select_from(table).where(condition)) or 0
    return total


def _belongs(table: Table, person_id: int, root: Table = PEOPLE) -> ColumnElement[bool] | None:
    """The condition that a table's row is about a person, following foreign keys up to `people`; None if it never is."""
    if table is root:
        return table.c.id == person_id
    if direct := _keys_to(table, root):
        return or_(*(key.parent == person_id for key in direct))
    for key in sorted(table.foreign_keys, key=lambda key: key.column.table is not root):
        if key.column.table is table:
            continue
        above = _belongs(key.column.table, person_id, root)
        if above is not None:
            return key.parent.in_(select(key.column).where(above))
    return None


def _keys_to(table: Table, root: Table) -> list[ForeignKey]:
    return sorted((key for key in table.foreign_keys if key.column.table is root), key=lambda key: key.parent.name)


def _only_loses_the_name(table: Table) -> bool:
    """Do its rows stay when a person is deleted?"""
    direct = _keys_to(table, PEOPLE)
    return bool(direct) and all(key.ondelete == "SET NULL" for key in direct)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value
