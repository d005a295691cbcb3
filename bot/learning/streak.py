"""What each day counted as, the streak that follows from it, and the goal of a week.

    History ──classify──▶ days ──streak──▶ Streak
       │                    └────explain──▶ the same days, told why
       └──────week──▶ WeekGoal

Nothing is counted up and kept. Everything people see (the streak, the best one, `/streak why`, the picture,
the export) comes from these functions and the facts that were written down, so they cannot disagree.

The rule (design, section 2): *the streak is the number of done days in the longest run back from today in which
any 14 of the person's own days hold at most two misses.* Own days leave out rest, paused and excused days; what
is still open is neither done nor missed; misses inside the run are forgiven and do not add. A run of fewer than
14 own days is judged as it is.

Two things follow, and are tested. Something done can never lower a streak: it takes a miss away, or puts one
more day between two misses. And an excuse can never lower one either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.learning.pauses import Pause
from bot.learning.schedule import Schedules
from bot.learning.timetable import DAY, dates_skipped, day_bounds

WINDOW = 14
MISSES_FORGIVEN = 2
CLOSES_AFTER = timedelta(hours=24)
"""How long after its end a day waits for a late press before what is not done is missed."""


# ── the facts ───────────────────────────────────────────────────────────────────────────────────────────────


class Completion(NamedTuple):
    """Something learnt: the day it counts for, its instant, and the zone the person was in."""

    day: date
    at: datetime
    zone: str


class Excuse(NamedTuple):
    """A day on which we failed the person, `since` and `until` when; or one that the date line took.

    `why` is "late", "lost", "unsure" (whether it came), "restored" (what they did is forgotten), "skipped", or "silent" (we were
    quiet, after ten doses without an answer).
    """

    day: date
    why: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All that is known about a person's days. The order of the facts does not matter, nor does saying one twice."""

    began_on: date
    schedules: Schedules
    completions: Sequence[Completion] = ()
    pauses: Sequence[Pause] = ()
    excuses: Sequence[Excuse] = ()


# ── the days ────────────────────────────────────────────────────────────────────────────────────────────────


class Status(StrEnum):
    """What a day counted as."""

    DONE = "done"
    OPEN = "open"
    REST = "rest"
    PAUSED = "paused"
    EXCUSED = "excused"
    FORGIVEN = "forgiven"
    MISSED = "missed"


OWN = frozenset({Status.DONE, Status.OPEN, Status.FORGIVEN, Status.MISSED})
MISSES = frozenset({Status.MISSED, Status.FORGIVEN})
LET_OFF = frozenset({Status.PAUSED, Status.EXCUSED})


class Day(NamedTuple):
    """A learning day, what it counted as, and the fact that made it so, where there is one."""

    date: date
    status: Status
    because: Completion | Pause | Excuse | None = None


def classify(history: History, now: datetime, first: date | None = None, last: date | None = None) -> tuple[Day, ...]:
    """What each day counts as at an instant, in order, `first` and `last` included.

    Without them: from the day the person began to today. Days to come are open, unless they are known to be rest
    or paused. What is done counts as done on any day, also on one of rest, pause or excuse: nobody is told that
    learning on a Sunday was nothing. A day is missed only once it is closed, and forgiving is left to `streak`.
    Raises ValueError for a naive instant.
    """
    done = _firsts(history.completions, first, last)
    first = first or min([history.began_on, *done])
    last = last or max([history.schedules.today(now), *done])
    paused = {day: pause for pause in _pauses(history) for day in _dates_of(pause, first, last)}
    excused = {excuse.day: excuse for excuse in _excuses(history, first, last)}
    open_from = first_open_day(history.schedules, now)

    def judge(day: date) -> Day:
        if day in done:
            return Day(day, Status.DONE, done[day])
        if day.isoweekday() not in history.schedules.on(day).days:
            return Day(day, Status.REST)
        if day in paused:
            return Day(day, Status.PAUSED, paused[day])
        if day in excused:
            return Day(day, Status.EXCUSED, excused[day])
        return Day(day, Status.MISSED if day < open_from else Status.OPEN)

    return tuple(judge(day) for day in _dates(first, last))


def first_open_day(schedules: Schedules, now: datetime) -> date:
    """The earliest day that is not closed yet. A day closes 24 hours after its end, so this is the one that ran 24 hours ago."""
    if now.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {now!r}")
    return schedules.today(now.astimezone(UTC) - CLOSES_AFTER)


def closes(day: date, schedules: Schedules) -> datetime:
    """The instant (UTC) until which a press on a day's dose counts for that day."""
    return schedules.bounds(day)[1] + CLOSES_AFTER


def counts_for(pressed_at: datetime, dose_day: date, schedules: Schedules) -> date:
    """The learning day for which a press on a dose counts.

    The dose's own day until that closes, 24 hours after its end; after that the day of the press: something was
    learnt, and it was learnt then. A day is done once, however often it is pressed. Raises ValueError for a naive
    instant.
    """
    today = schedules.today(pressed_at)
    return dose_day if first_open_day(schedules, pressed_at) <= dose_day <= today else today


# ── the streak ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Streak:
    """How many days, the most there ever were, the first done day of this run, and the misses it forgives.

    `forgiven_now` counts the forgiven misses among the last 14 own days: at two, one more costs the days before
    the older of them. While yesterday is still open, length and best trust it: it may yet be done.
    """

    length: int
    best: int
    since: date | None
    forgiven: tuple[date, ...]
    forgiven_now: int


