"""The database is the referee, on SQLite and on PostgreSQL: what may happen once happens once, and instants survive."""

from __future__ import annotations

import asyncio
import sqlite3
import traceback
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, inspect, literal, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.errors import DatabaseInUse
from bot.store import completions, outbox, people, remembered, subscriptions
from bot.store import database as database_module
from bot.store.database import PRAGMAS, Database
from bot.store.tables import Base, Completion, Outgoing, Person, Subscription, UtcTime

NOON = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PRAGMAS_OF_THE_BOT = dict(PRAGMAS)
"""As they are where no test has them waived."""


async def test_two_may_remember_a_thing_at_the_same_instant(database_url: str) -> None:
    both = [Database(database_url) for _ in range(2)]

    async def remember(one: Database, name: str) -> None:
        async with one.write() as session:
            await remembered.remember(session, name, "trilha_bot")

    for number in range(10):
        await asyncio.gather(*(remember(one, f"name {number}") for one in both))
    async with both[0].read() as session:
        assert len(await remembered.recall_all(session, "name ")) == 10
    for one in both:
        await one.close()


@pytest.mark.parametrize("patiently", [False, True])
async def test_what_people_wrote_stays_out_of_what_an_error_says(database: Database, patiently: bool) -> None:
    wrote = {"name": "Ana Souza"}
    with pytest.raises(IntegrityError) as refused:
        async with database.read(patiently=True) if patiently else database.write() as session:
            await session.execute(text("INSERT INTO people (name, language) VALUES (:name, 'pt-BR')"), wrote)
    assert "people" in str(refused.value)
    assert "Souza" not in "".join(traceback.format_exception(refused.value))


async def somebody(session: AsyncSession, name: str = "ana") -> tuple[Person, Subscription]:
    person = await people.add(session, "terminal", name, name=name, language="en", now=NOON)
    subscription = Subscription(
        owner=f"person:{person.id}",
        person_id=person.id,
        platform="terminal",
        chat=name,
        trail="first-steps",
        minutes=15,
        hour=time(8),
        turn=time(4),
        zone="UTC",
        days="1234567",
        state="active",
        next_day=date(2026, 3, 2),
        next_due_at=NOON,
    )
    session.add(subscription)
    await session.flush()
    return person, subscription


def row(key: str, **given: object) -> dict[str, object]:
    return {
        "key": key,
        "kind": "notice",
        "platform": "terminal",
        "chat": "ana",
        "facts": {},
        "not_before": NOON,
    } | given


async def test_an_instant_comes_back_as_it_went_in(database: Database) -> None:
    instant = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=ZoneInfo("America/Sao_Paulo"))
    async with database.write() as session:
        session.add(Person(name="ana", language="en", met_at=instant))
    async with database.read() as session:
        found = await session.scalar(select(Person.met_at))
    assert found == instant
    assert found is not None
    assert found.utcoffset() == timedelta()


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        async with database.write() as session:
            await people.add(session, "terminal", "ana", name="ana", language="en", now=datetime(2026, 3, 2))  # noqa: DTZ001


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_every_aware_instant_is_stored_as_the_same_instant(instant: datetime) -> None:
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        stored = UtcTime().process_bind_param(instant, dialect)
        assert UtcTime().process_result_value(stored, dialect) == instant.astimezone(UTC)


INSTANTS = [
    column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if "TIMESTAMP" in column.type.compile(postgresql.dialect())
]
"""Every column of every table that holds an instant, whatever type it was given."""


def test_every_instant_has_the_one_type_that_refuses_naive_ones() -> None:
    assert len(INSTANTS) > 50
    assert [str(column) for column in INSTANTS if type(column.type) is not UtcTime] == []


async def test_every_column_gives_back_the_instant_it_was_given_and_takes_no_naive_one(database: Database) -> None:
    at = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Kathmandu"))
    async with database.engine.connect() as connection:
        for column in INSTANTS:
            assert await connection.scalar(select(literal(at, column.type))) == at
            with pytest.raises(StatementError, match="naive"):
                await connection.scalar(select(column).where(column == at.replace(tzinfo=None)))


