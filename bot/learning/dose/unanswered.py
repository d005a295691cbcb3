"""What becomes of doses nobody answered: again the next day, then after a week, then no more, and they block nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.learning.dose.learner import Given

REST = timedelta(days=7)
TIMES = 3
"""How often something comes that nobody answers."""
LAST_CHANCE = timedelta(days=21)
"""How long after its second time it may come for the third; when there was no room for it until then, it is over as well."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What past doses mean for a day.

    `again` is still there from the day before; `back` came twice and has rested for a week; `resting` does not come today; `spent` came
    as often as it may, or had its chance; `today` is what this day gave already and nobody answered. `ignored` is what nobody answered
    twice or more: it holds nobody up. `wished` they put off until the next dose, what has waited longest first.
    """

    again: str | None = None
    back: frozenset[str] = frozenset()
    resting: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()
    today: frozenset[str] = frozenset()
    ignored: frozenset[str] = frozenset()
    wished: tuple[str, ...] = ()


NOTHING_WAITS = Waiting()


def waiting(recent: Sequence[Given], day: date) -> Waiting:
    """Read from past doses, the newest last, what is left unanswered on a day.

    Only an unbroken row of days without an answer counts: what was answered, such as a session, begins again, and so does what somebody
    put off, because they said when they want it. A wish holds until it came, three weeks at most. A day that lies ahead (somebody's
    clock went back) is taken for this one.
    """
    if all(answered and not wished and came_on < day for came_on, _, answered, wished in recent):
        return NOTHING_WAITS
    left = _left_over(recent, day)
    if not left.came and not left.today and not left.wishes:
        return NOTHING_WAITS
    twice = {resource: days[-1] for resource, days in left.came.items() if len(days) == TIMES - 1}
    return Waiting(
        again=left.again,
        back=frozenset(resource for resource, last in twice.items() if REST <= day - last < LAST_CHANCE),
        resting=frozenset(resource for resource, last in twice.items() if day - last < REST),
        spent=frozenset(
            resource
            for resource, days in left.came.items()
            if len(days) >= TIMES or (len(days) == TIMES - 1 and day - days[-1] >= LAST_CHANCE)
        ),
        today=frozenset(left.today),
        ignored=frozenset(resource for resource, days in left.came.items() if len(days) >= TIMES - 1),
        wished=tuple(resource for resource, since in left.wishes.items() if day - since < LAST_CHANCE),
    )


@dataclass(frozen=True, slots=True)
class _LeftOver:
    """What past doses leave: the days on which each came and was not answered since; since when each wish stands; what came today."""

    came: dict[str, list[date]]
    wishes: dict[str, date]
    today: set[str]
    again: str | None


def _left_over(recent: Sequence[Given], day: date) -> _LeftOver:
    wishes: dict[str, date] = {}
    came: dict[str, list[date]] = {}
    newest: Given | None = None
    today: set[str] = set()
    had_today = False
    for dose in recent:
        came_on, resource, answered, wished = dose
        if wishes:
            wishes.pop(resource, None)
        if wished and came_on < day:
            wishes.setdefault(wished, came_on)
        if not resource:  # they passed over everything there was; the wish of that day stays
            continue
        if came_on >= day:
            had_today = True
            if not answered or wished:
                today.add(resource)
            continue
        newest = dose
        if not answered:
            days = came.setdefault(resource, [])
            if not days or days[-1] != came_on:
                days.append(came_on)
        elif resource in came:
            del came[resource]
    again = newest.resource if newest and not had_today and len(came.get(newest.resource, ())) == 1 else None
    return _LeftOver(came, wishes, today, again)
