"""The doctor finds what must not be, mends what is safe, and says both; a healthy bot has nothing to fear."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from bot.__main__ import main
from bot.operate.doctor import CHECKS, doctor, examine, sentence
from bot.store.tables import Card, Completion, Mark, Outgoing, Schedule, Subscription
from tests.house import House, subscribed


async def a_life(house: House) -> None:
    """Ana learns for three days, writes a line, and has a dose waiting for tomorrow; Bruno's trail runs dry."""
    ana = await subscribed(house.person("ana"))
    bruno = await subscribed(house.person("bruno"), trail="pictures")
    for day in (3, 4, 5):  # the second trail holds two things
        await house.forward_to(f"2026-03-0{day} 08:01")
        await ana.presses("Feito")
        if any(action.startswith("done:") for action in bruno.actions()):
            await bruno.presses("Feito")
    await ana.says("/nota a média esconde os extremos")


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


async def overdue(house: House) -> None:
    async with house.app.database.write() as session:
        old = house.app.now() - timedelta(hours=2)
        await session.execute(update(Subscription).where(Subscription.id == 1).values(next_due_at=old))


async def doubled(house: House) -> None:
    async with house.app.database.write() as session:
        first = (await session.scalars(select(Outgoing).where(Outgoing.kind == "dose").limit(1))).one()
        copy = {
            name: getattr(first, name)
            for name in (column.name for column in Outgoing.__table__.columns)
            if name not in ("id", "key")
        }
        await session.execute(insert(Outgoing).values(**copy, key="dose:again"))


async def orphaned(house: House) -> None:
    await _waiting(house, "orphan", kind="dose")


async def expired(house: House) -> None:
    await _waiting(house, "stuck", kind="notice", expires_at=house.app.now() - timedelta(days=1))


async def _waiting(house: House, key: str, **values: object) -> None:
    row = {"platform": "discord", "chat": "x", "facts": {}, "priority": 5, "not_before": house.app.now(), "key": key}
    async with house.app.database.write() as session:
        await session.execute(insert(Outgoing).values(**row, **values))


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
    await either_house.app._stop_rounds()  # they would mend some of it meanwhile
    left: dict[str, str | None] = {}
    for check in sorted(CHECKS, key=lambda check: check.mend is None):
        await ILLS[check.name](either_house)
        assert await findings(either_house) == {check.name: None, **left}
        mended = await findings(either_house, repair=True)
        assert (mended[check.name] is not None) == (check.mend is not None)
        left |= {check.name: None} if check.mend is None else {}
        assert await findings(either_house) == left


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


async def test_a_row_that_points_nowhere_is_named(house: House) -> None:
    await subscribed(house.person("ana"))
    async with house.app.database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver
        await driver.execute("PRAGMA foreign_keys=OFF")
        await driver.execute("DELETE FROM people WHERE id = 1")
        await connection.invalidate()
    assert "file" in await findings(house)


async def test_it_says_what_it_found_beside_a_running_bot(
    either_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    url = either_house.settings.database
    await subscribed(either_house.person("ana"))
    await silent(either_house)
    assert await doctor(url) == 1
    said = capsys.readouterr().out
    assert "gaps: 1 active subscriptions have no next dose (1)." in said
    assert "--repair" in said
    assert await doctor(url, repair=True) == 0
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
