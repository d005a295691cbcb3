"""Two records of one person's days become one: the past as the kinder of the two tells it, from today on the wishes that stay.

    stays ─┐                         ┌─ told by stays, before its first day by ends ─┐
           ├─ what is done: of both ─┤                                               ├─ the longer streak ─▶ from today on: stays
    ends ──┘                         └─ told by ends, before its first day by stays ─┘

What was done counts whatever chat it was done in. Which days were theirs, paused or excused only one of the two can say: two stories of
one day would be none. Whichever gives the longer streak tells it, so that no streak is lower than either was before (tested).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.learning.pauses import Pause
from bot.learning.schedule import Schedules
from bot.learning.sessions import Thread
from bot.learning.streak import Excuse, History, classify, streak
from bot.states import ThreadState


def together(stays: History, ends: History, now: datetime, *, sent: bool) -> History:
    """The one history of both. `sent` says whether today's dose is already with the person, as `Schedules.changed` asks."""
    by_stays, by_ends = _told_by(stays, ends), _told_by(ends, stays)
    if _streak(by_stays, now) >= _streak(by_ends, now):
        return by_stays
    return _goes_on(by_ends, stays, now, sent=sent)


def _streak(history: History, now: datetime) -> tuple[int, int]:
    found = streak(classify(history, now))
    return found.length, found.best


def _told_by(teller: History, other: History) -> History:
    """What both did, on the days as one of them tells these; what was before its first day the other tells."""
    done = (*teller.completions, *other.completions)
    began = teller.began_on
    if other.began_on >= began:
        return replace(teller, completions=done)
    return History(
        began_on=other.began_on,
        schedules=_spliced(other.schedules, teller.schedules, began),
        completions=done,
        pauses=(*_until(other.pauses, began), *teller.pauses),
        excuses=(*(one for one in other.excuses if one.day < began), *_since(teller.excuses, began)),
    )


def _spliced(before: Schedules, after: Schedules, day: date) -> Schedules:
    """The one history of timetables up to a day, the other one from then on."""
    old = tuple(wish for wish in before.wishes if wish[0] < day) or ((date.min, before.on(day)),)
    new = tuple(wish for wish in after.wishes if wish[0] > day)
    return Schedules((*old, (day, after.on(day)), *new))


def _goes_on(past: History, stays: History, now: datetime, *, sent: bool) -> History:
    """From today on the timetable and the pauses of the one that stays act."""
    _, timetable = stays.schedules.wishes[-1]
    schedules = past.schedules.changed(timetable, now, sent=sent)
    today = schedules.today(now)
    goes_on = (
        one._replace(from_day=max(one.from_day, today))
        for one in stays.pauses
        if one.to_day is None or one.to_day > today
    )
    return replace(
        past,
        schedules=schedules,
        pauses=(*_until(past.pauses, today), *goes_on),
        excuses=(*(one for one in past.excuses if one.day < today), *_since(stays.excuses, today)),
    )


def _until(pauses: Sequence[Pause], day: date) -> list[Pause]:
    """The pauses before a day; one that goes on ends there."""
    return [
        one._replace(to_day=day if one.to_day is None else min(one.to_day, day)) for one in pauses if one.from_day < day
    ]


def _since(excuses: Sequence[Excuse], day: date) -> list[Excuse]:
    return [one for one in excuses if one.day >= day]


# ── long things ─────────────────────────────────────────────────────────────────────────────────────────────


def thread_of_both(one: Thread, other: Thread) -> Thread:
    """How far somebody is with something long that they did in two places: as far as they got in either, counted as it is there.

    It is finished where either is, else open where either is; the words on where they stopped are the newest ones.
    """
    further = max((one, other), key=lambda thread: (thread.part / thread.of if thread.of else 1.0, thread.last_on))
    newer, older = sorted((one, other), key=lambda thread: thread.last_on, reverse=True)
    return replace(
        further,
        state=min((one.state, other.state), key=_STATES.index),
        opened_on=min(one.opened_on, other.opened_on),
        last_on=newer.last_on,
        note=newer.note or older.note,
        own=one.own or other.own,
    )


_STATES = (ThreadState.FINISHED, ThreadState.OPEN, ThreadState.SHELVED, ThreadState.RETIRED)
"""The one that counts where two places disagree comes first."""
