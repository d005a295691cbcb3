"""Whatever a person does to their hour, zone, days, turn and pauses, in any order: a state machine over the rules.

A local date gets one dose at most, none comes before the hour they chose, and while doses are to come the next one is near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count, islice

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.learning.schedule import DAY, Schedules
from bot.learning.timetable import EVERY_DAY, MINUTE, Timetable, day_bounds, exists, find_zone, first_instant
from tests.learning.test_schedule import Calendar, moments, times, turns, waits, wishes, zones

HOUR = timedelta(hours=1)


class AnyLife(RuleBasedStateMachine):
    """One person, what they wished for, and every dose they got."""

    @initialize(now=moments, wish=wishes)
    def begin(self, now: datetime, wish: Timetable) -> None:
        self.calendar = Calendar(now, Schedules(((date.min, wish),)))
        self.paused = False
        self.seen: set[date] = set()

    # what they do

    @rule(hour=times)
    def another_hour(self, hour: time) -> None:
        self._wish(hour=hour)

    @rule(turn=turns)
    def another_turn(self, turn: time) -> None:
        self._wish(turn=turn)

    @rule(days=st.just(EVERY_DAY) | st.frozensets(st.integers(1, 7), min_size=1))
    def other_days(self, days: frozenset[int]) -> None:
        self._wish(days=days)

    @rule(zone=zones)
    def another_zone(self, zone: str) -> None:
        self._wish(zone=zone)

    @rule(stops=st.lists(st.tuples(zones, st.floats(0, 15)), min_size=2, max_size=4))
    def travel(self, stops: list[tuple[str, float]]) -> None:
        """From airport to airport, and each time they tell us where they are."""
        for zone, hours in stops:
            self._wish(zone=zone)
            self.time_passes(hours * HOUR)

    @precondition(lambda self: not self.paused)
    @rule()
    def pause(self) -> None:
        self.paused, self.calendar.due = True, None

    @precondition(lambda self: self.paused)
    @rule()
    def come_back(self) -> None:
        self.paused = False
        self.calendar.due = self.calendar.schedules.next_due(self.calendar.now, self._first_open_day)

    @rule(wait=waits)
    def time_passes(self, wait: timedelta) -> None:
        self.calendar.live(self.calendar.now + wait)
        self._look_at_new_doses()

    @rule(hours=st.floats(0, 100))
    def we_are_away(self, hours: float) -> None:
        """Nobody sends; then what is due by now is claimed."""
        self.calendar.now += hours * HOUR
        while self.calendar.due and self.calendar.due.at <= self.calendar.now:
            self.calendar.claim()
        self._look_at_new_doses()

    def _wish(self, **wish: object) -> None:
        calendar = self.calendar
        today, was_pending = calendar.today, calendar.is_pending
        before = calendar.schedules.on(today)
        after = replace(calendar.schedules.wishes[-1][1], **wish)  # type: ignore[arg-type]
        calendar.change(after)
        assert calendar.due is None or calendar.due.day not in calendar.doses
        if was_pending and after.zone == before.zone and today.isoweekday() in after.days:
            assert calendar.due, "today's dose was to come, and none is"
            assert calendar.due.day == today, "today's dose was still to come and is lost by a change"
        if self.paused:
            calendar.due = None

    # what never happens (`Calendar.claim` refuses a second dose for a date)

    def _look_at_new_doses(self) -> None:
        """Before their hour comes only what would have no minute left: the day ends, or another zone's day begins."""
        schedules = self.calendar.schedules
        for day in self.calendar.doses.keys() - self.seen:
            at, wish = self.calendar.doses[day], schedules.on(day)
            assert not self.paused
            ends = [day_bounds(first, later)[0] for first, later in schedules.wishes if first > day]
            ends.append(day_bounds(day, wish)[1])
            assert at >= first_instant(day, wish.hour, find_zone(wish.zone)) or at == min(ends) - MINUTE
            assert day.isoweekday() in wish.days
            assert at <= self.calendar.now
            self.seen.add(day)

    @invariant()
    def the_next_dose_is_near(self) -> None:
        """Within 36 hours or, where a day of theirs is further off, on that day; the first may be over for its hour."""
        calendar = self.calendar
        if self.paused or not calendar.schedules.wishes[-1][1].days:
            return
        assert calendar.due, "they wait for a dose, and none is to come"
        assert calendar.due.at > calendar.now
        assert calendar.due.day not in calendar.doses
        is_near = calendar.due.at - calendar.now <= 36 * HOUR
        assert is_near or calendar.due.day in islice(self._days_of_theirs(), 2)

    def _days_of_theirs(self) -> Iterator[date]:
        for ahead in count():
            day = self._first_open_day + ahead * DAY
            wish = self.calendar.schedules.on(day)
            if day.isoweekday() in wish.days and exists(day, wish.zone):
                yield day

    @property
    def _first_open_day(self) -> date:
        today = self.calendar.today
        return today + DAY if today in self.calendar.doses else today


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=60, stateful_step_count=25)