async def test_two_writers_lose_no_update(database: Database) -> None:
    async with database.write() as session:
        await somebody(session)

    async def add_one() -> None:
        async with database.write() as session:
            found = await people.find(session, "terminal", "ana")
            assert found
            found.name = str(int(found.name) + 1) if found.name.isdigit() else "1"

    await asyncio.gather(*(add_one() for _ in range(12)))
    async with database.read() as session:
        assert await session.scalar(select(Person.name)) == "12"


async def test_ten_presses_at_once_make_one_completion(database: Database) -> None:
    async with database.write() as session:
        person, _ = await somebody(session)

    async def press() -> bool:
        async with database.write() as session:
            return await completions.complete(
                session, person_id=person.id, key="dose:1", kind="done", dose=None, at=NOON, zone="UTC", day=NOON.date()
            )

    assert sorted(await asyncio.gather(*(press() for _ in range(10)))) == [False] * 9 + [True]
    async with database.read() as session:
        assert await session.scalar(select(func.count(Completion.id))) == 1


async def test_a_state_that_is_in_no_table_is_refused(database: Database) -> None:
    async with database.read() as session:
        with pytest.raises(StatementError, match="actve"):
            await session.execute(select(Subscription.id).where(Subscription.state == "actve"))
    with pytest.raises(StatementError, match="actve"):
        async with database.write() as session:
            await session.execute(update(Subscription).values(state="actve"))


async def test_a_row_is_taken_by_one_sender_only(database: Database) -> None:
    async with database.write() as session:
        [(row_id, _)] = await outbox.put(session, [row("a")])

    async def take() -> bool:
        async with database.write() as session:
            return bool(await outbox.take(session, [row_id], NOON, timedelta(seconds=90)))

    assert sum(await asyncio.gather(*(take() for _ in range(8)))) == 1


async def test_a_key_is_written_once(database: Database) -> None:
    async with database.write() as session:
        assert len(await outbox.put(session, [row("a"), row("b")])) == 2
    async with database.write() as session:
        assert [key for _, key in await outbox.put(session, [row("a"), row("c")])] == ["c"]


async def test_what_is_too_early_expired_or_held_is_not_handed_out(database: Database) -> None:
    async with database.write() as session:
        await outbox.put(session, [row("now"), row("later", not_before=NOON + timedelta(minutes=1))])
        await outbox.put(session, [row("held", lease_until=NOON + timedelta(minutes=1))])
        await outbox.put(session, [row("elsewhere", platform="discord")])
        waiting = await outbox.waiting(session, ["terminal"], NOON, 10)
        keys = list(await session.scalars(select(Outgoing.key).where(Outgoing.id.in_([one.row_id for one in waiting]))))
    assert keys == ["now"]


async def test_two_processes_never_claim_the_same_subscription(database: Database) -> None:
    async with database.write() as session:
        for number in range(6):
            await somebody(session, f"person{number}")

    async def claim() -> list[int]:
        async with database.write() as session:
            due = await subscriptions.due_by(session, ["terminal"], NOON, 3)
            await asyncio.sleep(0.05)
            for subscription in due:
                subscriptions.set_due(subscription, None)
            return [subscription.id for subscription in due]

    first, second = await asyncio.gather(claim(), claim())
    assert len(first) == len(second) == 3
    assert not set(first) & set(second)


async def test_what_a_pause_or_change_takes_back_is_gone_and_what_is_on_its_way_stays(database: Database) -> None:
    async with database.write() as session:
        _, subscription = await somebody(session)
        await outbox.put(session, [row("waiting", kind="dose", subscription_id=subscription.id)])
        await outbox.put(session, [row("going", kind="dose", subscription_id=subscription.id, state="sending")])
        await outbox.withdraw(session, subscription.id)
        assert list(await session.scalars(select(Outgoing.key))) == ["going"]


