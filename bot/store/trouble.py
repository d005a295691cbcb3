"""What a database raises, told apart: it is away, it refuses somebody's rows, or two transactions met."""

from __future__ import annotations

from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

TROUBLE = (SQLAlchemyError, OSError, TimeoutError)
"""What a database that is away, or goes away, raises."""
REFUSALS = (DataError, IntegrityError, InternalError, ProgrammingError)
"""What it says of rows or statements that no waiting mends."""
_COLLISIONS = ("40001", "40P01")
"""PostgreSQL's serialization failure and deadlock (its appendix A, "Error Codes")."""
_GONE = ("08", "53", "57P")
"""How PostgreSQL's codes begin where the line is cut (08), where it has no room for anybody (53), where it stops or only starts (57P)."""


def is_collision(error: DBAPIError) -> bool:
    """Whether two transactions met: one wrote the same row first, or each waited for the other. It may go well the next time."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in _COLLISIONS


def is_away(error: Exception) -> bool:
    """Whether a failure tells of the database as a whole, and not of somebody's rows."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or isinstance(error, OperationalError) or code.startswith(_GONE)
    return isinstance(error, (OSError, TimeoutError, PoolTimeout))


def came_of_its_absence(error: BaseException | None) -> bool:
    """Whether an error, or one that it came of, says that the database is away: what is taken back after that fails in other words."""
    while error is not None:
        if isinstance(error, Exception) and is_away(error):
            return True
        error = error.__context__
    return False


def without_rows(context: ExceptionContext) -> None:
    """PostgreSQL adds the row to what it refuses ("DETAIL"); what people wrote stays out of the log."""
    told = context.original_exception
    if told.__cause__ is not None:
        vars(told.__cause__).pop("detail", None)
    for error in (told, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(part.partition("\nDETAIL:")[0] if isinstance(part, str) else part for part in error.args)
