"""What people have written survives every step of the schema, and a step that is cut off leaves all as it was.

`make chaos` climbs with 10,000 rows in each table.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, Table, event, select

from bot.store import migrate as migrating
from bot.store.database import Database
from bot.store.migrate import config_for, migrate
from bot.store.soundness import STATES
from bot.store.tables import Base
from tests.conftest import ENGINES, fresh_on_postgres

ROWS = 10_000 if os.environ.get("TRILHA_WHOLE") else 40
PAGE = 1000
NOON = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=UTC)
Rows = Sequence[tuple[Any, ...]]


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table, on one engine and then on the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'trilha.sqlite'}"
    return fresh_on_postgres(request)


def revisions() -> list[str]:
    """Every schema there was, the oldest first."""
    script = ScriptDirectory.from_config(config_for(None))  # type: ignore[arg-type]
    return [step.revision for step in reversed(list(script.walk_revisions()))]


# ---------------------------------------------------------------------------------------------------------------- rows


def drawn(connection: Connection) -> MetaData:
    """The tables as the database has them."""
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def fill(connection: Connection, table: Table) -> None:
    """Rows 1, 2, …; each points to the row of its own number, wherever it may point."""
    for begin in range(1, ROWS + 1, PAGE):
        numbers = range(begin, min(begin + PAGE, ROWS + 1))
        rows = [{column.name: value(column, number, connection) for column in table.columns} for number in numbers]
        connection.execute(table.insert(), rows)


def value(column: Column[Any], number: int, connection: Connection) -> object:
    """Something of the column's type that no other row has, as far as the type can tell so many apart."""
    if column.foreign_keys:
        [key] = column.foreign_keys
        return value(key.column, number, connection)
    if words := STATES.get(str(column)):
        return words[number % len(words)]
    match column.type:
        case sa.Boolean():
            return number % 2 == 0
        case sa.DateTime():
            at = NOON + timedelta(minutes=number)
            return at.replace(tzinfo=None) if connection.dialect.name == "sqlite" else at
        case sa.Date():
            return date(2026, 3, 2) + timedelta(days=number)
        case sa.Time():
            return time(number % 24, number % 60)
        case sa.Integer():
            return number
        case sa.JSON():
            return {"número": number, "list": [1, None, "“é”"]}
        case sa.String():
            return f"{number} “{column.name}” é"[: column.type.length]
    raise AssertionError(f"no value for {column!r}")


def held(connection: Connection, table: Table) -> Rows:
    """All rows of a table in the columns it had when it was drawn."""
    found = connection.execute(select(table).order_by(*table.primary_key.columns))
    return [tuple(row) for row in found]


# --------------------------------------------------------------------------------------------------------- every step


async def test_rows_of_every_table_survive_every_step_from_the_first_schema_on(empty_url: str) -> None:
    database = Database(empty_url)
    written: dict[str, tuple[Table, Rows]] = {}
    for revision in revisions():
        await migrate(database, revision)
        async with database.engine.begin() as connection:
            tables = (await connection.run_sync(drawn)).sorted_tables
            for table in (table for table in tables if table.name not in written):
                await connection.run_sync(fill, table)
                written[table.name] = (table, await connection.run_sync(held, table))
    assert written.keys() == Base.metadata.tables.keys()
    async with database.engine.connect() as connection:
        for name, (table, rows) in written.items():
            assert len(rows) == ROWS
            assert await connection.run_sync(held, table) == rows, name
    await everything_can_be_read(database)
    await database.close()


async def everything_can_be_read(database: Database) -> None:
    """The program of today reads what the programs before it wrote."""
    async with database.read() as session:
        for mapper in Base.registry.mappers:
            assert len((await session.scalars(select(mapper.class_))).all()) == ROWS


# ---------------------------------------------------------------------------------------------------------- cut off


def shape(connection: Connection) -> list[str]:
    """Every table, column and index, and the version."""
    found = MetaData()
    found.reflect(connection)
    version = connection.execute(select(found.tables["alembic_version"])).scalars().all()
    return [*map(str, version), *sorted(line for table in found.sorted_tables for line in shape_of_table(table))]


def shape_of_table(table: Table) -> list[str]:
    columns = [f"{table.name}.{one.name} {one.type!r} {one.nullable}" for one in table.columns]
    keys = [f"{key.parent} → {key.target_fullname}" for key in table.foreign_keys]
    return [*columns, *keys, *(f"{table.name} has {index.name}" for index in table.indexes)]


