"""Which day it is, and when the dose comes: in every zone, on every odd night."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from random import Random
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.timetable import (
    DAY,
    EVERY_DAY,
    Timetable,
    dates_skipped,
    day_bounds,
    due_instant,
    exists,
    learning_day,
    next_due,
    zone_data_version,
)

from .reference_timetable import watch

A_MOMENT = timedelta(microseconds=1)
MINUTES = (0, 15, 90, 150, 540, 23 * 60 + 59)
HARD = {
    "America/New_York": 2026,
    "America/Sao_Paulo": 2018,  # springs forward at midnight
    "America/Havana": 2026,  # falls back from 01:00 to midnight
    "America/Nuuk": 2026,  # springs forward into midnight
    "America/St_Johns": 2007,  # changes at one minute past midnight
    "America/Caracas": 2016,  # half an hour, once
    "Africa/Cairo": 2026,
    "Africa/Casablanca": 2026,  # stops for Ramadan
    "Africa/Juba": 2021,
    "Asia/Beirut": 2026,
    "Asia/Pyongyang": 2018,
    "Australia/Lord_Howe": 2026,  # half an hour, twice a year
    "Antarctica/Troll": 2026,  # two hours
    "Europe/Lisbon": 2026,
    "Pacific/Apia": 2011,  # no 30 December
    "Pacific/Fakaofo": 2011,  # nor there
}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def due(zone: str, day: date, hour: time, turn: time = time(4)) -> str:
    """The due instant as the person's own clock shows it."""
    instant = due_instant(day, Timetable(zone, hour, turn))
    return "none" if instant is None else f"{instant.astimezone(ZoneInfo(zone)):%d %H:%M %z}"


# ── the dose ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dose_is_due_at_the_chosen_hour_of_the_person():
    assert due_instant(date(2026, 3, 2), Timetable("America/Sao_Paulo", time(8))) == utc(2026, 3, 2, 11)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), "08 03:00 -0400"),
        ("America/Sao_Paulo", date(2018, 11, 4), time(0, 15), "04 01:00 -0200"),
        ("Africa/Cairo", date(2026, 4, 24), time(0), "24 01:00 +0300"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "04 02:30 +1100"),
        ("America/Nuuk", date(2026, 3, 28), time(23, 30), "29 00:00 -0100"),
    ],
)
def test_an_hour_that_the_clocks_jump_over_is_due_at_the_first_minute_after(zone, day, hour, expected):
    assert due(zone, day, hour) == expected


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("America/New_York", date(2026, 11, 1), time(1, 30), "01 01:30 -0400"),
        ("America/Havana", date(2026, 11, 1), time(0, 15), "01 00:15 -0400"),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), "05 01:45 +1100"),
        ("America/St_Johns", date(2007, 11, 4), time(0), "04 00:00 -0230"),
    ],
)
def test_an_hour_that_comes_twice_is_due_the_first_time(zone, day, hour, expected):
    assert due(zone, day, hour) == expected


def test_a_date_that_does_not_exist_has_no_dose():
    assert due("Pacific/Apia", date(2011, 12, 29), time(8)) == "29 08:00 -1000"
    assert due("Pacific/Apia", date(2011, 12, 30), time(8)) == "none"
    assert due("Pacific/Apia", date(2011, 12, 31), time(8)) == "31 08:00 +1400"


def test_a_day_that_is_not_theirs_has_no_dose():
    working_days = Timetable("Europe/Lisbon", time(8), days=frozenset({1, 2, 3, 4, 5}))
    assert due_instant(date(2026, 3, 6), working_days) == utc(2026, 3, 6, 8)
    assert due_instant(date(2026, 3, 7), working_days) is None


def test_a_gap_that_reaches_the_end_of_the_day_leaves_its_dose_inside():
    """Nuuk jumps from 23:00 to midnight, where the day of somebody whose turn is midnight ends."""
    midnight = Timetable("America/Nuuk", time(23, 30), turn=time(0))
    assert due("America/Nuuk", date(2026, 3, 28), time(23, 30), turn=time(0)) == "28 22:59 -0200"
    assert due_instant(date(2026, 3, 28), midnight) < day_bounds(date(2026, 3, 28), midnight)[1]


@pytest.mark.parametrize("zone", HARD)
def test_in_hard_zones_each_date_has_the_one_instant_that_the_clock_shows(zone):
    first, last = date(HARD[zone], 1, 1), date(HARD[zone] + 1, 12, 31)
    assert all_due(zone, first, last) == watch(zone, first, last, MINUTES)


@pytest.mark.parametrize("zone", Random(2020).sample(sorted(available_timezones()), 10))
def test_in_any_zone_each_date_from_2020_to_2035_has_the_one_instant_that_the_clock_shows(zone):
    first, last = date(2020, 1, 1), date(2035, 12, 31)
    assert all_due(zone, first, last) == watch(zone, first, last, MINUTES)