@pytest.mark.parametrize(
    ("values", "left", "went"),
    [
        ({"state": "due"}, [], False),
        ({"state": "retry"}, [], False),
        ({"state": "retry", "flagged": True}, ["dose", "verdict:1:1"], True),
        ({"state": "uncertain", "doubts": 1}, ["dose", "verdict:1:1"], True),
        ({"state": "sent"}, ["dose", "verdict:1:1"], True),
        ({"state": "dead"}, ["dose", "verdict:1:1"], False),
    ],
)
async def test_only_what_nobody_can_have_seen_is_taken_back(
    database: Database, values: dict[str, object], left: list[str], went: bool
) -> None:
    async with database.write() as session:
        person, subscription = await somebody(session)
        await outbox.put(session, [row("dose", kind="dose", subscription_id=subscription.id, **values)])
        await outbox.put(session, [row("verdict:1:1", person_id=person.id, **values)])
        await outbox.withdraw(session, subscription.id)
        assert await outbox.withdraw_named(session, "verdict:1:", [person.id]) is went
        assert sorted(await session.scalars(select(Outgoing.key))) == left


async def test_a_chat_that_moves_takes_its_rows_along(database: Database) -> None:
    async with database.write() as session:
        await somebody(session)
        await outbox.put(session, [row("a")])
        await outbox.move(session, Address("terminal", "ana"), Address("terminal", "anas-new-chat"))
        assert await session.scalar(select(Outgoing.chat)) == "anas-new-chat"
        assert await session.scalar(select(Subscription.chat)) == "anas-new-chat"


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(Completion(person_id=99, key="x", kind="done", at=NOON, zone="UTC", day=NOON.date()))


async def test_an_exception_takes_everything_back(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as session:
            await somebody(session)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.read() as session:
        assert await session.scalar(select(func.count(Person.id))) == 0


async def test_the_migrated_schema_is_the_drawn_one(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), Base.metadata)
        )
    assert differences == []


async def test_indexes_carry_the_queries_of_every_round(database: Database) -> None:
    async with database.engine.connect() as connection:
        indexes = await connection.run_sync(
            lambda sync: {
                index["name"] for name in ("subscriptions", "outbox") for index in inspect(sync).get_indexes(name)
            }
        )
    assert {"ix_subscriptions_due", "ix_outbox_waiting"} <= indexes


async def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "PRAGMAS", PRAGMAS_OF_THE_BOT)
    database = Database(f"sqlite:///{tmp_path / 'trilha.sqlite'}")
    async with database.read() as session:
        pragmas = {
            name: (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    await database.close()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


async def test_one_process_reserves_a_file_and_any_number_share_a_server(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))
    database.reserve()
    database.reserve()  # it is ours already
    if database.is_sqlite:
        with pytest.raises(DatabaseInUse):
            other.reserve()
    await database.close()
    other.reserve()
    await other.close()


async def test_facts_are_found_by_the_beginning_of_their_name_and_forgotten(database: Database) -> None:
    async with database.write() as session:
        for name in ("door.aside.1", "door.aside.2", "doorXasideX3", "door.menu"):
            await remembered.remember(session, name, f"of {name}")
        await remembered.forget(session, "door.aside.1")
        await remembered.forget(session, "door.aside.9")
    async with database.read() as session:
        assert await remembered.recall_all(session, "door.aside.") == {"door.aside.2": "of door.aside.2"}


async def test_a_file_is_reserved_under_each_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "alias.sqlite").symlink_to("real.sqlite")
    one, other = (Database(f"sqlite:///{tmp_path}/{name}.sqlite") for name in ("real", "alias"))
    one.reserve()
    assert other.is_reserved
    with pytest.raises(DatabaseInUse):
        other.reserve()
    await one.close()
    await other.close()


async def test_a_writer_waits_for_another_process_until_we_are_about_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_WITHIN", float("inf"))
    file = Database(f"sqlite:///{tmp_path / 'trilha.sqlite'}")

    async def write() -> None:
        async with file.write() as session:
            await session.execute(text("CREATE TABLE IF NOT EXISTS told (once)"))

    await write()
    other = sqlite3.connect(tmp_path / "trilha.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    patient = asyncio.create_task(write())
    await asyncio.sleep(0.7)  # longer than a step
    assert not patient.done()
    other.execute("ROLLBACK")
    await patient
    other.execute("BEGIN IMMEDIATE")
    late = asyncio.create_task(write())
    await asyncio.sleep(0.1)
    file.hurry(0.1)
    with pytest.raises(OperationalError, match="locked"):
        await asyncio.wait_for(late, 30)
    other.close()
    await file.close()
