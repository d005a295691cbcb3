"""The weeks ahead, topic by topic, from somebody's real pace: values in and values out, no I/O, no clock.

    completions of the last weeks ─▶ Pace ─┐
    what is left of the way ───────────────┴─▶ Plan: each topic with what is left of it, and when it ends

The measure is doses: an entry that fits their minutes is one, a longer one as many as it has sessions. So somebody who finishes a
course in one press gets no faster than they are, and a slow week makes nobody late: the plan is told anew from wherever they stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from bot.catalog.entry import Catalog, Resource, TrailTopic
from bot.catalog.kinds import Use
from bot.learning.pauses import Pause
from bot.learning.sessions import Thread, is_session, parts_of

WINDOW = 42
"""Days back over which the pace is measured."""
ENOUGH_DAYS, ENOUGH_DOSES = 7, 3
"""What a pace is measured from at least; before that it is the one they set out with."""
FARTHEST = 520.0
"""Weeks: what ends later is said to be far away."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Did:
    """A dose's worth of learning on a day, and the minutes it took."""

    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class LearningPace:
    """Doses and minutes a week, over the last `days`. Where it is not `measured`, it is what they wish for."""

    doses: float
    minutes: float
    days: int
    measured: bool


def pace_of(
    did: Iterable[Did], began_on: date, today: date, paused: Collection[date], *, weekly: int, minutes: int
) -> LearningPace:
    """The pace of the last weeks, paused days left out; with too little to go by, `weekly` doses of so many `minutes`."""
    first = max(began_on, today - timedelta(days=WINDOW - 1))
    window = [first + timedelta(days=ahead) for ahead in range((today - first).days + 1)]
    counted = [day for day in window if day not in paused]
    inside = [one for one in did if first <= one.day <= today]
    if len(counted) < ENOUGH_DAYS or len(inside) < ENOUGH_DOSES:
        wished = max(1, weekly)
        return LearningPace(float(wished), float(wished * max(1, minutes)), len(counted), measured=False)
    weeks = len(counted) / WEEK
    return LearningPace(len(inside) / weeks, sum(one.minutes for one in inside) / weeks, len(counted), measured=True)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A topic ahead: its core entries still to do, the doses they take, and the weeks from now at which it begins and ends."""

    topic: str
    entries: tuple[Resource, ...]
    doses: int
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The topics ahead in their order; none where the way is done."""

    pace: LearningPace
    stretches: tuple[Stretch, ...]

    @property
    def weeks(self) -> float:
        """How many weeks all of it takes, never less than none."""
        return self.stretches[-1].ends if self.stretches else 0.0


def plan_of(
    catalog: Catalog,
    stops: Sequence[TrailTopic],
    settled: Collection[str],
    threads: Mapping[str, Thread],
    pace: LearningPace,
    minutes: int,
) -> Plan:
    """The way ahead. `settled` is what does not come any more, `threads` how far they are with long things, by resource."""
    stretches: list[Stretch] = []
    begins = 0.0
    for stop in stops:
        core = catalog.core_of(stop.id, stop.lists, stop.order)
        left = tuple(entry for entry in core if entry.use is Use.DOSE and entry.id not in settled)
        if left:
            doses = sum(doses_of(entry, threads.get(entry.id), minutes) for entry in left)
            ends = begins + doses / pace.doses
            stretches.append(Stretch(stop.id, left, doses, begins, ends))
            begins = ends
    return Plan(pace, tuple(stretches))


def doses_of(entry: Resource, thread: Thread | None, minutes: int) -> int:
    """How many doses an entry still takes: one if it fits the minutes, else the sessions that are left of it."""
    if thread is not None:
        return max(1, thread.left)
    return parts_of(entry, minutes) if is_session(entry, minutes) else 1


def day_at(start: date, weeks: float, breaks: Sequence[Pause] = ()) -> date | None:
    """The day so many weeks after another, rounded up, those of `breaks` not counted; None where that is too far away to name."""
    if weeks > FARTHEST:
        return None
    day = start + timedelta(days=ceil(weeks * WEEK))
    for one in breaks:
        if one.to_day and one.from_day <= day:
            day += one.to_day - one.from_day
    return day