def all_due(zone: str, first: date, last: date) -> dict[tuple[date, int], datetime]:
    found = {}
    for minute in MINUTES:
        timetable = Timetable(zone, time(minute // 60, minute % 60))
        for day in map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)):
            instant = due_instant(day, timetable)
            if instant is not None:
                found[day, minute] = instant
    return found


# ── the day ───────────────────────────────────────────────────────────────────────────────────────────────────────────

TWELVE_ZONES = (
    "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "America/Nuuk", "Africa/Cairo", "Africa/Casablanca",
    "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Europe/Lisbon", "Pacific/Apia", "Pacific/Chatham",
)  # fmt: skip


@pytest.mark.parametrize("zone", TWELVE_ZONES)
@pytest.mark.parametrize(
    ("hour", "turn", "begins"),
    [
        (time(8), time(4), time(4)),
        (time(4), time(4), time(4)),
        (time(2, 30), time(4), time(2, 30)),  # the dose hour is earlier than the turn: the day begins with it
        (time(0), time(4), time(0)),
        (time(8), time(6, 30), time(6, 30)),
        (time(8), time(0), time(0)),
    ],
)
def test_a_millisecond_before_the_turn_is_still_yesterday(zone, hour, turn, begins):
    timetable = Timetable(zone, hour, turn)
    turning = datetime.combine(date(2026, 8, 19), begins, ZoneInfo(zone)).astimezone(UTC)
    assert learning_day(turning - timedelta(milliseconds=1), timetable) == date(2026, 8, 18)
    assert learning_day(turning, timetable) == date(2026, 8, 19)


def test_night_work_counts_for_the_evening_before():
    timetable = Timetable("America/Sao_Paulo", time(8))
    assert learning_day(utc(2026, 11, 19, 3, 20), timetable) == date(2026, 11, 18)  # 00:20 there


def test_days_are_an_hour_shorter_and_longer_when_clocks_change():
    timetable = Timetable("America/New_York", time(1, 30))
    lengths = {
        day: end - begin
        for day in (date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1))
        for begin, end in [day_bounds(day, timetable)]
    }
    assert list(lengths.values()) == [timedelta(hours=hours) for hours in (24, 23, 24, 25)]


def test_a_turn_that_the_clocks_jump_over_is_the_end_of_the_gap():
    timetable = Timetable("America/New_York", time(2, 30))
    assert day_bounds(date(2026, 3, 8), timetable)[0] == utc(2026, 3, 8, 7) == due_instant(date(2026, 3, 8), timetable)


def test_a_turn_that_comes_twice_turns_once():
    """St. John's fell back from 00:01 to 23:01: the evening came twice, the day did not."""
    timetable = Timetable("America/St_Johns", time(8), turn=time(0))
    midnight = utc(2007, 11, 4, 2, 30)
    assert learning_day(midnight - A_MOMENT, timetable) == date(2007, 11, 3)
    assert {learning_day(midnight + timedelta(minutes=m), timetable) for m in range(24 * 60)} == {date(2007, 11, 4)}


def test_the_day_before_a_missing_date_lasts_until_the_turn_of_the_day_after():
    timetable = Timetable("Pacific/Apia", time(8))
    begin, end = day_bounds(date(2011, 12, 29), timetable)
    assert end - begin == DAY
    assert learning_day(end - A_MOMENT, timetable) == date(2011, 12, 29)
    assert learning_day(end, timetable) == date(2011, 12, 31)
    assert day_bounds(date(2011, 12, 30), timetable) == (end, end)


def test_samoa_had_no_30_december_2011():
    assert not exists(date(2011, 12, 30), "Pacific/Apia")
    assert exists(date(2011, 12, 30), "Pacific/Pago_Pago")
    assert dates_skipped("Pacific/Apia", date(2000, 1, 1), date(2030, 1, 1)) == (date(2011, 12, 30),)
    assert dates_skipped("Pacific/Apia", date(2011, 12, 30), date(2011, 12, 31)) == (date(2011, 12, 30),)
    assert dates_skipped("Pacific/Apia", date(2011, 12, 1), date(2011, 12, 30)) == ()
    assert dates_skipped("America/New_York", date(2000, 1, 1), date(2030, 1, 1)) == ()


zones = st.one_of(st.sampled_from(sorted(HARD)), st.sampled_from(sorted(available_timezones())))
walls = st.one_of(st.sampled_from([time(0), time(0, 30), time(2, 30), time(4), time(23, 30)]), st.times())
timetables = st.builds(Timetable, zones, walls, walls)


