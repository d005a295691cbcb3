"""People change hour, zone, turn and days at any moment: what comes next, and what never happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.schedule import DAY, Claim, Due, Schedules, claim
from bot.learning.timetable import EVERY_DAY, Timetable, due_instant
from tests.learning.lives import BEGINNINGS, HOURS, TURNS, ZONES

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SAO_PAULO, TOKYO = ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Tokyo")


@dataclass
class Calendar:
    """One subscription, kept the way the bot keeps it: the history of wishes, the doses so far, what is due next."""

    now: datetime
    schedules: Schedules
    doses: dict[date, datetime] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    due: Due | None = None

    def __post_init__(self) -> None:
        self.due = self.schedules.next_due(self.now, self.today)

    @property
    def today(self) -> date:
        return self.schedules.today(self.now)

    @property
    def is_pending(self) -> bool:
        """Whether today's dose is still to come."""
        at = self.schedules.due(self.today)
        return self.today not in self.doses and at is not None and at > self.now

    def change(self, wish: Timetable) -> None:
        """They want something else from now on."""
        self.schedules = self.schedules.changed(wish, self.now, sent=self.today in self.doses)
        self.due = self.schedules.next_due(self.now, self.today + DAY if self.today in self.doses else self.today)

    def live(self, until: datetime) -> None:
        """Let time pass; each dose is claimed at its instant."""
        while self.due and self.due.at <= until:
            self.now = max(self.now, self.due.at)
            self.claim()
        self.now = until

    def claim(self) -> Claim:
        """Take what is due by now, at once."""
        assert self.due, "nothing is due"
        claimed = claim(self.schedules, self.due, self.now)
        self.claims.append(claimed)
        if claimed.send:
            assert claimed.send.day not in self.doses, "two doses for one local date"
            self.doses[claimed.send.day] = claimed.send.at
        self.due = claimed.then
        return claimed


def every_day(wish: Timetable) -> Timetable:
    return Timetable(wish.zone, wish.hour, wish.turn)


times = st.sampled_from(HOURS) | st.times().map(lambda at: at.replace(second=0, microsecond=0))
turns = st.sampled_from(TURNS) | times
zones = st.sampled_from(ZONES)
weeks = st.just(EVERY_DAY) | st.frozensets(st.integers(1, 7))
wishes = st.builds(Timetable, zones, times, turns, weeks)
moments = st.builds(lambda begin, hours: begin + hours * HOUR, st.sampled_from(BEGINNINGS), st.floats(0, 24))
waits = st.one_of(st.floats(0, 0.1), st.floats(0, 3), st.floats(0, 60)).map(lambda hours: hours * HOUR)
changes = st.lists(st.tuples(waits, wishes), min_size=1, max_size=8)
calendars = st.builds(lambda now, wish: Calendar(now, Schedules(((date.min, wish),))), moments, wishes)


# ------------------------------------------------------------------------------------------ whatever they do, whenever


@given(calendars, changes)
def test_no_local_date_gets_two_doses_and_without_an_outage_none_is_late_or_lost(
    calendar: Calendar, changes: list[tuple[timedelta, Timetable]]
) -> None:
    for wait, wish in changes:
        calendar.live(calendar.now + wait)
        calendar.change(wish)
    calendar.live(calendar.now + 5 * DAY)
    assert [one.lost for one in calendar.claims if one.lost] == []
    assert all(one.send for one in calendar.claims)
    assert list(calendar.doses.values()) == sorted(calendar.doses.values())
    for day, at in calendar.doses.items():
        assert at.astimezone(ZoneInfo(calendar.schedules.on(day).zone)).date() >= day
        assert day.isoweekday() in calendar.schedules.on(day).days


@given(calendars, changes)
def test_what_is_still_to_come_comes_within_36_hours_whatever_they_change(
    calendar: Calendar, changes: list[tuple[timedelta, Timetable]]
) -> None:
    calendar.change(every_day(changes[0][1]))
    for wait, wish in changes:
        calendar.live(calendar.now + wait)
        was_pending = calendar.is_pending
        calendar.change(every_day(wish))
        assert calendar.due
        if was_pending:
            assert calendar.due.at - calendar.now <= 36 * HOUR


