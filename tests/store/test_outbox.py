"""Rows on their way are marked together, in one statement for all of them, and by whoever holds them alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.recover import recover
from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import Outgoing

NOW = datetime(2026, 3, 3, 11, tzinfo=UTC)
LEASE = timedelta(seconds=90)


async def _gives_up(session: AsyncSession, row: Outgoing) -> None:
    await outbox.give_up(session, row, "nobody is there")


async def _waits(session: AsyncSession, row: Outgoing) -> None:
    await outbox.wait(session, row, NOW, "no answer")


async def _marks(session: AsyncSession, row: Outgoing) -> None:
    await outbox.sent_all(session, [(row, "the first", NOW)])


async def test_many_arrivals_are_marked_at_once_whether_in_doubt_or_not_and_nothing_else_is(database: Database) -> None:
    rows = [
        {"key": f"dose:{number}", "kind": "note", "platform": "terminal", "chat": f"{number}", "not_before": NOW}
        for number in range(4)
    ]
    async with database.write() as session:
        numbers = [row_id for row_id, _ in await outbox.put(session, rows)]
    async with database.write() as session:
        taken = await outbox.take(session, numbers[:3], NOW, LEASE)
        assert set(taken) == set(numbers[:3])
        await outbox.wait(session, taken[numbers[1]].row, NOW, "no answer", state="uncertain", doubts=1)
        await outbox.give_up(session, taken[numbers[2]].row, "nobody is there")
    async with database.write() as session:
        still_due = await session.get_one(Outgoing, numbers[3])
        rows_of = [*(parcel.row for parcel in taken.values()), still_due]
        await outbox.sent_all(session, [(row, f"message {row.id}", NOW) for row in rows_of])
    async with database.read() as session:
        found = await session.execute(select(Outgoing.state, Outgoing.message).order_by(Outgoing.id))
        first, second, *_ = numbers
        assert [tuple(row) for row in found] == [
            ("sent", f"message {first}"),
            ("sent", f"message {second}"),
            ("dead", None),
            ("due", None),
        ]


@pytest.mark.parametrize("first", [0, 1])
async def test_rows_that_say_different_things_keep_what_each_says(database: Database, first: int) -> None:
    says_all = {"facts": {"n": 1}, "priority": 1, "thread": "7", "lease_until": NOW + LEASE, "expires_at": NOW + LEASE}
    told: list[dict[str, Any]] = [{"key": "all", **says_all}, {"key": "little"}]
    shared = {"kind": "note", "platform": "terminal", "chat": "1", "not_before": NOW}
    async with database.write() as session:
        assert len(await outbox.put(session, [shared | told[first], shared | told[1 - first]])) == 2
    async with database.read() as session:
        rows = {row.key: row for row in await session.scalars(select(Outgoing))}
    assert {name: getattr(rows["all"], name) for name in says_all} == says_all
    little = rows["little"]
    assert (little.facts, little.priority, little.thread, little.lease_until) == ({}, 5, None, None)
    assert (little.state, little.attempts, little.doubts, little.flagged) == ("due", 0, 0, False)


@pytest.mark.parametrize("too_late", [outbox.give_back, _gives_up, _waits, _marks])
async def test_who_comes_back_after_the_lease_changes_nothing_that_others_did_since(
    database: Database, too_late: Callable[[AsyncSession, Outgoing], Awaitable[None]]
) -> None:
    async with database.write() as session:
        ((number, _),) = await outbox.put(
            session, [{"key": "dose:1", "kind": "note", "platform": "terminal", "chat": "1", "not_before": NOW}]
        )
    async with database.write() as session:
        frozen = (await outbox.take(session, [number], NOW, LEASE))[number]
    later = NOW + 2 * LEASE
    async with database.write() as session:
        assert await recover(session, ["terminal"], later) == 1
        await session.flush()
        theirs = (await outbox.take(session, [number], later, LEASE))[number]
    async with database.write() as session:
        await too_late(session, frozen.row)
    async with database.write() as session:
        await outbox.sent_all(session, [(theirs.row, "the second", later)])
    async with database.read() as session:
        row = await session.get_one(Outgoing, number)
        assert (row.state, row.message, row.attempts, row.doubts) == ("sent", "the second", 2, 1)


async def test_companies_of_all_sizes_are_taken_with_few_statements_as_each_new_one_costs(database: Database) -> None:
    rows = [
        {"key": f"note:{number}", "kind": "note", "platform": "terminal", "chat": "1", "not_before": NOW}
        for number in range(sum(range(1, 40)))
    ]
    async with database.write() as session:
        left = [row_id for row_id, _ in await outbox.put(session, rows)]
    statements = set()
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda _, __, statement, *___: statements.add(statement)
    )
    async with database.write() as session:
        for size in range(1, 40):
            company, left = left[:size], left[size:]
            assert set(await outbox.take(session, company, NOW, LEASE)) == set(company)
    taking = {statement for statement in statements if statement.startswith(("UPDATE", "SELECT outbox"))}
    assert len(taking) == 2 * 3, "of 1 to 16 rows, of 17 to 32, and of 33 to 48"
