"""The doctor finds what must not be, mends what is safe, and says both; a healthy bot has nothing to fear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import Connection, Integer, case, delete, event, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.__main__ import main
from bot.delivery import recompute
from bot.errors import NotSent
from bot.learning.timetable import zone_data_version
from bot.operate import doctor as doctoring
from bot.operate.doctor import CHECKS, Check, doctor, examine, sentence
from bot.store import remembered, soundness
from bot.store.database import Database
from bot.store.invariants import Query
from bot.store.lead import take_lead
from bot.store.locks import Lock
from bot.store.tables import Base, Card, Completion, Excuse, Mark, Outgoing, Schedule, Subscription
from tests.conftest import fresh_database
from tests.house import House, settings_for, subscribed


async def a_life(house: House) -> None:
    """Ana learns for three days and writes a line, Bruno's trail runs dry, and Davi never answers: we are quiet for him."""
    ana = await subscribed(house.person("ana"))
    bruno = await subscribed(house.person("bruno"), trail="pictures")
    await subscribed(house.person("davi"))
    for day in (3, 4, 5):  # the second trail holds two things
        await house.forward_to(f"2026-03-0{day} 08:01")
        await ana.presses("Feito")
        if any(action.startswith("done:") for action in bruno.actions()):
            await bruno.presses("Feito")
    await ana.says("/nota a média esconde os extremos")
    await house.forward_to("2026-03-13 08:01")  # the eleventh dose that nobody answered would be his


async def findings(house: House, **more: bool) -> dict[str, str | None]:
    found = await examine(house.app.database, house.app.now(), **more)
    return {finding.name: finding.mended for finding in found}


async def abandoned(house: House) -> None:
    async with house.app.database.write() as session:
        old = house.app.now() - timedelta(hours=2)
        newest = select(func.max(Outgoing.id)).where(Outgoing.subscription_id == 2).scalar_subquery()
        where = update(Outgoing).where(Outgoing.id == newest)
        await session.execute(where.values(state="sending", lease_until=old))


async def silent(house: House) -> None:
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).where(Subscription.id == 1).values(next_due_at=None))


async def delayed(house: House) -> None:
    async with house.app.database.write() as session:
        later = house.app.now() + timedelta(days=9)
        await session.execute(update(Subscription).where(Subscription.id == 1).values(next_due_at=later))


async def overdue(house: House) -> None:
    async with house.app.database.write() as session:
        old = house.app.now() - timedelta(hours=2)
        await session.execute(update(Subscription).where(Subscription.id == 1).values(next_due_at=old))


async def doubled(house: House) -> None:
    async with house.app.database.write() as session:
        went = select(Outgoing).where(Outgoing.kind == "dose", Outgoing.state == "sent")
        first = (await session.scalars(went.order_by(Outgoing.id).limit(1))).one()
        copy = {
            name: getattr(first, name)
            for name in (column.name for column in Outgoing.__table__.columns)
            if name not in ("id", "key")
        }
        await session.execute(insert(Outgoing).values(**copy, key="dose:again"))


async def orphaned(house: House) -> None:
    await _waiting(house, "orphan", kind="dose")


async def expired(house: House) -> None:
    await _waiting(house, "stuck", kind="notice", platform="terminal", expires_at=house.app.now() - timedelta(days=1))


async def _waiting(house: House, key: str, **values: object) -> None:
    row = {"platform": "discord", "chat": "x", "facts": {}, "priority": 5, "not_before": house.app.now(), "key": key}
    async with house.app.database.write() as session:
        await session.execute(insert(Outgoing).values(row | values))


async def unmarked(house: House) -> None:
    async with house.app.database.write() as session:
        await session.execute(delete(Mark).where(Mark.mark == "done"))


async def unkept(house: House) -> None:
    async with house.app.database.write() as session:
        await session.execute(delete(Completion).where(Completion.person_id == 1))


async def miscounted(house: House) -> None:
    async with house.app.database.write() as session:
        await session.execute(update(Card).values(reviewed=7))


async def without_schedule(house: House) -> None:
    async with house.app.database.write() as session:
        await session.execute(delete(Schedule).where(Schedule.subscription_id == 1))


ILLS = {
    "leases": abandoned,
    "gaps": silent,
    "delays": delayed,
    "overdue": overdue,
    "doubles": doubled,
    "orphans": orphaned,
    "expired": expired,
    "marks": unmarked,
    "completions": unkept,
    "reviews": miscounted,
    "schedules": without_schedule,
}


def test_every_check_has_its_ill() -> None:
    assert [check.name for check in CHECKS] == list(ILLS)