def streak(days: Sequence[Day]) -> Streak:
    """The streak at the end of `days` (in order, as `classify` gives them), in one pass over them."""
    own = [day for day in days if day.status in OWN]
    done_before, misses, run, best = [0], [-WINDOW] * (MISSES_FORGIVEN + 1), 0, 0
    for place, day in enumerate(own):
        done_before.append(done_before[-1] + (day.status is Status.DONE))
        if day.status in MISSES:
            misses.append(place)
            oldest = misses[-1 - MISSES_FORGIVEN]
            if place - oldest < WINDOW:  # one miss too many within the window: the run begins after the oldest of them
                run = oldest + 1
        best = max(best, done_before[-1] - done_before[run])
    return _describe(own[run:], best)


def _describe(run: Sequence[Day], best: int) -> Streak:
    """The streak of a run of own days. It is told from its first done day on: there is nothing to forgive before."""
    done = [day.date for day in run if day.status is Status.DONE]
    if not done:
        return Streak(0, best, None, (), 0)
    forgiven = tuple(day.date for day in run if day.status in MISSES and day.date > done[0])
    window_begins = run[-WINDOW:][0].date
    return Streak(len(done), best, done[0], forgiven, sum(day >= window_begins for day in forgiven))


def explain(days: Sequence[Day], last: int | None = None, *, known: Streak | None = None) -> tuple[Day, ...]:
    """The days, or the `last` so many of them, with the misses that today's streak forgives told as forgiven.

    `known` is that streak, where it was computed already.
    """
    forgiven = frozenset((known or streak(days)).forgiven)
    shown = days if last is None else days[max(0, len(days) - last) :]
    return tuple(day._replace(status=Status.FORGIVEN) if day.date in forgiven else day for day in shown)


# ── the week ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WeekGoal:
    """A week from its Monday to its Sunday: how many days are done, and how many the person asked of themselves.

    `began` is the day they began, where that fell into this week and makes its goal smaller.
    """

    monday: date
    done: int
    goal: int
    began: date | None = None

    @property
    def met(self) -> bool:
        """Whether the week's goal is reached."""
        return self.done >= self.goal


def week(history: History, now: datetime, goal: int, of: date | None = None) -> WeekGoal:
    """The weekly goal at an instant, for the week that holds the day `of` (without it: today's).

    `goal` (1 to 7 days) shrinks in proportion to the own days that are paused or excused, days before the person
    began among them: rounded down, but to one at least while an own day is left. What is done does not change the
    goal, so that a day done in spite of a pause only helps. Raises ValueError for another goal or a naive instant.
    """
    if not 1 <= goal <= 7:
        raise ValueError(f"a weekly goal is 1 to 7 days, not {goal}")
    of = of or history.schedules.today(now)
    monday = of - (of.isoweekday() - 1) * DAY
    span = (monday, monday + 6 * DAY)
    done = sum(day.status is Status.DONE for day in classify(history, now, *span))
    asked = classify(replace(history, completions=()), now, *span)
    own = [day.status for day in asked if day.status is not Status.REST]
    kept = sum(status not in LET_OFF for status in own)
    smaller = max(1, goal * kept // len(own)) if kept else 0
    before = any(day.date < history.began_on and day.status is Status.PAUSED for day in asked)
    return WeekGoal(monday, done, smaller, history.began_on if before and smaller < goal else None)


# ── facts, day by day ───────────────────────────────────────────────────────────────────────────────────────


def _firsts(completions: Sequence[Completion], first: date | None, last: date | None) -> dict[date, Completion]:
    """The earliest completion of each day of a span, whatever order they came in."""
    found: dict[date, Completion] = {}
    for fact in completions:
        if (first is None or fact.day >= first) and (last is None or fact.day <= last):
            known = found.setdefault(fact.day, fact)
            if known is not fact and _is_earlier(fact, known):
                found[fact.day] = fact
    return found


def _is_earlier(one: Completion, other: Completion) -> bool:
    """Whether one comes before the other; of the same instant, told in two zones, one for good."""
    return (one.at, other.zone) < (other.at, one.zone)


def _pauses(history: History) -> list[Pause]:
    """The pauses, latest first, so that the earliest names a day; the time before they began is one of them."""
    before = Pause(date.min, history.began_on, "before")
    return sorted((*history.pauses, before), key=lambda pause: (pause.from_day, pause.why), reverse=True)


def _excuses(history: History, first: date, last: date) -> Iterator[Excuse]:
    """The recorded excuses, and those that follow from the calendar: days which the person never had."""
    schedules = history.schedules
    starts = [from_day for from_day, _ in schedules.wishes]
    ends = [*starts[1:], last + DAY]
    for (from_day, timetable), end in zip(schedules.wishes, ends, strict=True):
        for day in dates_skipped(timetable.zone, max(first, from_day), min(end, last + DAY)):
            yield Excuse(day, "skipped")
    for from_day, timetable in schedules.wishes[1:]:
        begin, day = day_bounds(from_day, timetable)[0], from_day - DAY
        while schedules.bounds(day)[0] >= begin:  # they flew over the date line: it would begin after its successor
            yield Excuse(day, "skipped")
            day -= DAY
    yield from sorted(history.excuses, key=lambda excuse: (excuse.day, excuse.why), reverse=True)


def _dates_of(pause: Pause, first: date, last: date) -> Iterator[date]:
    """The days of a pause within a span."""
    end = last if pause.to_day is None else min(last, pause.to_day - DAY)
    return _dates(max(first, pause.from_day), end)


def _dates(first: date, last: date) -> Iterator[date]:
    """Every date of a span, both ends included; none if it is empty."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
