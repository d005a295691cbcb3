"""Rows on their way are marked together, in one statement for all of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.store import outbox
from bot.store.database import Database
from bot.store.tables import Outgoing

NOW = datetime(2026, 3, 3, 11, tzinfo=UTC)
LEASE = timedelta(seconds=90)


async def test_many_arrivals_are_marked_at_once_whether_in_doubt_or_not_and_nothing_else_is(database: Database) -> None:
    rows = [
        {"key": f"dose:{number}", "kind": "note", "platform": "terminal", "chat": f"{number}", "not_before": NOW}
        for number in range(4)
    ]
    async with database.write() as session:
        numbers = [row_id for row_id, _ in await outbox.put(session, rows)]
    async with database.write() as session:
        assert set(await outbox.take(session, numbers[:3], NOW, LEASE)) == set(numbers[:3])
        await outbox.wait(session, numbers[1], NOW, "no answer", state="uncertain", doubts=1)
        await outbox.give_up(session, numbers[2], "nobody is there")
    async with database.write() as session:
        await outbox.sent_all(session, [(number, f"message {number}", NOW) for number in numbers])
    async with database.read() as session:
        found = await session.execute(select(Outgoing.state, Outgoing.message).order_by(Outgoing.id))
        first, second, *_ = numbers
        assert [tuple(row) for row in found] == [
            ("sent", f"message {first}"),
            ("sent", f"message {second}"),
            ("dead", None),
            ("due", None),
        ]
