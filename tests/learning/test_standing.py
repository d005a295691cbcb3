"""Milestones and appointments, as arithmetic."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.appointment import next_at
from bot.learning.schedule import Schedules
from bot.learning.standing import milestone_passed
from bot.learning.timetable import Timetable

ZONES = ("America/Sao_Paulo", "America/Nuuk", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(6, 7, 7), (7, 8, None), (5, 40, 30), (0, 1, None), (364, 365, 365), (7, 7, None), (9, 7, None)],
)
def test_a_milestone_is_said_when_it_is_passed(before: int, after: int, said: int | None) -> None:
    assert milestone_passed(before, after) == said


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (hypothesis wants naive bounds)
    st.times(),
    st.frozensets(st.integers(1, 7), min_size=1),
)
def test_an_appointment_is_the_next_such_hour_on_the_persons_clock(
    zone: str, after: datetime, hour: time, weekdays: frozenset[int]
) -> None:
    schedules = Schedules(((date.min, Timetable(zone, time(8))),))
    at = next_at(schedules, hour, after, weekdays)
    assert at > after
    assert (at - after).days <= 8
    local = at.astimezone(ZoneInfo(zone))
    if local.time() == hour.replace(fold=0):  # else the clocks jump over that hour, perhaps over midnight too
        assert local.isoweekday() in weekdays


def test_an_hour_in_a_gap_of_the_clocks_is_the_end_of_the_gap() -> None:
    lisbon = Schedules(((date.min, Timetable("Europe/Lisbon", time(8))),))
    assert next_at(lisbon, time(1, 30), datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_an_appointment_without_a_weekday_is_refused() -> None:
    always = Schedules(((date.min, Timetable("UTC", time(8))),))
    with pytest.raises(ValueError, match="day of the week"):
        next_at(always, time(20), datetime(2026, 3, 1, tzinfo=UTC), frozenset())
