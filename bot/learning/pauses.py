"""Pauses: the days they take, and what becomes of them when somebody asks for another one or comes back.

A pause is a fact with its first day and the day on which doses come again; without that day it goes on until the person returns. One
that begins later is planned: it begins and ends by itself, and may be called off. Where nothing gets through to somebody any more, that is
a pause without an end beside what they asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.learning.timetable import DAY

BLOCKED = "blocked"


class Pause(NamedTuple):
    """Days without doses, from `from_day` to the day before `to_day`, or until further notice.

    `why` is "asked", "blocked" (they blocked the bot) or "before" (they had not begun yet).
    """

    from_day: date
    to_day: date | None
    why: str

    def covers(self, day: date) -> bool:
        """Whether a day is one of its days."""
        return self.from_day <= day and (self.to_day is None or day < self.to_day)


def goes_on(pause: Pause, today: date) -> bool:
    """Whether it has begun, or begins tomorrow, for today's dose is there already; and is not over."""
    return pause.from_day <= today + DAY and (pause.to_day is None or pause.to_day > today)


def stands_for_a_block(pause: Pause) -> bool:
    """Whether it is there because nothing gets through to them, and goes on until they let us in again."""
    return pause.why == BLOCKED and pause.to_day is None


def is_planned(pause: Pause, today: date) -> bool:
    """Whether it is still to begin."""
    return pause.from_day > today + DAY


def is_ahead(pause: Pause, today: date) -> bool:
    """Whether its first day is still to come, be it tomorrow."""
    return pause.from_day > today


def current(pauses: Sequence[Pause], today: date) -> Pause | None:
    """The pause they asked for that goes on."""
    return next((one for one in pauses if goes_on(one, today) and not stands_for_a_block(one)), None)


def asked_ahead(pauses: Sequence[Pause], today: date) -> list[Pause]:
    """The pauses they asked for that have not begun."""
    return [one for one in pauses if is_ahead(one, today) and not stands_for_a_block(one)]


def block(pauses: Sequence[Pause]) -> Pause | None:
    """What goes on because nothing got through to them; it begins after a pause they asked for, where it was within one."""
    return next(filter(stands_for_a_block, pauses), None)


def blocked_since(pauses: Sequence[Pause]) -> date | None:
    """The first day of it."""
    there = block(pauses)
    return there.from_day if there else None


def open_ended(pauses: Sequence[Pause]) -> Pause | None:
    """The pause that lasts until they say so."""
    return next((one for one in pauses if one.to_day is None and not stands_for_a_block(one)), None)


def with_asked(pauses: Sequence[Pause], new: Pause, today: date) -> list[Pause]:
    """The pauses when `new` is added to them; no day is in two.

    One that is asked for within a planned one puts that right and takes its place, and so does one that holds all of another. Where the
    two only overlap, the planned one stays whole and the new one is the days beside it: so whoever calls it off, or comes back, has what
    they planned before. Of what has begun, the days before the new one stay what they were. One without an end leaves alone what begins
    later: they may be back by then.
    """
    kept, first, end = [], new.from_day, new.to_day
    for one in pauses:
        if not _meet(one, new) or (new.to_day is None and one.from_day > new.from_day and is_planned(one, today)):
            kept.append(one)
        elif _is_cut(one, new, today):
            kept += [one._replace(to_day=new.from_day)] if one.from_day < new.from_day else []
        elif not _lies_within(one, new) and not _lies_within(new, one):
            kept.append(one)
            if one.from_day > new.from_day:
                end = min(end or one.from_day, one.from_day)
            else:
                assert one.to_day is not None, "what begins before another and holds not all of it ends"
                first = max(first, one.to_day)
    beside = [new._replace(from_day=first, to_day=end)] if end is None or first < end else []
    return sorted([*kept, *beside], key=lambda pause: pause.from_day)