async def test_what_must_not_be_is_found_and_what_is_safe_is_mended(either_house: House) -> None:
    await a_life(either_house)
    assert await findings(either_house) == {}, "a healthy bot has nothing to fear"
    await either_house.app.post.stop_rounds()  # they would mend some of it meanwhile
    left: dict[str, str | None] = {}
    for check in sorted(CHECKS, key=lambda check: check.mend is None):
        await ILLS[check.name](either_house)
        assert await findings(either_house) == {check.name: None, **left}
        mended = await findings(either_house, repair=True)
        assert (mended[check.name] is not None) == (check.mend is not None)
        left |= {check.name: None} if check.mend is None else {}
        assert await findings(either_house) == left


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
async def test_each_ill_is_said_and_is_the_exit_code_until_it_is_mended(
    house: House, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_life(house)
    await house.app.post.stop_rounds()
    settings, now = house.settings, house.app.now()
    assert await doctor(settings, now) == 0
    await ILLS[check.name](house)
    capsys.readouterr()
    assert await doctor(settings, now) == 1
    said = capsys.readouterr().out
    assert f"\n{check.name}: " in said
    assert check.says in said
    assert ("--repair" in said) == (check.mend is not None)
    assert await doctor(settings, now, repair=True) == (0 if check.mend else 1)
    assert await doctor(settings, now) == (0 if check.mend else 1)


async def test_somebody_we_are_quiet_for_is_well_and_stays_so(house: House) -> None:
    await a_life(house)
    async with house.app.database.read() as session:
        quiet = select(Subscription.next_due_at).where(Subscription.silent_since.is_not(None))
        assert list(await session.scalars(quiet)) == [None]
    assert await findings(house, repair=True) == {}
    async with house.app.database.read() as session:
        assert list(await session.scalars(quiet)) == [None]


async def test_a_dose_that_is_given_up_was_our_failure(either_house: House) -> None:
    app = either_house.app
    await subscribed(either_house.person("ana"))
    either_house.door.fails_next(NotSent("connection refused"), times=1000)
    await either_house.forward_to("2026-03-03 08:00:05")
    await app.post.stop_rounds()
    app.present.move_to(app.now() + timedelta(days=1))
    assert await findings(either_house, repair=True) == {"expired": "given up"}
    async with app.database.read() as session:
        assert [(one.day.day, one.why) for one in await session.scalars(select(Excuse))] == [(3, "lost")]
        states = select(Outgoing.state, Outgoing.reason).where(Outgoing.kind == "dose")
        assert [tuple(row) for row in await session.execute(states)] == [("dead", "given up by doctor")]


async def test_only_what_was_found_is_taken_up(either_house: House) -> None:
    app, now = either_house.app, either_house.app.now()
    await app.post.stop_rounds()
    for key, ended in (("long ago", timedelta(hours=1)), ("just now", timedelta(seconds=1))):
        await _waiting(either_house, key, kind="notice", state="sending", attempts=1, lease_until=now - ended)
    assert list(await findings(either_house, repair=True)) == ["leases"]
    async with app.database.read() as session:
        rows = {row.key: (row.state, row.doubts) for row in await session.scalars(select(Outgoing))}
    assert rows == {"long ago": ("uncertain", 1), "just now": ("sending", 0)}


async def test_what_waits_for_a_platform_that_is_not_set_up_is_said_and_no_fault(
    either_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    app, now = either_house.app, either_house.app.now()
    await subscribed(either_house.person("ana"))
    await app.post.stop_rounds()
    long_ago = now - timedelta(days=2)
    async with app.database.write() as session:
        await session.execute(update(Subscription).values(platform="discord", next_due_at=long_ago))
    await _waiting(either_house, "old", kind="notice", not_before=long_ago, expires_at=long_ago)
    assert await doctor(either_house.settings, now) == 0
    said = capsys.readouterr().out
    assert "Messages that wait: 0. Doses that are due and not claimed yet: 0." in said
    assert "1 doses wait for Discord, which is not set up." in said
    with_a_token = either_house.settings.model_copy(update={"discord_token": SecretStr("token")})
    assert await doctor(with_a_token, now) == 1
    said = capsys.readouterr().out
    assert "not set up" not in said
    assert "overdue: 1" in said
    assert "expired: 1" in said


async def test_it_says_how_things_stand(either_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    app, now = either_house.app, either_house.app.now()
    await subscribed(either_house.person("ana"))
    await app.post.stop_rounds()
    for key in ("on its way", "late"):
        await _waiting(either_house, key, kind="notice", platform="terminal", not_before=now - timedelta(minutes=5))
    async with app.database.write() as session:
        taken = update(Outgoing).where(Outgoing.key == "on its way")
        await session.execute(taken.values(state="sending", lease_until=now + timedelta(seconds=90)))
    assert await doctor(either_house.settings.model_copy(update={"paid_broadcast": True}), now) == 0
    schema, leader, queue, leases, pace, *_ = capsys.readouterr().out.splitlines()
    newest = ScriptDirectory(str(files("migrations"))).get_current_head()
    assert schema == f"Schema {newest}, the newest. Zone data {zone_data_version()}, and what is due goes by it."
    assert queue == "Messages that wait: 1, the oldest for 5 minutes. Doses that are due and not claimed yet: 0."
    assert leases == "Messages on their way: 1; the oldest lease ends in 90 s."
    assert pace == (
        "Doses a second, at most: 1000 on Telegram, 25 on Discord."
        " Paid broadcast is on: beyond 30 a second each costs the bot Stars."
    )
    assert leader.startswith("A process leads" if app.database.is_sqlite else "Nobody leads"), (
        "this one plays in a terminal"
    )


async def test_it_says_who_leads_and_what_a_start_would_change(
    either_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    app, now = either_house.app, either_house.app.now()
    async with app.database.write() as session:
        await remembered.remember(session, recompute.NAME, "1970a-0")
    lead = await take_lead(app.database, Lock.LEADING)
    assert lead
    assert await doctor(either_house.settings, now + timedelta(minutes=3)) == 0
    said = capsys.readouterr().out
    assert "what is due goes by 1970a-0 until the next start" in said
    assert "A process leads: it sends the doses." in said
    assert "Messages that wait: 0. Doses that are due and not claimed yet: 0." in said
    assert "25 on Telegram, 25 on Discord. Paid broadcast is off: nothing costs Stars." in said
    await lead.give_back()


async def test_a_mended_gap_ends_in_a_dose(house: House) -> None:
    await subscribed(house.person("ana"))
    await silent(house)
    await examine(house.app.database, house.app.now(), repair=True)
    house.person("ana").sees()
    await house.forward(days=1)
    assert house.person("ana").sees() != ""


async def test_a_card_that_cannot_be_read_is_named(house: House) -> None:
    await a_life(house)
    async with house.app.database.write() as session:
        await session.execute(update(Card).values(state="nonsense"))
    assert await findings(house) == {"cards": None}


@pytest.mark.of_a_file
async def test_a_row_that_points_nowhere_is_named(house: House) -> None:
    await subscribed(house.person("ana"))
    async with house.app.database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver
        await driver.execute("PRAGMA foreign_keys=OFF")
        await driver.execute("DELETE FROM people WHERE id = 1")
        await connection.invalidate()
    found = await examine(house.app.database, house.app.now())
    said = [sentence(finding) for finding in found if finding.name == "pointers"]
    assert "pointers: 1 rows of subscriptions point to a row of people that is not there (1)." in said


async def test_it_says_what_it_found_beside_a_running_bot(
    either_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, now = either_house.settings, either_house.app.now()
    await subscribed(either_house.person("ana"))
    await silent(either_house)
    assert await doctor(settings, now) == 1
    said = capsys.readouterr().out
    assert "gaps: 1 active subscriptions have no next dose (1)." in said
    assert "--repair" in said
    assert await doctor(settings, now, repair=True) == 0
    assert "their next dose is due at their next hour" in capsys.readouterr().out


def test_an_old_schema_is_said_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path}/empty.sqlite")
    assert main(["doctor"]) == 1
    assert "run `trilha migrate` first" in capsys.readouterr().out


async def test_many_rows_are_named_in_part(house: House) -> None:
    for number in range(12):
        await _waiting(house, f"orphan{number}", kind="dose")
    (finding,) = await examine(house.app.database, house.app.now())
    assert sentence(finding).startswith("orphans: 12 messages carry a dose that is not there (")
    assert sentence(finding).endswith(", …).")


SPOILT = {
    "zones": (
        "UPDATE subscriptions SET zone = 'Mars/Phobos'",
        "subscriptions.zone name a zone nobody knows, “Mars/Phobos”",
    ),
    "days": ("UPDATE schedules SET days = 'abc'", "schedules.days hold “abc”"),
    "values": ("UPDATE subscriptions SET state = 'weird'", "“weird”, which is none of draft, active, paused, stopped"),
    "json": ("UPDATE subscriptions SET topics = '[1,'", "subscriptions.topics hold what is no JSON"),
}
NO_JSON = pytest.param("json", marks=pytest.mark.of_a_file)  # PostgreSQL takes none in


@pytest.mark.parametrize("name", [name if name != "json" else NO_JSON for name in SPOILT])
async def test_a_row_that_makes_no_sense_is_named_and_left_alone(
    house: House, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_life(house)
    await house.app.post.stop_rounds()
    statement, says = SPOILT[name]
    async with house.app.database.write() as session:
        await session.execute(text(f"{statement} WHERE {'subscription_id' if name == 'days' else 'id'} = 2"))
    for repair in (False, True):
        assert await doctor(house.settings, house.app.now(), repair=repair) == 1
        said = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{name}: "))
        assert says in said
        assert "(2" in said


async def test_an_outcome_that_is_none_is_named_on_either_engine(either_house: House) -> None:
    await a_life(either_house)
    async with either_house.app.database.write() as session:
        await session.execute(text("UPDATE doses SET outcome = 'nonsense' WHERE id = 1"))
    (finding,) = (
        one for one in await examine(either_house.app.database, either_house.app.now()) if one.name == "values"
    )
    assert finding.rows == ("1",)


async def test_no_repair_is_claimed_where_the_zone_is_unknown(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await subscribed(house.person("ana"))
    await subscribed(house.person("bruno"))
    await house.app.post.stop_rounds()
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).values(next_due_at=None))
        for table in (Subscription, Schedule):
            await session.execute(update(table).where(key_of(table) == 2).values(zone="Mars/Phobos"))
    assert await doctor(house.settings, house.app.now(), repair=True) == 1
    said = capsys.readouterr().out
    assert "gaps: 1 active subscriptions have no next dose (1): their next dose is due at their next hour." in said
    assert "gaps: 1 active subscriptions have no next dose (2)." in said


def key_of(table: type[Subscription | Schedule]) -> InstrumentedAttribute[int]:
    return Schedule.subscription_id if table is Schedule else Subscription.id


async def test_a_table_that_is_gone_is_named(either_house: House, capsys: pytest.CaptureFixture[str]) -> None:
    async with either_house.app.database.write() as session:
        await session.execute(text("DROP TABLE outbox"))
    assert await doctor(either_house.settings, either_house.app.now()) == 1
    assert "tables: there is no table outbox; only a backup" in capsys.readouterr().out


def test_every_value_that_the_check_knows_is_in_a_column() -> None:
    for place in (*soundness.KNOWN, *soundness.ZONES, *soundness.DAYS):
        table, _, column = place.partition(".")
        assert column in Base.metadata.tables[table].columns


TAKES_LONG = func.coalesce(func.current_setting("trilha.has_time", True), "0").cast(Integer) == 1
"""What no transaction may look at that is cut off after a while; no row is like that."""


def has_little_time(database: Database) -> None:
    """Whatever transaction has a limit refuses what takes long."""

    def mark(connection: Connection) -> None:
        connection.exec_driver_sql("SET LOCAL trilha.has_time TO little")

    event.listen(database.engine.sync_engine, "begin", mark)


async def test_a_check_may_take_longer_than_the_bot_itself_would_wait(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await House(settings_for(tmp_path, database_url=fresh_database(request, "postgresql", tmp_path))).open()
    await house.app.post.stop_rounds()
    for key in ("large", "stuck"):
        await _waiting(house, key, kind="notice")
    doctors = Database(house.settings.database)
    has_little_time(doctors)

    async def zones(session: AsyncSession) -> AsyncIterator[soundness.Oddity]:
        await session.execute(select(TAKES_LONG))
        for lent in list(doctors._lending._lent.values()):
            lent.terminate()
        await session.execute(select(1))
        yield soundness.Oddity("rooms.zone", "Mars/Phobos", ("1",))

    def slow(_: datetime) -> Query:
        return select(Outgoing.id).where(case((Outgoing.key == "large", TAKES_LONG), else_=Outgoing.state == "due"))

    bury = next(check.mend for check in CHECKS if check.name == "expired")
    with monkeypatch.context() as large:
        large.setattr(soundness, "unknown_zones", zones)
        large.setattr(doctoring, "CHECKS", (Check("slow", "…", slow, bury),))
        looks = [await examine(doctors, house.app.now(), repair=repair) for repair in (False, True, False)]
    await doctors.close()
    await house.close()
    found = [{finding.name: finding.mended for finding in look} for look in looks]
    assert found == [{"zones": None, "slow": None}, {"zones": None, "slow": "given up"}, {"zones": None}]
