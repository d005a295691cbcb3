"""What every table is made of: instants, row numbers, names for constraints."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase


class UtcTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; both engines give back the same aware UTC value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC; SQLite stores it without an offset, so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can drop what it must (Alembic, "naming conventions")."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON}  # noqa: RUF012 (SQLAlchemy reads it from the class)


class OneOf(TypeDecorator[str]):
    """One word of a table of states: plain text in the database, and no other word goes in.

    What comes out and stands in no table, for a newer version wrote it or somebody's hand, is that word, which equals none: read with a
    whole window, one row that raised would stop everybody's. `trilha doctor` names it.
    """

    impl = String
    cache_ok = True

    def __init__(self, states: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.states = states
        self._known = {str(state): state for state in states}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The word, which must be known. Raises ValueError, naming it."""
        if value is not None and value not in self._known:
            raise ValueError(f"{value!r} is no {self.states.__name__}")
        return value if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The state, or the word as it stands there."""
        return value if value is None else self._known.get(value, value)


def one_of(states: type[StrEnum], length: int) -> OneOf:
    """A column for one word of a table of states."""
    return OneOf(states, length)


Key = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number: 64 bits on both engines; SQLite numbers rows only where the type is called INTEGER."""

NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""For tables whose numbers stand in buttons and nonces: SQLite must not give the number of a deleted row to another."""
