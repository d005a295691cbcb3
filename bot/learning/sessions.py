"""Long things over days: how many parts they have, what comes next, and what becomes of them.

    begin ─▶ open ──worked on, part by part──▶ finished
              │ ▲ └──it left the catalog──▶ retired
         shelve │ take up
              ▼ │
            shelved

What does not fit a dose becomes a thread. At most two are open at once; what is shelved or retired keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from bot.catalog.entry import Resource
from bot.states import ThreadState

MOST_OPEN = 2
SHORTEST = 5
"""Minutes: a session shorter than this is not worth opening anything for."""
UNFINISHED = (ThreadState.OPEN, ThreadState.SHELVED, ThreadState.RETIRED)


@dataclass(frozen=True, slots=True)
class Thread:
    """How far somebody is with a long thing: `part` of its `of` parts are behind them (0 to `of`); `note` is where they stopped.

    `own` is what they took themselves, from a search or the shelf: it goes on whatever their way has, in turn with it.
    """

    resource: str
    part: int
    of: int
    state: ThreadState
    opened_on: date
    last_on: date
    note: str = ""
    own: bool = False

    @property
    def left(self) -> int:
        """Parts still ahead."""
        return max(0, self.of - self.part)


@dataclass(frozen=True, slots=True)
class Session:
    """What one dose takes of a long thing: it begins with `part` (from 1) and gets to `until`, of `of` parts, in `minutes`."""

    part: int
    until: int
    of: int
    minutes: int


def is_session(entry: Resource, budget: int) -> bool:
    """Whether a resource does not fit the minutes in one go, or runs over days by its nature."""
    return entry.minutes > budget or (entry.days is not None and entry.days > 1)


def parts_of(entry: Resource, minutes: int) -> int:
    """How many parts a long thing has for somebody with so many minutes a dose.

    The parts a list names; else the days a list recommends; else as many as the minutes make of it. At least one.
    """
    if len(entry.parts) > 1:
        return len(entry.parts)
    if entry.days is not None:
        return max(1, entry.days)
    return max(1, ceil(entry.minutes / max(minutes, SHORTEST)))


def session_of(entry: Resource, thread: Thread | None, budget: int, usual: int) -> Session:
    """The next session for today's `budget`, in minutes, which may be another than the `usual` minutes the parts were cut for.

    With more time it gets further than one part, with less it still begins where they are.
    """
    of = thread.of if thread else parts_of(entry, usual)
    done = min(thread.part, of - 1) if thread else 0
    each = entry.minutes / of
    ahead = max(1, min(of - done, int(budget / each + 1e-9))) if each else of - done
    minutes = min(budget, ceil(each * ahead))
    return Session(done + 1, done + ahead, of, max(1, minutes))


def worked_on(thread: Thread, part: int, day: date, note: str | None = None) -> Thread:
    """The thread after a session that got to the end of `part`. It never goes back; at its last part it is finished."""
    reached = min(max(thread.part, part), thread.of)
    said = thread.note if note is None else note
    state = ThreadState.FINISHED if reached >= thread.of else ThreadState.OPEN
    return replace(thread, part=reached, state=state, last_on=max(day, thread.last_on), note=said)


def finished(thread: Thread, day: date) -> Thread:
    """They say it is finished, however far the parts say they are."""
    return worked_on(thread, thread.of, day)


def can_open(threads: Iterable[Thread]) -> bool:
    """Whether there is room for one more open thread."""
    return sum(thread.state == ThreadState.OPEN for thread in threads) < MOST_OPEN


def without_crowd(threads: Iterable[Thread]) -> list[Thread]:
    """The threads, those worked on last first, with no more open than may be: the others wait on the shelf, their place kept."""
    now, still = [], 0
    for thread in threads:
        still += thread.state == ThreadState.OPEN
        now.append(
            replace(thread, state=ThreadState.SHELVED)
            if thread.state == ThreadState.OPEN and still > MOST_OPEN
            else thread
        )
    return now


def without_retired(threads: Iterable[Thread], held: Iterable[str]) -> tuple[list[Thread], list[Thread]]:
    """The threads as they are after entries left the catalog or came back, and those that changed.

    `held` is what the catalog holds of them. An open one whose entry is gone is retired, its place kept; one that is back waits, shelved,
    for its person to take it up again.
    """
    there = set(held)
    now = [_as_held(thread, thread.resource in there) for thread in threads]
    return now, [new for new, old in zip(now, threads, strict=True) if new.state != old.state]


def _as_held(thread: Thread, is_there: bool) -> Thread:
    if not is_there and thread.state == ThreadState.OPEN:
        return replace(thread, state=ThreadState.RETIRED)
    if is_there and thread.state == ThreadState.RETIRED:
        return replace(thread, state=ThreadState.SHELVED)
    return thread
