"""Who is claimed, in which order, and what happens to those who change their mind, or their rows, on the way."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import correlation
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.chat import MessageRef
from bot.delivery import keep, rounds
from bot.delivery.recompute import recompute_due
from bot.delivery.refused import FIRST_REST
from bot.delivery.window import LARGEST_WINDOW, WINDOW, runs_out, window_at
from bot.learning.schedule import Due
from bot.learning.timetable import find_zone, zone_data_version
from bot.planning import dose as planning
from bot.store import appointments, subscriptions
from bot.store import catalog as kept_catalog
from bot.store.database import Database
from bot.store.tables import Appointment, Dose, Excuse, Offer, Outgoing, Schedule, Subscription
from tests.delivery.crowd import EIGHT_IN_SAO_PAULO, FIRST_DAY, FIRST_DUE, chat_of, copies, crowd
from tests.house import House, given_role, subscribed

DOSE = "What is data?"
DAY = timedelta(days=1)


def windows(caplog: pytest.LogCaptureFixture) -> list[int]:
    """How many doses each window claimed."""
    events = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [event["doses"] for event in events if event["event"] == "delivery.claimed"]


async def claimed(house: House) -> None:
    """Everything due at 08:00 on Tuesday is claimed and waits for its alarm."""
    await house.forward_to("2026-03-03 07:59:50")
    await house.app.rounds.go()
    assert house.door.sent == []


# ------------------------------------------------------------------------------------------------------------ windows


async def test_a_herd_gets_one_dose_each_in_windows(house: House, caplog: pytest.LogCaptureFixture) -> None:
    await crowd(house.app.database, 1200)
    await house.forward_to("2026-03-03 07:59")
    assert house.door.sent == []
    await house.forward_to("2026-03-03 08:01")
    assert copies(house.door) == {f"p{number}": 1 for number in range(1, 1201)}
    assert sum(windows(caplog)) == 1200
    assert max(windows(caplog)) <= WINDOW == 500


def send_in_windows_of(window: int, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.app.senders["terminal"].window = window
    monkeypatch.setattr(rounds, "PART", min(window, rounds.PART))


@pytest.mark.parametrize("window", [500, 40])
async def test_the_order_is_by_lot_and_another_one_each_day(
    house: House, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    send_in_windows_of(window, house, monkeypatch)
    count = 200
    await crowd(house.app.database, count)
    await house.forward_to("2026-03-05 09:00")
    ranks = []
    for day in range(3):
        order = [sent.to.chat for sent in house.door.sent[day * count : (day + 1) * count]]
        ranks.append([order.index(f"p{number}") for number in range(1, count + 1)])
    first, second, third = ranks
    for one, other in ((first, second), (second, third), (first, third), (first, list(range(count)))):
        assert abs(correlation(one, other)) < 0.2


@pytest.mark.parametrize("window", [500, 20])
async def test_after_hours_down_what_is_due_goes_in_due_order(
    house: House, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    send_in_windows_of(window, house, monkeypatch)
    hours = (9, 7, 10, 8)
    for place, hour in enumerate(hours):
        slot = replace(EIGHT_IN_SAO_PAULO, hour=time(hour), due=FIRST_DUE + timedelta(hours=hour - 8))
        await crowd(house.app.database, 30, slot, first=1 + 30 * place)
    house.app.present.move_to(FIRST_DUE + timedelta(hours=3, minutes=30))
    await house.app.settle()
    went = [hours[(int(sent.to.chat.removeprefix("p")) - 1) // 30] for sent in house.door.sent]
    assert went == sorted(went)
    assert len(went) == 120


async def test_a_herd_is_counted_once_a_minute_and_not_for_each_of_its_windows(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.app.senders["terminal"].window = 20
    monkeypatch.setattr(rounds, "PART", 20)
    counted: list[datetime] = []

    async def foresee(platform: str, claimed: int, now: datetime) -> None:
        counted.append(now)

    monkeypatch.setattr(house.app.rounds, "_foresee", foresee)
    await crowd(house.app.database, 200)
    await house.forward_to("2026-03-03 08:00")
    assert len(copies(house.door)) == 200
    assert len(counted) < 5
    before = len(counted)
    await house.forward_to("2026-03-04 08:00")
    assert len(counted) > before


async def test_owners_hear_once_of_a_queue_that_takes_long(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.app.senders["terminal"].window = 20
    for name, value in (("PART", 20), ("FORESEE_EVERY", timedelta())):
        monkeypatch.setattr(rounds, name, value)
    monkeypatch.setattr(house.app.rounds, "_pace_of", lambda _: 0.2)  # a quarter of an hour and more for two hundred
    dora = await given_role(house, "dora", "owner")
    await crowd(house.app.database, 200, first=100)
    await house.forward_to("2026-03-03 08:00")
    assert (
        dora.sees().count("200 doses are due at the same minute; the last of them will be about 17 minutes late.") == 1
    )


async def test_the_next_window_waits_for_the_one_before(house: House) -> None:
    await crowd(house.app.database, WINDOW + 1)
    await claimed(house)
    assert await house.app.rounds.go() == 0
    async with house.app.database.read() as session:
        assert await session.scalar(select(func.count(Dose.id))) == WINDOW


async def test_the_next_window_is_claimed_while_the_last_of_the_one_before_still_wait(house: House) -> None:
    await crowd(house.app.database, WINDOW + 1)
    await claimed(house)
    for ticket in house.app.rounds.ahead[: WINDOW - runs_out(WINDOW)]:
        house.app.rounds._take(ticket)
    await house.app.senders["terminal"].at_rest()
    await house.app.rounds.go()  # or the one that the senders asked for
    assert len(house.app.rounds.ahead) == runs_out(WINDOW) + 1


def test_a_window_lasts_for_a_while_at_every_pace() -> None:
    assert [window_at(pace) for pace in (1, 25, 30, 1_000, 100_000)] == [WINDOW, 500, 600, 20_000, LARGEST_WINDOW]


# ------------------------------------------------------------------------------------------------ rows that are broken


async def test_a_zone_nobody_knows_stops_nobody_else(either_house: House) -> None:
    await crowd(either_house.app.database, 5)
    await set_zone(either_house, 3, "Nowhere/Atlantis")
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {"p1": 1, "p2": 1, "p4": 1, "p5": 1}
    await set_zone(either_house, 3, "America/Sao_Paulo")
    await either_house.forward_to("2026-03-03 10:00")
    assert copies(either_house.door)["p3"] == 1


async def test_a_due_row_without_a_day_stops_nobody_else(either_house: House) -> None:
    await crowd(either_house.app.database, 3)
    async with either_house.app.database.write() as session:
        await session.execute(update(Subscription).where(Subscription.id == 2).values(next_day=None))
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {"p1": 1, "p3": 1}


async def test_a_word_that_only_a_newer_version_knows_stops_nobody(either_house: House) -> None:
    await crowd(either_house.app.database, 3)
    async with either_house.app.database.write() as session:
        await session.execute(text("UPDATE subscriptions SET goal = 'monthly' WHERE id = 2"))
        await session.execute(text("UPDATE people SET role = 'gardener' WHERE id = 3"))
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {"p1": 1, "p2": 1, "p3": 1}


async def test_a_zone_nobody_knows_does_not_keep_the_program_from_starting(either_house: House) -> None:
    await crowd(either_house.app.database, 3)
    await set_zone(either_house, 2, "Nowhere/Atlantis")
    async with either_house.app.database.write() as session:
        await session.execute(text("DELETE FROM remembered"))
    await either_house.restart()
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {"p1": 1, "p3": 1}


async def test_an_appointment_that_makes_no_sense_stops_nothing(either_house: House) -> None:
    await crowd(either_house.app.database, 2)
    async with either_house.app.database.write() as session:
        await appointments.make(session, 1, "snooze", "no number", FIRST_DUE)
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {"p1": 1, "p2": 1}
    assert await either_house.count(Appointment) == 0


@pytest.mark.parametrize("when", ["it is looked into", "it is written down"])
async def test_an_appointment_that_the_database_refuses_takes_no_other_along(
    either_house: House, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    ana, bruno = [await subscribed(either_house.person(name)) for name in ("ana", "bruno")]
    for person in (ana, bruno):
        await person.says("/lembrete 20:00")
    keep_nudge = keep.KINDS["nudge"]

    async def nudge(session: AsyncSession, catalog: Catalog, appointment: Appointment, *more: Any) -> keep.Row | None:
        if appointment.person_id == 1 and when == "it is looked into":
            await session.execute(text("SELECT no_such_thing"))
        row = await keep_nudge(session, catalog, appointment, *more)
        return row and (row | {"key": None} if appointment.person_id == 1 else row)

    monkeypatch.setitem(keep.KINDS, "nudge", nudge)
    await either_house.forward_to("2026-03-03 08:10")
    ana.sees(), bruno.sees()
    await either_house.forward_to("2026-03-03 20:30")
    assert (ana.sees(), bruno.sees().count(DOSE)) == ("", 1)
    monkeypatch.setitem(keep.KINDS, "nudge", keep_nudge)
    await either_house.forward_to("2026-03-03 21:30")
    assert ana.sees().count(DOSE) == 1


async def test_somebody_whose_dose_the_database_refuses_stops_nobody_else(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(either_house.app.database, 3)

    refuse(monkeypatch, [2])
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {"p1": 1, "p3": 1}
    async with either_house.app.database.read() as session:
        set_back = await session.scalar(select(Subscription.next_due_at).where(Subscription.id == 2))
    assert set_back is not None
    assert set_back > FIRST_DUE


def refuse(monkeypatch: pytest.MonkeyPatch, numbers: Collection[int]) -> None:
    """The database refuses the doses of these people."""

    def plan(catalog: Catalog, subscription: Subscription, *given: Any, **named: Any) -> Dose:
        dose = planning.plan(catalog, subscription, *given, **named)
        if subscription.id in numbers:
            dose.resource_id = "no resource of ours"
        return dose

    monkeypatch.setattr("bot.delivery.claim.plan", plan)


async def test_where_the_database_refuses_every_dose_nobody_is_set_back(
    either_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    count = 60
    await crowd(either_house.app.database, count)
    with monkeypatch.context() as trouble:
        refuse(trouble, range(1, count + 1))
        await either_house.forward_to("2026-03-03 08:00")
        async with either_house.app.database.read() as session:
            assert set(await session.scalars(select(Subscription.next_due_at))) == {FIRST_DUE}
    assert set(errors(caplog)) == {"claim.refused_to_all"}
    await either_house.forward_to("2026-03-03 08:01")
    assert copies(either_house.door) == {f"p{number}": 1 for number in range(1, count + 1)}


async def test_neighbours_whose_doses_are_refused_stop_nobody_else_for_long(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(either_house.app.database, 12)
    async with either_house.app.database.write() as session:  # the first in the line
        await session.execute(update(Subscription).where(Subscription.id <= 5).values(lot=-1))
    refuse(monkeypatch, range(1, 6))
    await either_house.forward_to("2026-03-03 08:00")
    for _ in range(2):
        await either_house.app.rounds.go()
    await either_house.app.settle()
    assert copies(either_house.door) == {f"p{number}": 1 for number in range(6, 13)}


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log calls errors, in order."""
    return [record.msg["event"] for record in caplog.records if record.levelname == "ERROR"]