@given(calendars, changes)
def test_after_any_change_the_next_dose_is_for_today_or_one_of_the_next_days_of_theirs(
    calendar: Calendar, changes: list[tuple[timedelta, Timetable]]
) -> None:
    calendar.change(every_day(changes[0][1]))
    for wait, wish in changes:
        calendar.live(calendar.now + wait)
        calendar.change(every_day(wish))
        assert calendar.due
        assert calendar.due.at > calendar.now
        assert calendar.today <= calendar.due.day <= calendar.today + 3 * DAY, "2, and Samoa's missing date"


@given(calendars, changes, st.data())
def test_who_stays_where_they_are_gets_a_dose_on_every_date(
    calendar: Calendar, changes: list[tuple[timedelta, Timetable]], data: st.DataObject
) -> None:
    zone = data.draw(zones.filter(lambda zone: zone != "Pacific/Apia"))
    calendar = Calendar(calendar.now, Schedules(((date.min, Timetable(zone, time(8))),)))
    first = calendar.due
    assert first
    for wait, wish in changes:
        calendar.live(calendar.now + wait)
        calendar.change(Timetable(zone, wish.hour, wish.turn))
    calendar.live(calendar.now + 3 * DAY)
    days = list(calendar.doses)
    assert days == [days[0] + count * DAY for count in range(len(days))]
    assert days[0] <= first.day


@given(calendars, changes)
def test_today_never_goes_back(calendar: Calendar, changes: list[tuple[timedelta, Timetable]]) -> None:
    for wait, wish in changes:
        before, until = calendar.today, calendar.now + wait
        for part in (0.3, 0.6, 1):
            calendar.live(calendar.now + part * (until - calendar.now))
            assert calendar.today >= before
            before = calendar.today
        calendar.change(wish)
        assert calendar.today >= before


@given(calendars, changes)
def test_a_change_never_moves_a_past_day(calendar: Calendar, changes: list[tuple[timedelta, Timetable]]) -> None:
    for wait, wish in changes:
        calendar.live(calendar.now + wait)
        past = [calendar.today - count * DAY for count in range(0 if calendar.today in calendar.doses else 1, 12)]
        before = [(calendar.schedules.on(day), calendar.schedules.bounds(day)) for day in past]
        calendar.change(wish)
        assert [(calendar.schedules.on(day), calendar.schedules.bounds(day)) for day in past] == before


@given(calendars, changes, st.floats(0, 400))
def test_after_an_outage_there_is_one_dose_and_every_day_is_accounted_for(
    calendar: Calendar, changes: list[tuple[timedelta, Timetable]], hours: float
) -> None:
    for wait, wish in changes:
        calendar.live(calendar.now + wait)
        calendar.change(wish)
    if calendar.due is None:
        return
    expected = calendar.due
    calendar.now = expected.at + hours * HOUR
    claimed = calendar.claim()
    today = calendar.today
    assert all(expected.day <= day < today for day in claimed.lost)
    if claimed.send:
        assert claimed.send.day in (expected.day, today)
        assert claimed.send.at <= calendar.now
    if claimed.then:
        assert claimed.then.at > calendar.now or claimed.then.day > expected.day
        assert claimed.then.day >= today
    accounted = {*claimed.lost, *([claimed.send.day] if claimed.send else [])}
    days = [expected.day + count * DAY for count in range((today - expected.day).days)]
    assert accounted >= {day for day in days if calendar.schedules.due(day)}


@given(moments, wishes, wishes)
def test_the_last_wish_counts(now: datetime, first: Timetable, last: Timetable) -> None:
    begun = Schedules(((date.min, last),))
    changed = begun.changed(first, now, sent=False).changed(last, now, sent=False)
    later = changed.today(now) + 3 * DAY
    assert changed.on(later) == last
    assert changed.due(later) == due_instant(later, last)


# ---------------------------------------------------------------------------------------------------- told by examples


