"""Two records of one person's days become one, and nobody's streak is the poorer for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.learning.schedule import Schedules
from bot.learning.streak import Completion, Excuse, History, Pause, Status, classify, streak
from bot.learning.timetable import Timetable
from bot.learning.union import together
from tests.learning.lives import random_life

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAILY, WEEKDAYS = "1234567", "12345"


def lived(began: str, done: str = "", *, days: str = DAILY, pauses: tuple[Pause, ...] = ()) -> History:
    """Somebody who began on a day and did (d) or let go (m) each day from then on."""
    first = date.fromisoformat(began)
    wish = Timetable("UTC", time(8), time(4), frozenset(map(int, days)))
    facts = [
        Completion(day, datetime(day.year, day.month, day.day, 9, tzinfo=UTC), "UTC")
        for day, what in ((first + timedelta(days=ahead), what) for ahead, what in enumerate(done))
        if what == "d"
    ]
    return History(first, Schedules(((first, wish),)), facts, pauses)


def length(history: History, now: datetime = NOW) -> int:
    return streak(classify(history, now)).length


def test_days_done_here_and_there_are_one_streak() -> None:
    here = lived("2026-03-16", "dmdm")
    there = lived("2026-03-16", "mdmd")
    assert length(together(here, there, NOW, sent=False)) == 4


def test_what_was_before_the_first_day_of_one_the_other_tells() -> None:
    old = lived("2026-02-02", "ddddd..ddddd..ddddd..ddddd..ddddd..", days=WEEKDAYS)
    new = lived("2026-03-09", "ddddddddddd")
    both = together(new, old, NOW, sent=False)
    assert (both.began_on, length(both)) == (date(2026, 2, 2), 25 + 11)
    assert both.schedules.on(date(2026, 2, 8)).days == frozenset(range(1, 6))
    assert both.schedules.on(NOW.date()).days == frozenset(range(1, 8))


def test_the_kinder_story_tells_the_past_and_the_one_that_stays_tells_what_comes() -> None:
    weekdays = lived("2026-03-02", "ddddd..ddddd..dddd", days=WEEKDAYS)
    daily = lived("2026-03-02")
    both = together(daily, weekdays, NOW, sent=False)
    assert length(both) == 14
    assert classify(both, NOW)[5].status is Status.REST
    assert both.schedules.on(date(2026, 3, 22)).days == frozenset(range(1, 8))


def test_a_streak_that_waits_in_a_pause_is_there_again() -> None:
    waits = lived("2026-01-01", "d" * 40, pauses=(Pause(date(2026, 2, 10), None, "asked"),))
    daily = lived("2026-03-10", "mmmmd")
    both = together(daily, waits, NOW, sent=False)
    assert length(both) == 41
    assert [pause.to_day for pause in both.pauses] == [NOW.date()]


def test_a_pause_of_the_one_that_stays_goes_on() -> None:
    paused = lived("2026-03-10", "d", pauses=(Pause(date(2026, 3, 12), None, "asked"),))
    busy = lived("2026-03-01", "d" * 19)
    both = together(paused, busy, NOW, sent=True)
    assert classify(both, NOW)[-1].status is Status.PAUSED
    assert both.pauses[-1].to_day is None


def test_what_we_owed_them_before_stays_excused() -> None:
    old = replace(lived("2026-03-01", "dd"), excuses=(Excuse(date(2026, 3, 3), "late"),))
    both = together(lived("2026-03-04", "d"), old, NOW, sent=False)
    assert classify(both, NOW)[2].status is Status.EXCUSED


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
def test_a_streak_is_never_lower_than_either_was(one: int, other: int, sent: bool) -> None:
    here, there = random_life(one), random_life(other)
    now = max(here.now, there.now)
    before = max(length(here.history(), now), length(there.history(), now))
    both = together(here.history(), there.history(), now, sent=sent)
    assert length(both, now) >= before
    assert set(both.completions) == {*here.done, *there.done}
