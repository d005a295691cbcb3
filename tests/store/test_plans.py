"""What is asked again and again goes by an index, however many people there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.chat import Address
from bot.states import OutboxState, Role
from bot.store import outbox, people, subscriptions, suggestions
from bot.store.database import Database
from bot.store.tables import Dose, Outgoing
from tests.delivery.crowd import EIGHT_IN_SAO_PAULO, FIRST_DUE, crowd

LATER = FIRST_DUE + timedelta(hours=1)


@contextmanager
def plans_of(database: Database) -> Iterator[list[str]]:
    """How SQLite does what is asked meanwhile, step by step; nothing of PostgreSQL, which counts its rows before it decides."""
    plans: list[str] = []
    if not database.is_sqlite:
        yield plans
        return

    def explain(connection: Any, _: object, statement: str, parameters: Any, __: object, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            given = parameters[0] if many else parameters
            rows = connection.connection.driver_connection._conn.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            plans.extend(row[3] for row in rows)

    event.listen(database.engine.sync_engine, "before_cursor_execute", explain)
    yield plans
    event.remove(database.engine.sync_engine, "before_cursor_execute", explain)


async def test_how_many_a_link_helped_is_counted_by_an_index(database: Database) -> None:
    async with database.read() as session:
        with plans_of(database) as plans:
            assert await suggestions.helpful(session, 500) == {}
    by_the_index = "SEARCH completions USING COVERING INDEX ix_completions_helped (resource_id=? AND withdrawn_at=?)"
    assert by_the_index in plans or not database.is_sqlite
    assert not [step for step in plans if "AUTOMATIC" in step or step.startswith("SCAN")]


@pytest.mark.parametrize("after", [None, FIRST_DUE])
@pytest.mark.parametrize("platforms", [["discord"], ["terminal", "discord"]])
async def test_who_is_first_on_a_platform_is_found_without_a_look_at_the_others(
    database: Database, platforms: list[str], after: datetime | None
) -> None:
    await crowd(database, 3)
    await crowd(database, 1, replace(EIGHT_IN_SAO_PAULO, due=LATER), platform="discord", first=4)
    earlier = platforms[0] == "terminal" and after is None
    async with database.read() as session:
        with plans_of(database) as plans:
            assert await subscriptions.first_due(session, platforms, after) == (FIRST_DUE if earlier else LATER)
    since = " AND next_due_at>?" if after else ""
    way = f"SEARCH subscriptions USING COVERING INDEX ix_subscriptions_due (state=? AND platform=?{since})"
    assert set(plans) == ({way} if database.is_sqlite else set())


async def test_who_is_due_on_a_platform_comes_in_the_order_of_the_index(database: Database) -> None:
    await crowd(database, 3)
    async with database.write() as session:
        with plans_of(database) as plans:
            assert len(await subscriptions.due_by(session, ["terminal"], FIRST_DUE, 2, but=[1])) == 2
    by_the_index = "SEARCH subscriptions USING INDEX ix_subscriptions_due (state=? AND platform=? AND next_due_at<?)"
    assert [step for step in plans if "subscriptions" in step] == ([by_the_index] if database.is_sqlite else [])
    assert not [step for step in plans if "TEMP B-TREE" in step]


@pytest.mark.parametrize("since", [None, FIRST_DUE])
async def test_who_is_due_is_counted_by_the_index(database: Database, since: datetime | None) -> None:
    await crowd(database, 3)
    await crowd(database, 1, platform="discord", first=4)
    async with database.read() as session:
        with plans_of(database) as plans:
            assert await subscriptions.count_due(session, since, FIRST_DUE, ["terminal"]) == 3
            assert await subscriptions.count_due(session, since, FIRST_DUE, ["terminal", "discord"]) == 4
    assert all("COVERING INDEX ix_subscriptions_due (state=? AND platform=? AND next_due_at" in step for step in plans)


async def test_who_looks_after_the_bot_is_found_without_a_look_at_everybody(database: Database) -> None:
    await crowd(database, 6)
    async with database.write() as session:
        await people.give_role(session, "terminal", "p1", Role.CURATOR)
        await people.give_role(session, "terminal", "p2", Role.OWNER)
        await people.give_role(session, "terminal", "p3", Role.OWNER)
        await people.give_role(session, "terminal", "p3", Role.LEARNER)
    named = [("terminal", "p5"), ("terminal", "p2"), ("telegram", "1")]
    async with database.read() as session:
        with plans_of(database) as plans:
            assert [one.platform_id for one in await people.curators(session, named)] == ["p1", "p2", "p5"]
            assert [one.platform_id for one in await people.owners(session, named)] == ["p2", "p5"]
            assert [one.platform_id for one in await people.owners(session, ())] == ["p2"]
            team = [(one.person.id, one.role, one.by_settings) for one in await people.with_roles(session, named)]
            assert team == [(2, Role.OWNER, True), (5, Role.OWNER, True), (1, Role.CURATOR, False)]
    assert {step for step in plans if step.startswith("SCAN")} <= {"SCAN people USING COVERING INDEX ix_people_team"}


def outgoing(key: str, state: OutboxState, due: datetime = FIRST_DUE, **more: object) -> dict[str, object]:
    where = {"kind": "dose", "platform": "terminal", "chat": "p1"}
    return {"key": key, **where, "facts": {}, "priority": 5, "state": state, "not_before": due, "sent_at": None, **more}


async def test_a_chat_that_moves_takes_along_what_waits_without_a_look_at_all_that_was_sent(database: Database) -> None:
    await crowd(database, 3)
    async with database.write() as session:
        await outbox.put(session, [outgoing(f"{state}", state) for state in OutboxState])
        with plans_of(database) as plans:
            await outbox.move(session, Address("terminal", "p1"), Address("terminal", "thread"))
    async with database.read() as session:
        went = set(await session.scalars(select(Outgoing.key).where(Outgoing.chat == "thread")))
        moved = await subscriptions.find(session, 1)
    assert went == {"due", "retry", "uncertain", "sending"}
    assert moved.chat == "thread"
    big = [step for step in plans if "outbox" in step or "subscriptions" in step]
    assert not [step for step in big if step.startswith("SCAN")]


async def test_what_was_told_of_a_decision_is_found_by_its_people(database: Database) -> None:
    await crowd(database, 3)
    rows = [outgoing(f"verdict:1:{n}:{n}", OutboxState.DUE, kind="verdict", person_id=n) for n in (1, 2, 3)]
    async with database.write() as session:
        await outbox.put(session, [*rows, outgoing("verdict:11:1:1", OutboxState.DUE, person_id=1)])
        with plans_of(database) as plans:
            assert await outbox.withdraw_named(session, "verdict:1:", [1, 2]) is False
        assert sorted(await session.scalars(select(Outgoing.key))) == ["verdict:11:1:1", "verdict:1:3:3"]
    assert not [step for step in plans if step.startswith("SCAN")]


async def test_the_doses_of_a_day_are_counted_among_those_due_lately(database: Database) -> None:
    async with database.write() as session:
        for days in (0, 1, 3, 9):
            at = FIRST_DUE - timedelta(days=days)
            await outbox.put(session, [outgoing(f"{days}", OutboxState.SENT, at, sent_at=at + timedelta(hours=20))])
        await outbox.put(session, [outgoing("waits", OutboxState.DUE)])
        await outbox.put(session, [outgoing("word", OutboxState.SENT, kind="nudge", sent_at=FIRST_DUE)])
    async with database.read() as session:
        with plans_of(database) as plans:
            assert await outbox.count_doses(session, FIRST_DUE - timedelta(hours=4)) == 2
            assert await outbox.count_doses(session, FIRST_DUE) == 1
            assert await outbox.doses_go(session, FIRST_DUE)
            assert not await outbox.doses_go(session, FIRST_DUE + timedelta(hours=21))
    assert set(plans) <= {"SEARCH outbox USING INDEX ix_outbox_waiting (state=? AND not_before>?)"}


async def test_rows_are_taken_by_their_numbers_and_not_by_a_look_through_all_that_waits(database: Database) -> None:
    async with database.write() as session:
        with plans_of(database) as plans:
            assert await outbox.take(session, range(1, 101), FIRST_DUE, LATER - FIRST_DUE) == {}
    assert plans == (["SEARCH outbox USING INTEGER PRIMARY KEY (rowid=?)"] if database.is_sqlite else [])


async def test_where_a_dose_hangs_is_found_without_a_look_at_all_that_was_sent(database: Database) -> None:
    await crowd(database, 3)
    async with database.write() as session:
        facts = {"subscription_id": 1, "day": FIRST_DUE.date(), "zone": "UTC", "due_at": FIRST_DUE, "closes_at": LATER}
        session.add(dose := Dose(**facts))
        await session.flush()
        carries = {"dose_id": dose.id, "person_id": 1, "message": "7", "sent_at": FIRST_DUE}
        await outbox.put(session, [outgoing("dose:1", OutboxState.SENT, **carries), outgoing("2", OutboxState.SENT)])
        subscription, there = await subscriptions.find(session, 1), Address("discord", "1")
        with plans_of(database) as plans:
            await outbox.refresh_elsewhere(session, subscription, dose, there, 1, FIRST_DUE)
        edits = select(Outgoing.chat, Outgoing.facts).where(Outgoing.kind == "edit")
        assert [(row.chat, row.facts) for row in await session.execute(edits)] == [("p1", {"message": "7"})]
    by_the_index = "SEARCH outbox USING INDEX ix_outbox_dose_id (dose_id=?)"
    assert by_the_index in plans or not database.is_sqlite
    assert not [step for step in plans if step.startswith("SCAN")]