def on_the_third(hour: int, minute: int = 0, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime(2026, 3, 3, hour, minute, tzinfo=zone)


def since_long(zone: str, hour: time, turn: time = time(4)) -> Schedules:
    return Schedules(((date.min, Timetable(zone, hour, turn)),))


def local(calendar: Calendar, zone: ZoneInfo) -> str:
    """When the next dose comes, as their clock shows it."""
    assert calendar.due
    return f"{calendar.due.at.astimezone(zone):%d %H:%M} for {calendar.due.day:%d}"


@pytest.mark.parametrize(
    ("at", "before", "after", "comes"),
    [
        (7, time(8), time(9, 30), "03 09:30 for 03"),  # nothing was sent yet
        (12, time(20), time(8), "03 20:00 for 03"),  # that hour is over: today keeps its own
        (12, time(8), time(20), "04 20:00 for 04"),  # today's dose is with them
        (7, time(8), time(4), "03 08:00 for 03"),
    ],
)
def test_a_change_of_hour_acts_today_if_it_can(at: int, before: time, after: time, comes: str) -> None:
    calendar = Calendar(on_the_third(0) - DAY, since_long("America/Sao_Paulo", before))
    calendar.live(on_the_third(at))
    calendar.change(Timetable("America/Sao_Paulo", after))
    assert local(calendar, SAO_PAULO) == comes


@pytest.mark.parametrize(
    ("at", "hour", "comes"),
    [
        (6, time(20), "03 20:00 for 03"),  # 18:00 in Tokyo
        (6, time(17), "04 03:59 for 03"),  # 17:00 is over there, and 17:00 here would be in tomorrow
        (12, time(8), "04 08:00 for 04"),  # today's dose is with them; it is midnight there
        (17, time(20), "04 20:00 for 04"),  # it is 05:00 of tomorrow there
    ],
)
def test_flying_east_loses_no_dose_that_there_is_time_for(at: int, hour: time, comes: str) -> None:
    calendar = Calendar(on_the_third(0) - DAY, since_long("America/Sao_Paulo", hour))
    calendar.live(on_the_third(at))
    calendar.change(Timetable("Asia/Tokyo", hour))
    assert local(calendar, TOKYO) == comes


@pytest.mark.parametrize(
    ("at", "hour", "comes"),
    [
        (12, time(8), "04 08:00 for 04"),  # today's dose is with them, though it is not yet 08:00 there
        (12, time(20), "03 08:00 for 03"),  # it is midnight in São Paulo, and today's dose keeps Tokyo's hour
        (22, time(20), "04 20:00 for 04"),
    ],
)
def test_flying_west_gives_no_date_a_second_dose(at: int, hour: time, comes: str) -> None:
    calendar = Calendar(on_the_third(0, zone=TOKYO) - DAY, since_long("Asia/Tokyo", hour))
    calendar.live(on_the_third(at, zone=TOKYO))
    calendar.change(Timetable("America/Sao_Paulo", hour))
    assert local(calendar, SAO_PAULO) == comes


def test_an_earlier_turn_does_not_end_today() -> None:
    calendar = Calendar(on_the_third(0) - DAY, since_long("America/Sao_Paulo", time(8)))
    calendar.live(on_the_third(23))
    calendar.change(Timetable("America/Sao_Paulo", time(8), turn=time(0)))
    assert calendar.today == date(2026, 3, 3)
    calendar.live(on_the_third(23, 59))
    assert calendar.today == date(2026, 3, 3)
    calendar.live(on_the_third(0) + DAY)
    assert calendar.today == date(2026, 3, 4)


def test_the_days_of_rest_change_with_the_wish() -> None:
    calendar = Calendar(on_the_third(0) - DAY, since_long("America/Sao_Paulo", time(8)))
    calendar.live(on_the_third(9))
    calendar.change(Timetable("America/Sao_Paulo", time(8), days=frozenset({1})))
    assert local(calendar, SAO_PAULO) == "09 08:00 for 09"


def test_without_any_day_nothing_is_due() -> None:
    assert (
        Schedules(((date.min, Timetable("UTC", time(8), days=frozenset())),)).next_due(
            on_the_third(9), date(2026, 3, 3)
        )
        is None
    )


def test_down_over_the_hour_the_dose_is_sent_late() -> None:
    history = since_long("UTC", time(8))
    due = Due(date(2026, 3, 3), datetime(2026, 3, 3, 8, tzinfo=UTC))
    assert claim(history, due, due.at + 19 * HOUR) == Claim((), due, Due(due.day + DAY, due.at + DAY))


def test_down_for_days_the_days_without_a_dose_are_ours() -> None:
    history = since_long("UTC", time(8))
    due = Due(date(2026, 3, 3), datetime(2026, 3, 3, 8, tzinfo=UTC))
    lost = (due.day, due.day + DAY)
    assert claim(history, due, due.at + 2 * DAY - HOUR) == Claim(lost, None, Due(due.day + 2 * DAY, due.at + 2 * DAY))
    late = Due(due.day + 2 * DAY, due.at + 2 * DAY)
    assert claim(history, due, due.at + 2 * DAY + HOUR) == Claim(lost, late, Due(late.day + DAY, late.at + DAY))
