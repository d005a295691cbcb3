"""The turn of the day to the millisecond: 03:59:59.999 is still yesterday, 04:00:00.000 today, in twelve zones, on plain days and on
days when the clocks change; with a dose hour before the turn it is that hour which turns the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.learning.schedule import Schedules
from bot.learning.streak import Completion, History, Status, classify, counts_for, streak
from bot.learning.timetable import DAY, Timetable

ZONES = (
    "Pacific/Pago_Pago",  # 11 hours behind UTC
    "America/Los_Angeles",
    "America/St_Johns",  # half an hour off
    "America/Sao_Paulo",
    "UTC",
    "Europe/Lisbon",
    "Africa/Cairo",
    "Asia/Kathmandu",  # a quarter of an hour off
    "Asia/Tokyo",
    "Australia/Lord_Howe",  # its summer is half an hour
    "Pacific/Auckland",
    "Pacific/Kiritimati",  # 14 hours ahead
)
CHANGES = {
    "America/Los_Angeles": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/St_Johns": (date(2026, 3, 8), date(2026, 11, 1)),
    "Europe/Lisbon": (date(2026, 3, 29), date(2026, 10, 25)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 30)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Pacific/Auckland": (date(2026, 4, 5), date(2026, 9, 27)),
}
"""The dates in 2026 on which the clocks of a zone change (Cairo's at midnight, into and out of Thursday)."""
PLAIN = date(2026, 7, 15)
CASES = [(zone, day) for zone in ZONES for day in (PLAIN, *CHANGES.get(zone, ()))]
INSTANT = timedelta(milliseconds=1)
HOURS = {
    "after the turn": (time(8), time(4)),
    "at the turn": (time(4), time(4)),
    "before the turn": (time(0, 30), time(0, 30)),
    "at midnight": (time(0), time(0)),
}
"""The hour of the dose, and the wall time at which the day then turns."""


def turn_on(day: date, zone: str, at: time) -> datetime:
    """The instant at which the clocks of a zone first show a time on a date that has it."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def schedules(zone: str, hour: time) -> Schedules:
    return Schedules(((date.min, Timetable(zone, hour)),))


def has(day: date, zone: str, at: time) -> bool:
    """Whether the clocks show that time on that date; some jump over it."""
    return turn_on(day, zone, at).astimezone(ZoneInfo(zone)).time() == at


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [(zone, day, hour) for zone, day in CASES for hour in HOURS if has(day, zone, HOURS[hour][1])],
)
def test_a_press_a_millisecond_before_the_turn_is_yesterdays(zone: str, day: date, hour: str) -> None:
    dose, turns = HOURS[hour]
    theirs = schedules(zone, dose)
    turn = turn_on(day, zone, turns)
    assert theirs.today(turn - INSTANT) == day - DAY
    assert theirs.today(turn) == day
    assert theirs.bounds(day)[0] == theirs.bounds(day - DAY)[1] == turn


@pytest.mark.parametrize(("zone", "day"), CASES)
def test_the_turn_decides_which_day_is_done(zone: str, day: date) -> None:
    """They had nothing to answer for before; one press on either side of the turn makes one day or the other."""
    theirs = schedules(zone, time(8))
    turn = turn_on(day, zone, time(4))
    for pressed, counted in ((turn - INSTANT, day - DAY), (turn, day)):
        done = Completion(theirs.today(pressed), pressed, zone)
        history = History(day - DAY, theirs, [done])
        told = {one.date: one.status for one in classify(history, turn + timedelta(hours=1))}
        other = day if counted == day - DAY else day - DAY
        assert told == {counted: Status.DONE, other: Status.OPEN}
        assert streak(classify(history, turn + timedelta(hours=1))).length == 1


@pytest.mark.parametrize(("zone", "day"), CASES)
def test_a_press_on_yesterdays_dose_counts_for_it_until_24_hours_after_its_end(zone: str, day: date) -> None:
    theirs = schedules(zone, time(8))
    ended = theirs.bounds(day)[1]
    closes = ended + timedelta(hours=24)
    assert counts_for(closes - INSTANT, day, theirs) == day
    assert counts_for(closes, day, theirs) == theirs.today(closes) > day
