"""Doses that lie further ahead than their timetable says are found and planned anew; what is later for a reason is left alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.claim import SETBACK
from bot.operate import doctor as doctoring
from bot.operate.doctor import Finding, examine
from bot.store.tables import Excuse, Schedule, Subscription
from tests.house import SAO_PAULO, House, subscribed


async def examined(house: House, **more: bool) -> list[Finding]:
    return await examine(house.app.database, house.app.now(), **more)


async def due_at(house: House) -> datetime | None:
    async with house.app.database.read() as session:
        return await session.scalar(select(Subscription.next_due_at).where(Subscription.id == 1))


async def comes_later_by(house: House, **by: float) -> None:
    """Somebody's next dose is further ahead, for no reason."""
    later = (await due_at(house) or house.app.now()) + timedelta(**by)
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).values(next_due_at=later))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO)


async def test_a_dose_that_is_too_far_ahead_is_found_and_comes_on_its_day(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"))
    await comes_later_by(either_house, days=1)
    (found,) = await examined(either_house)
    assert (found.name, found.rows, found.mended) == ("delays", (1,), None)
    (found,) = await examined(either_house, repair=True)
    assert (found.rows, found.mended) == ((1,), "their next dose is due at their next hour")
    assert await due_at(either_house) == local("2026-03-03 08:00")
    assert await examined(either_house) == []
    await either_house.forward_to("2026-03-03 08:01")
    assert "What is data?" in ana.sees()


async def test_the_day_of_a_dose_that_was_there_before_its_hour_is_not_planned_again(house: House) -> None:
    ana = await subscribed(house.person("ana"))
    await house.forward_to("2026-03-03 07:00")
    await ana.says("/hoje")
    assert await examined(house) == []
    await comes_later_by(house, days=1)
    assert [found.name for found in await examined(house, repair=True)] == ["delays"]
    assert await due_at(house) == local("2026-03-04 08:00")


async def on_mondays_alone(house: House) -> None:
    await house.person("ana").says("/dias seg")


async def in_a_pause(house: House) -> None:
    await house.person("ana").says("/pausa por 10 dias")


async def in_a_pause_that_is_still_to_begin(house: House) -> None:
    await house.person("ana").says("/pausa 4/3 a 20/3")
    await house.forward_to("2026-03-03 09:00")


async def back_from_a_pause(house: House) -> None:
    await in_a_pause(house)
    await house.forward(days=2)
    await house.person("ana").says("/voltar")


async def in_another_zone(house: House) -> None:
    await house.forward_to("2026-03-03 09:00")
    await house.person("ana").says("/fuso Tokyo")


async def at_another_hour(house: House) -> None:
    await house.forward_to("2026-03-03 09:00")
    await house.person("ana").says("/hora 7:00")


async def set_back(house: House) -> None:
    async with house.app.database.write() as session:
        in_an_hour = house.app.now() + SETBACK
        await session.execute(update(Subscription).values(next_day=date(2026, 3, 2), next_due_at=in_an_hour))


async def told_that_we_failed_them(house: House) -> None:
    await comes_later_by(house, days=1)
    async with house.app.database.write() as session:
        await session.execute(insert(Excuse).values(subscription_id=1, day=date(2026, 3, 3), why="lost"))


async def quiet(house: House) -> None:
    await house.forward_to("2026-03-14 08:01")


async def after_a_silence(house: House) -> None:
    await quiet(house)
    await house.person("ana").says("/ajuda")


@pytest.mark.parametrize(
    "later",
    [
        on_mondays_alone,
        in_a_pause,
        in_a_pause_that_is_still_to_begin,
        back_from_a_pause,
        in_another_zone,
        at_another_hour,
        set_back,
        told_that_we_failed_them,
        quiet,
        after_a_silence,
    ],
    ids=lambda later: later.__name__,
)
async def test_what_comes_later_for_a_reason_is_no_fault(
    house: House, later: Callable[[House], Awaitable[None]]
) -> None:
    await subscribed(house.person("ana"))
    await later(house)
    assert await examined(house) == []


async def test_a_trail_that_ran_dry_goes_on_at_its_next_hour(house: House) -> None:
    ana = await subscribed(house.person("ana"), trail="pictures")
    for day in (3, 4, 5):  # it holds two things
        await house.forward_to(f"2026-03-0{day} 08:01")
        if any(action.startswith("done:") for action in ana.actions()):
            await ana.presses("Feito")
    await house.forward_to("2026-03-07 09:00")
    async with house.app.database.write() as session:
        tomorrow = {"next_day": date(2026, 3, 8), "next_due_at": local("2026-03-08 08:00")}
        await session.execute(update(Subscription).values(**tomorrow))
    assert await examined(house) == []
    await comes_later_by(house, days=1)
    assert [found.name for found in await examined(house, repair=True)] == ["delays"]
    assert await due_at(house) == local("2026-03-08 08:00")


async def test_however_many_there_are_they_are_mended_page_by_page(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("ana", "bruno", "davi", "eva", "fabio"):
        await subscribed(either_house.person(who))
    await comes_later_by(either_house, days=2)
    pages = list[list[int]]()

    async def plan_next(session: AsyncSession, ids: list[int], now: datetime) -> str:
        pages.append(ids)
        return await mend(session, ids, now)

    (delays,) = (check for check in doctoring.CHECKS if check.name == "delays")
    mend = delays.mend
    assert mend
    monkeypatch.setattr(doctoring, "CHECKS", (delays._replace(mend=plan_next),))
    monkeypatch.setattr(doctoring, "PAGE", 2)
    told = [finding for finding in await examined(either_house, repair=True) if finding.name == "delays"]
    assert [finding.rows for finding in told] == [(1, 2, 3, 4, 5)]
    assert pages == [[1, 2], [3, 4], [5]]
    assert await due_at(either_house) == local("2026-03-03 08:00")


async def test_they_are_looked_at_in_pages(either_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("ana", "bruno", "davi", "eva", "fabio"):
        await subscribed(either_house.person(who))
    await comes_later_by(either_house, days=2)
    async with either_house.app.database.write() as session:
        await session.execute(update(Subscription).where(Subscription.id == 2).values(zone="Mars/Phobos"))
        await session.execute(update(Schedule).where(Schedule.subscription_id == 2).values(zone="Mars/Phobos"))
    monkeypatch.setattr(doctoring, "PAGE", 2)
    found = {finding.name: finding.rows for finding in await examined(either_house)}
    assert found["delays"] == (1, 3, 4, 5), "nobody knows the hour of a zone that nobody knows"