def between(first: date, last: date) -> st.SearchStrategy[datetime]:
    return st.integers(0, (last - first) // A_MOMENT).map(
        lambda moments: utc(*first.timetuple()[:3]) + moments * A_MOMENT
    )


instants = st.one_of(
    between(date(1972, 1, 1), date(2037, 12, 31)),
    between(date(2007, 11, 3), date(2007, 11, 6)),
    between(date(2011, 12, 28), date(2012, 1, 2)),
    between(date(2026, 3, 27), date(2026, 3, 31)),
    between(date(2026, 10, 23), date(2026, 11, 3)),
)


@given(instants, timetables)
def test_every_instant_lies_in_exactly_one_day(instant, timetable):
    day = learning_day(instant, timetable)
    begin, end = day_bounds(day, timetable)
    assert begin <= instant < end
    assert day_bounds(day + DAY, timetable)[0] == end
    assert (
        learning_day(end, timetable) > day == learning_day(begin, timetable) > learning_day(begin - A_MOMENT, timetable)
    )


@given(instants, timetables)
def test_the_dose_of_a_day_is_due_within_it(instant, timetable):
    day = learning_day(instant, timetable)
    assert learning_day(due_instant(day, timetable), timetable) == day


@given(instants, timetables, st.frozensets(st.sampled_from(sorted(EVERY_DAY)), min_size=1))
def test_the_next_dose_is_the_first_after_an_instant(instant, timetable, days):
    timetable = Timetable(timetable.zone, timetable.hour, timetable.turn, days)
    day, at = next_due(instant, timetable)
    assert at > instant
    assert at == due_instant(day, timetable)
    earlier = (day - ahead * DAY for ahead in range(1, 16))
    assert all(other is None or other <= instant for other in (due_instant(day, timetable) for day in earlier))


def test_the_next_dose_at_its_own_instant_is_tomorrow_s():
    timetable = Timetable("Europe/Lisbon", time(8))
    assert next_due(utc(2026, 1, 5, 8), timetable) == (date(2026, 1, 6), utc(2026, 1, 6, 8))
    assert next_due(utc(2026, 1, 5, 8) - A_MOMENT, timetable) == (date(2026, 1, 5), utc(2026, 1, 5, 8))


def test_the_next_dose_waits_for_the_day_from_which_a_change_acts():
    timetable = Timetable("Europe/Lisbon", time(20))
    assert next_due(utc(2026, 1, 5, 8), timetable, from_day=date(2026, 1, 6))[0] == date(2026, 1, 6)
    assert next_due(utc(2026, 1, 5, 8), timetable, from_day=date(2025, 1, 1))[0] == date(2026, 1, 5)


def test_a_weekly_dose_survives_a_missing_friday():
    fridays = Timetable("Pacific/Apia", time(8), days=frozenset({5}))
    assert next_due(utc(2011, 12, 24), fridays) == (date(2012, 1, 6), utc(2012, 1, 5, 18))


def test_without_days_nothing_is_ever_due():
    assert next_due(utc(2026, 1, 5), Timetable("UTC", time(8), days=frozenset())) is None


# ── bad input ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name", ["", "Nowhere", "America", "../etc/passwd", "/etc/localtime", "a\0b", "America/New_York\n"]
)
def test_a_zone_that_nobody_knows_is_named_in_the_error(name):
    with pytest.raises(ValueError) as caught:
        Timetable(name, time(8))
    assert repr(name) in str(caught.value)


def test_hours_carry_no_zone_and_weekdays_are_one_to_seven():
    with pytest.raises(ValueError, match="without a zone"):
        Timetable("UTC", time(8, tzinfo=UTC))
    with pytest.raises(ValueError, match=r"\[0, 8\]"):
        Timetable("UTC", time(8), days=frozenset({0, 1, 8}))


def test_a_naive_instant_is_refused():
    for ask in (learning_day, next_due):
        with pytest.raises(ValueError, match="needs a zone"):
            ask(datetime(2026, 1, 1), Timetable("UTC", time(8)))  # noqa: DTZ001 (naive is the point)


# ── zone data ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_changed_zone_changes_the_version_of_the_zone_data(tmp_path: Path):
    assert version_with(TZPATH) == zone_data_version() == version_with(TZPATH)
    (tmp_path / "America").mkdir()
    (tmp_path / "America/Sao_Paulo").write_bytes(
        resources.files("tzdata.zoneinfo").joinpath("Asia", "Tokyo").read_bytes()
    )
    assert version_with((str(tmp_path), *TZPATH)) != zone_data_version()


def version_with(path: tuple[str, ...]) -> str:
    ask = "from bot.learning.timetable import zone_data_version; print(zone_data_version())"
    environment = {**os.environ, "PYTHONTZPATH": os.pathsep.join(path)}
    return subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
