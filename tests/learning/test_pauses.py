"""Pauses that are planned, put right, reached beyond, called off by coming back: which days they take, and that no dose comes on them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.pauses import (
    Pause,
    asked_ahead,
    goes_on,
    is_planned,
    stands_for_a_block,
    stretch_around,
    with_asked,
    with_blocked,
    with_moved,
    without_blocked,
    without_current,
)
from bot.learning.schedule import DAY, Due, Schedules, claim
from bot.learning.timetable import Timetable
from tests.learning.lives import ZONES

TODAY = date(2026, 12, 1)
TENTH, TWENTIETH, FIFTH = date(2026, 12, 10), date(2026, 12, 20), date(2027, 1, 5)
REACH = 60


def asked(first: date, end: date | None) -> Pause:
    return Pause(first, end, "asked")


def days_of(pauses: list[Pause]) -> set[date]:
    """The days within reach that pauses take."""
    span = [TODAY + ahead * DAY for ahead in range(-REACH, 2 * REACH)]
    return {day for day in span if any(pause.covers(day) for pause in pauses)}


distances = st.integers(0, REACH)
pauses = st.builds(
    lambda ahead, long: asked(TODAY + ahead * DAY, TODAY + (ahead + long) * DAY if long else None),
    distances,
    st.integers(0, 30),
)
wishes = st.lists(pauses, max_size=6)


def all_asked(some: list[Pause]) -> list[Pause]:
    held: list[Pause] = []
    for one in some:
        held = with_asked(held, one, TODAY)
    return held


@given(wishes)
def test_no_day_is_in_two_pauses_and_no_two_begin_at_once(some: list[Pause]) -> None:
    held = all_asked(some)
    assert held == sorted(held, key=lambda one: one.from_day)
    assert len({one.from_day for one in held}) == len(held)
    if all(one.to_day for one in some):  # one without an end leaves alone what begins later
        assert all(one.to_day and one.to_day <= following.from_day for one, following in pairwise(held))
    assert all(one.to_day is None or one.from_day < one.to_day for one in held)


@given(wishes, pauses)
def test_every_day_that_was_asked_for_last_is_free_and_no_day_that_nobody_asked_for_is_taken(
    some: list[Pause], last: Pause
) -> None:
    before = all_asked(some)
    after = with_asked(before, last, TODAY)
    assert days_of([last]) <= days_of(after) <= days_of(before) | days_of([last])


@given(wishes, pauses)
def test_what_is_planned_and_only_overlaps_it_stays_whole(some: list[Pause], last: Pause) -> None:
    before = all_asked(some)
    theirs = days_of([last])
    for one in before if last.to_day else []:
        if is_planned(one, TODAY) and not days_of([one]) <= theirs and not theirs <= days_of([one]):
            assert one in with_asked(before, last, TODAY)


@given(wishes)
def test_a_stretch_is_every_day_without_a_dose_in_one_piece(some: list[Pause]) -> None:
    held = all_asked([one for one in some if one.to_day])
    for one in held:
        stretch = stretch_around(held, one.from_day, TODAY)
        assert days_of(held) >= days_of([asked(stretch.first, stretch.until)]) == days_of(list(stretch.of))
        assert one in stretch.of
        assert stretch.until not in days_of(held)
        assert stretch.first <= TODAY or stretch.first - DAY not in days_of(held)


def test_a_stretch_begins_with_what_had_no_end_also_past_one_that_was_planned_within_it() -> None:
    held = all_asked([asked(TENTH, TENTH + DAY), asked(TODAY, None), asked(TWENTIETH, FIFTH)])
    stretch = stretch_around(held, TWENTIETH, TODAY)
    assert (stretch.first, stretch.until) == (TODAY, FIFTH)


@given(wishes, pauses)
def test_what_does_not_meet_it_stays(some: list[Pause], last: Pause) -> None:
    before = all_asked(some)
    apart = [one for one in before if not days_of([one]) & days_of([last])]
    assert set(apart) <= set(with_asked(before, last, TODAY))


@given(wishes, pauses, st.booleans())
def test_other_days_for_a_planned_one_leave_alone_what_goes_on(some: list[Pause], new: Pause, is_open: bool) -> None:
    ending = [one for one in some if one.to_day]
    before = all_asked([*ending, asked(TODAY, None)] if is_open else ending)
    is_possible = new.to_day and (is_planned(new, TODAY) or not is_open)
    for planned in asked_ahead(before, TODAY) if is_possible else []:
        others = [one for one in before if one != planned]
        after = with_moved(before, planned, new, TODAY)
        stay = {one for one in others if goes_on(one, TODAY) and not days_of([one]) <= days_of([new])}
        assert stay <= set(after)
        assert days_of([new]) <= days_of(after) <= days_of([*others, new])
        assert len({one.from_day for one in after}) == len(after)


@given(wishes)
def test_whoever_is_back_is_not_paused_today_and_keeps_what_is_planned(some: list[Pause]) -> None:
    held = all_asked(some)
    left = without_current(held, TODAY)
    assert not any(goes_on(one, TODAY) for one in left)
    assert [one for one in held if is_planned(one, TODAY)] == left


@given(wishes, distances, distances)
def test_a_block_and_its_end_leave_what_they_asked_for_as_it_was(some: list[Pause], ahead: int, later: int) -> None:
    held = all_asked([one for one in some if one.to_day])
    gone, back = TODAY + ahead * DAY, TODAY + (ahead + later) * DAY
    blocked = with_blocked(held, gone)
    assert days_of(blocked) == days_of(held) | days_of([asked(gone, None)])
    assert len({one.from_day for one in blocked}) == len(blocked)
    after = without_blocked(blocked, back)
    assert set(held) <= set(after)
    assert days_of(after) == days_of(held) | days_of([asked(gone, back)])
    assert not any(map(stands_for_a_block, after))


@pytest.mark.parametrize(
    ("there", "new", "held"),
    [
        (asked(TWENTIETH, FIFTH), asked(date(2026, 12, 22), date(2027, 1, 3)), []),  # put right
        (asked(TWENTIETH, FIFTH), asked(TENTH, date(2027, 2, 1)), []),  # reached beyond on both sides
        (asked(TWENTIETH, FIFTH), asked(TODAY, None), [asked(TWENTIETH, FIFTH)]),  # they may be back by then
        (asked(TODAY - DAY, FIFTH), asked(TODAY, TENTH), [asked(TODAY - DAY, TODAY)]),  # shorter than it was
        (asked(TODAY - DAY, None), asked(TWENTIETH, FIFTH), [asked(TODAY - DAY, TWENTIETH)]),
        (asked(TODAY + DAY, None), asked(TWENTIETH, FIFTH), [asked(TODAY + DAY, TWENTIETH)]),  # today's dose was there
    ],
)
def test_what_becomes_of_the_one_before(there: Pause, new: Pause, held: list[Pause]) -> None:
    assert with_asked([there], new, TODAY) == sorted([*held, new], key=lambda one: one.from_day)


@pytest.mark.parametrize(
    ("new", "beside"),
    [
        (asked(TODAY, date(2026, 12, 25)), asked(TODAY, TWENTIETH)),
        (asked(date(2027, 1, 1), date(2027, 1, 9)), asked(FIFTH, date(2027, 1, 9))),
    ],
)
def test_one_that_reaches_into_a_planned_one_is_the_days_beside_it(new: Pause, beside: Pause) -> None:
    planned = asked(TWENTIETH, FIFTH)
    both = with_asked([planned], new, TODAY)
    assert both == sorted([planned, beside], key=lambda one: one.from_day)
    assert planned in without_current(both, TODAY)


# ---------------------------------------------------------------------------------------------------- what comes, and when


@given(st.sampled_from(ZONES), st.times(), st.dates(date(2026, 1, 1), date(2027, 6, 1)), distances, st.integers(1, 40))
def test_no_dose_is_due_within_a_pause_and_the_first_one_after_it_is_not_missed(
    zone: str, hour: time, began: date, ahead: int, long: int
) -> None:
    pause = asked(began + ahead * DAY, began + (ahead + long) * DAY)
    wish = ((date.min, Timetable(zone, hour.replace(second=0, microsecond=0))),)
    free, paused = Schedules(wish), Schedules(wish, (pause,))
    now = datetime.combine(began, time(12), ZoneInfo(zone)) - DAY
    given_free, given_paused = doses(free, now, REACH + 45), doses(paused, now, REACH + 45)
    assert given_paused == [due for due in given_free if not pause.covers(due.day)]
    after = next(due for due in given_paused if due.day >= pause.from_day)
    assert [due.day for due in given_paused if paused.comes_back_on(due.day)] == [after.day]


def doses(schedules: Schedules, now: datetime, count: int) -> list[Due]:
    """What is claimed, one after the other, each at its instant, within so many days."""
    until, claimed = now + count * DAY, []
    due = schedules.next_due(now, schedules.today(now))
    while due and due.at < until:
        found = claim(schedules, due, due.at)
        assert found.lost == ()
        claimed += [found.send] if found.send else []
        due = found.then
    return claimed


@given(st.sampled_from(ZONES), st.integers(1, 20), st.integers(1, 20), st.integers(0, 45))
def test_a_day_of_a_pause_is_never_lost_by_an_outage(zone: str, ahead: int, long: int, away: int) -> None:
    pause = asked(TODAY + ahead * DAY, TODAY + (ahead + long) * DAY)
    schedules = Schedules(((date.min, Timetable(zone, time(8))),), (pause,))
    begun = datetime.combine(TODAY, time(12), ZoneInfo(zone))
    due = schedules.next_due(begun, TODAY)
    assert due
    found = claim(schedules, due, max(due.at, begun + away * DAY))
    assert not any(pause.covers(day) for day in found.lost)
    assert found.send is None or not pause.covers(found.send.day)
    assert found.then
    assert not pause.covers(found.then.day)


def test_what_is_due_within_a_pause_all_the_same_is_not_sent() -> None:
    pause = asked(TODAY, TENTH)
    schedules = Schedules(((date.min, Timetable("UTC", time(8))),), (pause,))
    at = datetime.combine(TODAY, time(8), ZoneInfo("UTC"))
    found = claim(schedules, Due(TODAY, at), at)
    assert found.send is None
    assert found.lost == ()
    assert found.then == Due(TENTH, at + timedelta(days=9))