async def shape_of(url: str) -> list[str]:
    database = Database(url)
    async with database.engine.connect() as connection:
        found = await connection.run_sync(shape)
    await database.close()
    return found


CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


class PowerCut(Exception):
    """What a test throws into the middle of a step."""


async def test_a_step_that_fails_anywhere_leaves_all_as_it_was(empty_url: str) -> None:
    database = Database(empty_url)
    await migrate(database, "0001")
    before = await shape_of(empty_url)
    done, left = 0, 1

    def fail(_: object, __: object, statement: str, *___: object) -> None:
        nonlocal done
        if statement.lstrip().startswith(CHANGES):
            done += 1
            if done > left:
                raise PowerCut

    event.listen(Engine, "before_cursor_execute", fail)  # a migration has an engine of its own
    try:
        while True:
            done = 0
            try:
                await migrate(database)
            except PowerCut:
                assert await shape_of(empty_url) == before
                left += 23  # not a divisor of anything: each time it is another kind of statement
            else:
                break
    finally:
        event.remove(Engine, "before_cursor_execute", fail)
    assert left > 47, "it was cut off more than twice"
    await database.close()


KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import Engine, event
from bot.store.database import Database
from bot.store.migrate import migrate

left = int(sys.argv[2])

def die(connection, cursor, statement, *rest):
    global left
    left -= statement.lstrip().startswith(("CREATE", "ALTER", "DROP"))
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

database = Database(sys.argv[1])
event.listen(Engine, "before_cursor_execute", die)  # a migration has an engine of its own
asyncio.run(migrate(database))
"""


@pytest.mark.parametrize("statements", [1, 60])
async def test_after_a_kill_in_the_middle_the_next_start_goes_all_the_way(empty_url: str, statements: int) -> None:
    database = Database(empty_url)
    await migrate(database, "0001")
    async with database.engine.begin() as connection:
        people = (await connection.run_sync(drawn)).tables["people"]
        await connection.run_sync(fill, people)
        rows = await connection.run_sync(held, people)
    before = await shape_of(empty_url)
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, empty_url, str(statements))
    assert await killed.wait() == -signal.SIGKILL
    assert await shape_of(empty_url) == before
    await migrate(database)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(held, people) == rows
    await database.close()


# --------------------------------------------------------------------------------------------------- tables made anew

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    with op.batch_alter_table("people", recreate="auto") as batch_op:
        batch_op.alter_column("name", type_=sa.String(300))
    {more}
"""


def with_one_more_step(folder: Path, monkeypatch: pytest.MonkeyPatch, more: str = "pass") -> None:
    """The steps, and one that makes the table anew to which nearly all others point."""
    shutil.copytree(str(files("migrations")), folder / "migrations")
    step = REBUILD.format(head=revisions()[-1], more=more)
    (folder / "migrations" / "versions" / "9999_rebuild.py").write_text(step)
    monkeypatch.setattr(migrating, "files", lambda name: folder / name)
    monkeypatch.setattr(migrating, "_steps", lambda: ScriptDirectory(str(folder / "migrations")))


async def test_a_table_made_anew_takes_no_row_along(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(empty_url)
    await migrate(database)
    async with database.engine.begin() as connection:
        tables = (await connection.run_sync(drawn)).sorted_tables
        for table in tables:
            await connection.run_sync(fill, table)
    with_one_more_step(tmp_path, monkeypatch)
    await migrate(database)
    async with database.engine.connect() as connection:
        for table in tables:
            assert len(await connection.run_sync(held, table)) == ROWS, table.name
    await everything_can_be_read(database)
    if database.is_sqlite:
        async with database.read() as session:
            assert await session.scalar(sa.text("PRAGMA foreign_keys")) == 1, "foreign keys hold again"
    await database.close()


async def test_a_step_that_would_leave_rows_pointing_to_nothing_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'trilha.sqlite'}"  # PostgreSQL refuses the statement itself
    database = Database(url)
    await migrate(database)
    async with database.engine.begin() as connection:
        for table in (await connection.run_sync(drawn)).sorted_tables:
            await connection.run_sync(fill, table)
    before = await shape_of(url)
    with_one_more_step(tmp_path, monkeypatch, 'op.execute("DELETE FROM people WHERE id = 1")')
    with pytest.raises(RuntimeError, match="would point to nothing"):
        await migrate(database)
    assert await shape_of(url) == before
    await everything_can_be_read(database)
    await database.close()
