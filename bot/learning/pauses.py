"""Pauses: the days they take, and what becomes of them when somebody asks for another one or comes back.

A pause is a fact with its first day and the day on which doses come again; without that day it goes on until the person returns. One
that begins later is planned: it begins and ends by itself, and may be called off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from bot.learning.timetable import DAY


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


def is_planned(pause: Pause, today: date) -> bool:
    """Whether it is still to begin."""
    return pause.from_day > today + DAY


def with_asked(pauses: Sequence[Pause], new: Pause, today: date) -> list[Pause]:
    """The pauses when `new` is added to them; no day is in two.

    One that is asked for within a planned one puts that right and takes its place. One that reaches beyond another adds its days to it.
    Of what has begun, the days before the new one stay what they were. One without an end leaves alone what begins later: they may be
    back by then.
    """
    kept = [left for one in pauses for left in _beside(one, new, today)]
    return sorted([*kept, new], key=lambda pause: pause.from_day)


def _beside(one: Pause, new: Pause, today: date) -> Iterator[Pause]:
    """What a pause is beside a new one."""
    if not _meet(one, new) or (new.to_day is None and one.from_day > new.from_day):
        yield one
        return
    lies_within = one.from_day <= new.from_day and _ends_by(new, one)
    if one.from_day < new.from_day and (one.from_day <= today or not lies_within):
        yield one._replace(to_day=new.from_day)
    if not lies_within and not _ends_by(one, new):
        assert new.to_day is not None, "what ends after another, that one ends"
        yield one._replace(from_day=new.to_day)


def _meet(one: Pause, other: Pause) -> bool:
    return (other.to_day is None or one.from_day < other.to_day) and (one.to_day is None or other.from_day < one.to_day)


def _ends_by(one: Pause, other: Pause) -> bool:
    """Whether a pause is over when another is."""
    return other.to_day is None or (one.to_day is not None and one.to_day <= other.to_day)


def without_current(pauses: Sequence[Pause], today: date) -> list[Pause]:
    """The pauses when somebody is back: what goes on ends, and what never acted vanishes. What is planned stays."""
    kept = []
    for one in pauses:
        if not goes_on(one, today):
            kept.append(one)
        elif one.from_day < today:
            kept.append(one._replace(to_day=today))
    return kept