async def test_somebody_refused_alone_is_left_in_peace_for_a_while_and_holds_up_nobody(
    either_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await crowd(either_house.app.database, 2)
    await set_due_at(either_house.app.database, 2, FIRST_DUE + timedelta(minutes=10))
    await either_house.app.post.stop_rounds()  # none but these
    refuse(monkeypatch, [1])
    for after, refused in (
        (timedelta(), 1),
        (FIRST_REST - timedelta(seconds=1), 1),
        (FIRST_REST, 2),
        (2 * FIRST_REST, 2),
    ):
        with monkeypatch.context() as clock:
            clock.setattr(either_house.app.rounds, "_now", lambda after=after: FIRST_DUE + after)
            await either_house.app.rounds.go()
        assert errors(caplog) == ["claim.refused_alone"] * refused
    await either_house.forward_to("2026-03-03 08:10")
    assert copies(either_house.door) == {"p2": 1}


async def test_trouble_that_is_everybodys_is_told_once_a_round(
    either_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await crowd(either_house.app.database, 12)
    async with either_house.app.database.write() as session:
        await session.execute(update(Subscription).values(lot=Subscription.id))
    refuse(monkeypatch, range(5, 13))
    await either_house.app.post.stop_rounds()  # none but this one
    either_house.app.present.move_to(FIRST_DUE)
    await either_house.app.rounds.go()
    assert errors(caplog) == ["claim.refused_to_all"]
    await either_house.app.settle()
    assert copies(either_house.door) == {f"p{number}": 1 for number in range(1, 5)}


async def test_a_catalog_that_cannot_be_followed_keeps_nobody_from_their_dose(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ValueError("…")

    await house.app.settle()
    monkeypatch.setattr(house.app.post, "_before_a_round", fail)
    await crowd(house.app.database, 1)
    house.app.present.move_to(FIRST_DUE)
    house.app.post.wake()
    async with asyncio.timeout(60):
        while not house.door.sent:  # noqa: ASYNC110 (as nobody travels here, only the door shows it)
            await asyncio.sleep(0.01)
    assert set(errors(caplog)) == {"rounds.not_up_to_date"}


async def test_many_with_nothing_to_send_hold_up_nobody_behind_them(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an outage everybody whose hour has not come today is looked at once, for the days they lost."""
    monkeypatch.setattr(rounds, "PART", 10)
    await crowd(either_house.app.database, 25)
    either_house.app.present.move_to(FIRST_DUE + DAY - timedelta(hours=1))
    await either_house.app.rounds.go()
    assert copies(either_house.door) == {}
    async with either_house.app.database.read() as session:
        assert set(await session.scalars(select(Subscription.next_due_at))) == {FIRST_DUE + DAY}
        assert await session.scalar(select(func.count(Excuse.subscription_id))) == 25


@pytest.mark.parametrize("fails", ["keep_appointments", "daily.keep_desk", "daily.thank"])
async def test_trouble_with_what_is_kept_beside_holds_up_nobodys_dose(
    either_house: House, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    async def trouble(*_: object) -> None:
        raise KeyError("as an older version may have left it")

    ana = await subscribed(either_house.person("ana"))
    monkeypatch.setattr(f"bot.delivery.rounds.{fails}", trouble)
    await either_house.forward_to("2026-03-03 08:01")
    assert ana.sees().count(DOSE) == 1


async def test_a_subscription_of_a_platform_without_a_door_stops_nobody_else(either_house: House) -> None:
    await crowd(either_house.app.database, 3)
    async with either_house.app.database.write() as session:
        await session.execute(update(Subscription).where(Subscription.id == 2).values(platform="discord"))
    await either_house.forward_to("2026-03-04 08:01")
    assert copies(either_house.door) == {"p1": 2, "p3": 2}


async def set_zone(house: House, number: int, zone: str) -> None:
    async with house.app.database.write() as session:
        where = {"zone": zone, "number": number}
        await session.execute(text("UPDATE schedules SET zone = :zone WHERE subscription_id = :number"), where)


async def test_what_is_on_its_way_is_not_abandoned_because_the_clock_jumps(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, on_its_way, answered = either_house.app, asyncio.Event(), asyncio.Event()
    send = either_house.door.send

    async def slowly(*to: Any, **how: Any) -> MessageRef:
        ref = await send(*to, **how)
        on_its_way.set()
        await answered.wait()
        return ref

    monkeypatch.setattr(either_house.door, "send", slowly)
    await crowd(app.database, 1)
    await claimed(either_house)
    app.present.move_to(FIRST_DUE)
    settling = asyncio.create_task(app.settle())
    async with asyncio.timeout(10):
        await on_its_way.wait()
    app.present.move_to(app.now() + timedelta(minutes=3))  # past its lease
    await app.rounds.go()
    answered.set()
    await settling
    assert copies(either_house.door) == {"p1": 1}
    async with app.database.read() as session:
        rows = await session.execute(select(Outgoing.state, Outgoing.doubts, Outgoing.attempts))
        assert [tuple(row) for row in rows] == [("sent", 0, 1)]


# ----------------------------------------------------------------------------------- what changes between claim and send


@pytest.mark.parametrize("said", ["/pausa 30 dias", "/pausa 2026-03-09", "/cancelar", "/dias seg qua"])
async def test_who_wants_no_dose_between_claim_and_send_gets_none(either_house: House, said: str) -> None:
    ana = await subscribed(either_house.person("ana"))
    await claimed(either_house)
    await ana.says(said)
    if said == "/cancelar":
        await ana.presses("Parar")
    ana.sees()
    await either_house.forward_to("2026-03-03 23:00")
    assert ana.sees() == ""
    assert await doses_of(either_house, FIRST_DAY) == 0


@pytest.mark.parametrize(("said", "comes"), [("/hora 10:00", "2026-03-03 10:00"), ("/fuso Manaus", "2026-03-03 09:00")])
async def test_who_changes_the_hour_between_claim_and_send_gets_one_dose_at_the_new_one(
    either_house: House, said: str, comes: str
) -> None:
    ana = await subscribed(either_house.person("ana"))
    await claimed(either_house)
    await ana.says(said)
    ana.sees()
    await either_house.forward(minutes=30)
    assert ana.sees() == ""
    await either_house.forward_to(comes)
    assert ana.sees().count(DOSE) == 1
    assert await doses_of(either_house, FIRST_DAY) == 1


async def test_who_asks_for_the_dose_between_claim_and_send_gets_it_once(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"))
    await claimed(either_house)
    await ana.says("/hoje")
    await either_house.forward_to("2026-03-03 23:00")
    assert ana.sees().count(DOSE) == 1
    assert either_house.door.sent == []


async def test_who_forgets_us_between_claim_and_send_hears_nothing_more(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"))
    await claimed(either_house)
    await ana.says("/esquecer")
    await ana.presses("Apagar tudo")
    ana.sees()
    await either_house.forward_to("2026-03-03 23:00")
    assert ana.sees() == ""


async def test_what_is_retired_between_claim_and_send_is_not_given_out(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"))
    await claimed(either_house)
    await retire(either_house, "what-is-data")
    await either_house.forward_to("2026-03-03 08:00")
    seen = ana.sees()
    assert DOSE not in seen
    assert seen.count("Data in words") == 1
    await ana.presses("Feito")
    async with either_house.app.database.read() as session:
        offered = list(await session.scalars(select(Offer.resource_id).order_by(Offer.place)))
    assert offered == ["what-is-data", "data-in-words"]


async def test_what_is_retired_when_nothing_else_is_left_is_still_readable(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"), trail="pictures")
    await claimed(either_house)
    await retire(either_house, "bars", "lines")
    await either_house.forward_to("2026-03-03 08:00")
    assert "Bars" in ana.sees()


async def retire(house: House, *gone: str) -> None:
    """A curator takes entries out of the catalog, and it is read again."""
    left = tuple(entry for entry in house.app.catalog.resources if entry.id not in gone)
    async with house.app.database.write() as session:
        await kept_catalog.adopt(session, left, house.app.now())
    house.app.live.catalog = house.app.catalog.model_copy(update={"resources": left})


async def doses_of(house: House, day: date) -> int:
    async with house.app.database.read() as session:
        return await session.scalar(select(func.count(Dose.id)).where(Dose.day == day)) or 0


# ---------------------------------------------------------------------------------------------- a trail that runs dry


async def test_a_dry_trail_says_so_once_and_is_silent_until_the_person_chooses(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"), trail="pictures")
    for day in (3, 4):
        await either_house.forward_to(f"2026-03-0{day} 08:00")
        await ana.presses("Feito")
        ana.sees()
    await either_house.forward_to("2026-03-05 08:00")
    said = ana.sees()
    assert said != ""
    assert len(either_house.door.sent) == 3
    await either_house.forward(days=10)
    assert ana.sees() == ""
    await ana.says("/assinar First steps")
    ana.sees()
    await either_house.forward(days=1)
    assert DOSE in ana.sees()


# ---------------------------------------------------------------------------------------------------- zone data changes


@pytest.fixture
def another_brasilia(tmp_path: Path) -> Iterator[None]:
    """A government moves its clocks: from the next start on São Paulo is four hours behind Greenwich."""
    sao_paulo = tmp_path / "zones" / "America" / "Sao_Paulo"
    sao_paulo.parent.mkdir(parents=True)
    four_behind = ZoneInfo("Etc/GMT+4")
    source = next(
        Path(place) / "Etc/GMT+4" for place in [*zoneinfo.TZPATH, _packaged()] if (Path(place) / "Etc/GMT+4").is_file()
    )
    assert four_behind.utcoffset(datetime(2026, 3, 3, tzinfo=UTC)) is not None
    sao_paulo.write_bytes(source.read_bytes())
    zoneinfo.reset_tzpath([tmp_path / "zones", *zoneinfo.TZPATH])
    _forget_zones()
    yield
    zoneinfo.reset_tzpath()
    _forget_zones()


def _packaged() -> str:
    import tzdata

    return str(Path(tzdata.__file__).parent / "zoneinfo")


def _forget_zones() -> None:
    ZoneInfo.clear_cache()
    find_zone.cache_clear()
    zone_data_version.cache_clear()


async def test_the_next_dose_follows_a_government_that_moves_its_clocks(
    either_house: House, request: pytest.FixtureRequest
) -> None:
    ana = await subscribed(either_house.person("ana"))
    request.getfixturevalue("another_brasilia")
    await either_house.restart()
    await either_house.app.forward(datetime(2026, 3, 3, 11, 59, tzinfo=UTC) - either_house.app.now())
    assert ana.sees() == ""
    await either_house.app.forward(datetime(2026, 3, 3, 12, 0, tzinfo=UTC) - either_house.app.now())
    assert ana.sees().count(DOSE) == 1
    await either_house.forward(days=2)
    async with either_house.app.database.read() as session:
        assert list(await session.scalars(select(Excuse.day))) == []
        assert await session.scalar(select(func.count(Dose.id))) == 3


async def test_what_is_over_is_not_computed_again(database: Database, another_brasilia: None) -> None:
    await crowd(database, 3)
    await set_due_at(database, 2, FIRST_DUE - timedelta(hours=2))
    assert await recompute_due(database, "of another year", FIRST_DUE - timedelta(hours=1)) == 2
    async with database.read() as session:
        dues = list(await session.scalars(select(Subscription.next_due_at).order_by(Subscription.id)))
    hour = timedelta(hours=1)
    assert dues == [FIRST_DUE + hour, FIRST_DUE - 2 * hour, FIRST_DUE + hour]


async def test_each_is_computed_by_their_own_wishes_also_where_a_later_one_takes_over(
    database: Database, another_brasilia: None
) -> None:
    hour = timedelta(hours=1)
    await crowd(database, 4)
    async with database.write() as session:
        await session.execute(update(Schedule).where(Schedule.subscription_id == 2).values(hour=time(10)))
        await session.execute(delete(Schedule).where(Schedule.subscription_id == 3))  # as before there were any
        later = {"turn": time(4), "zone": "America/Sao_Paulo", "days": "1234567"}
        session.add(Schedule(subscription_id=4, from_day=FIRST_DAY + DAY, hour=time(6), **later))
    await set_due_at(database, 2, FIRST_DUE + 2 * hour)
    assert await recompute_due(database, "of another year", FIRST_DUE - DAY) == 4
    async with database.read() as session:
        found = await session.execute(select(Subscription.next_day, Subscription.next_due_at).order_by(Subscription.id))
    assert [tuple(row) for row in found] == [(FIRST_DAY, FIRST_DUE + ahead * hour) for ahead in (1, 3, 1, 1)]


async def test_who_was_claimed_meanwhile_is_not_put_back(database: Database) -> None:
    await crowd(database, 2)
    tomorrow = Due(FIRST_DAY + DAY, FIRST_DUE + DAY)
    async with database.write() as session:
        await subscriptions.set_due_all(session, {1: tomorrow})
        for due in (Due(FIRST_DAY, FIRST_DUE - DAY), Due(FIRST_DAY - DAY, FIRST_DUE - DAY), None):
            found = Due(FIRST_DAY, FIRST_DUE)
            await subscriptions.correct_due(session, [1, 2], found, due)
            await subscriptions.set_due_all(session, {2: found})
        await subscriptions.correct_due(session, [1, 2], found, Due(FIRST_DAY, FIRST_DUE - DAY))
    async with database.read() as session:
        dues = list(await session.scalars(select(Subscription.next_due_at).order_by(Subscription.id)))
    assert dues == [tomorrow.at, FIRST_DUE - DAY]


async def test_the_same_zone_data_is_not_looked_at_twice(database: Database) -> None:
    await crowd(database, 3)
    now = FIRST_DUE - DAY
    await set_due_at(database, 1, FIRST_DUE + timedelta(minutes=3))
    assert await recompute_due(database, "of this year", now) == 1
    await set_due_at(database, 1, FIRST_DUE + timedelta(minutes=3))
    assert await recompute_due(database, "of this year", now) == 0
    assert await recompute_due(database, "of next year", now) == 1


async def set_due_at(database: Database, number: int, at: datetime) -> None:
    async with database.write() as session:
        await session.execute(update(Subscription).where(Subscription.id == number).values(next_due_at=at))


async def test_somebody_with_nothing_due_is_left_alone(house: House) -> None:
    await crowd(house.app.database, 1)
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).values(next_day=None, next_due_at=None))
    await house.forward(days=5)
    assert copies(house.door)[chat_of(1).chat] == 0
