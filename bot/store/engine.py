"""Where the two engines differ: which one a session speaks to, and an INSERT that knows what to do where the row is there already."""

from __future__ import annotations

from sqlalchemy import FromClause
from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import Insert as InsertSqlite
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Base


def is_sqlite(session: AsyncSession) -> bool:
    """Whether it is SQLite; else it is PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def insert_into(session: AsyncSession, table: type[Base] | FromClause) -> InsertSqlite | InsertPostgresql:
    """The engine's own INSERT, which has `on_conflict_do_nothing` and `on_conflict_do_update`."""
    insert = insert_sqlite if is_sqlite(session) else insert_postgresql
    return insert(table)  # type: ignore[arg-type]  # a mapped class's `__table__` is a Table, typed as less
