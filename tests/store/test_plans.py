"""What is asked again and again goes by an index, however many people there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.store import suggestions
from bot.store.database import Database


@contextmanager
def plans_of(database: Database) -> Iterator[list[str]]:
    """How SQLite does what is asked meanwhile, step by step. PostgreSQL counts its rows before it decides."""
    plans: list[str] = []

    def explain(connection: Any, _: object, statement: str, parameters: Any, *__: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            rows = connection.connection.driver_connection._conn.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

    event.listen(database.engine.sync_engine, "before_cursor_execute", explain)
    yield plans
    event.remove(database.engine.sync_engine, "before_cursor_execute", explain)


async def test_how_many_a_link_helped_is_counted_by_an_index(database: Database) -> None:
    async with database.read() as session:
        if not database.is_sqlite:
            assert await suggestions.helpful(session, 500) == {}
            return
        with plans_of(database) as plans:
            await suggestions.helpful(session, 500)
    assert "SEARCH completions USING COVERING INDEX ix_completions_helped (resource_id=? AND withdrawn_at=?)" in plans
    assert not [step for step in plans if "AUTOMATIC" in step or step.startswith("SCAN")]
