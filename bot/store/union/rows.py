"""Rows that go over to somebody else, where the same row may be theirs already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, UniqueConstraint, and_, delete, exists, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import NamedFromClause

PersonColumn = Column[Any]
"""A column that names a person."""


async def follow(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """The rows go over as they are."""
    await session.execute(update(column.table).where(column == leaves).values({column.name: stays}))


async def drop_twins(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """Of what both have, the one who stays keeps theirs; the rest goes over."""
    table, twin = column.table, column.table.alias()
    await session.execute(delete(table).where(column == leaves, exists().where(_twins(column, twin, stays))))
    await follow(session, column, stays, leaves)


async def keep_earliest(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """Of what both have, the earlier one (`at`) stays; the rest goes over."""
    table, twin = column.table, column.table.alias()
    earlier = exists().where(_twins(column, twin, leaves), twin.c.at < table.c.at)
    await session.execute(delete(table).where(column == stays, earlier))
    await drop_twins(session, column, stays, leaves)


def _twins(column: PersonColumn, twin: NamedFromClause, whose: int) -> ColumnElement[bool]:
    """That a row of `whose` in `twin` is the same but for the person."""
    return and_(twin.c[column.name] == whose, *(twin.c[name] == column.table.c[name] for name in key_beside(column)))


def key_beside(column: PersonColumn) -> list[str]:
    """What else, with the person, may be there once only."""
    keys = [
        [one.name for one in key.columns]
        for key in (column.table.primary_key, *_uniques(column))
        if column.name in key.columns
    ]
    return [name for name in keys[0] if name != column.name] if keys else []


def _uniques(column: PersonColumn) -> list[UniqueConstraint]:
    return [one for one in column.table.constraints if isinstance(one, UniqueConstraint)]