def _is_cut(one: Pause, new: Pause, today: date) -> bool:
    """Whether a pause that meets a new one ends where that begins: it goes on already, or the new one has no end."""
    if new.to_day is None:
        return one.to_day is not None or goes_on(one, today)
    return goes_on(one, today) and (one.from_day <= new.from_day or one.to_day is None)


def with_moved(pauses: Sequence[Pause], planned: Pause, new: Pause, today: date) -> list[Pause]:
    """The pauses when a planned one gets other days. What goes on stays as it is, unless these hold all of it.

    They are the days after it, if it ends; one without an end has to be left before they begin, so they are still to come.
    """
    others = [one for one in pauses if one != planned]
    stay = [one for one in others if goes_on(one, today) and not _lies_within(one, new)]
    rest = [one for one in others if one not in stay]
    first = max([new.from_day, *(one.to_day for one in stay if one.to_day and one.from_day <= new.from_day)])
    after = [one.from_day for one in stay if one.to_day and one.from_day > new.from_day]
    end = min([day for day in (new.to_day, *after) if day], default=None)
    if end is None or first < end:
        rest = with_asked(rest, new._replace(from_day=first, to_day=end), today)
    return sorted([*stay, *rest], key=lambda pause: pause.from_day)


class Stretch(NamedTuple):
    """Days without doses in one piece, until the first one with doses again, and the pauses that make it up."""

    first: date
    until: date
    of: tuple[Pause, ...]


def stretch_around(pauses: Sequence[Pause], day: date, today: date) -> Stretch:
    """The pauses that follow each other without a gap around a day that one of them takes, from today on; all of them end."""
    found = next(one for one in pauses if one.covers(day))
    first, until, of = found.from_day, found.to_day, {found}
    assert until is not None, "what was asked for with an end ends"
    for one in sorted(pauses, key=lambda pause: pause.from_day, reverse=True):
        if one.to_day and today < first <= one.to_day and one.from_day <= first:
            first, of = one.from_day, of | {one}
    for one in sorted(pauses, key=lambda pause: pause.from_day):
        if one.to_day and first <= one.from_day <= until:
            until, of = max(until, one.to_day), of | {one}
    return Stretch(first, until, tuple(sorted(of)))


def _meet(one: Pause, other: Pause) -> bool:
    return (other.to_day is None or one.from_day < other.to_day) and (one.to_day is None or other.from_day < one.to_day)


def _lies_within(one: Pause, other: Pause) -> bool:
    return other.from_day <= one.from_day and _ends_by(one, other)


def _ends_by(one: Pause, other: Pause) -> bool:
    """Whether a pause is over when another is."""
    return other.to_day is None or (one.to_day is not None and one.to_day <= other.to_day)


def with_blocked(pauses: Sequence[Pause], day: date) -> list[Pause]:
    """The pauses when nothing gets through to somebody from a day on.

    What they asked for stays whole: within it no dose would have come anyway, so the new one begins after it.
    """
    first, kept = day, []
    for one in sorted(pauses, key=lambda pause: pause.from_day):
        if one.to_day is None:
            kept += [one._replace(to_day=day)] if one.from_day < day else []
            continue
        kept.append(one)
        if one.covers(first):
            first = one.to_day
    return sorted([*kept, Pause(first, None, BLOCKED)], key=lambda pause: pause.from_day)


def without_blocked(pauses: Sequence[Pause], today: date) -> list[Pause]:
    """The pauses when somebody let us in again: what stood for the block ends, and what they asked for goes on."""
    running = (one.from_day for one in pauses if one.to_day and one.covers(today))
    end = min((today, *running))
    kept = []
    for one in pauses:
        if not stands_for_a_block(one):
            kept.append(one)
        elif one.from_day < end:
            kept.append(one._replace(to_day=end))
    return kept


def without_current(pauses: Sequence[Pause], today: date) -> list[Pause]:
    """The pauses when somebody is back: what goes on ends, and what never acted vanishes. What is planned stays."""
    kept = []
    for one in pauses:
        if not goes_on(one, today):
            kept.append(one)
        elif one.from_day < today:
            kept.append(one._replace(to_day=today))
    return kept
