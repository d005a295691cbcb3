"""When to be quiet: ten doses in a row that nobody answered, from somebody who wrote nothing meanwhile, are answer enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.learning.dose import Given

MOST = 10
"""After so many days with a dose and no answer we say one kind word and then nothing, until they write."""


def is_time_to_be_quiet(recent: Sequence[Given], heard_on: date | None, day: date) -> bool:
    """Whether the newest doses before a day say so. `recent` has the newest last; `heard_on` is the day on which they last wrote.

    Several doses of one day are one; a press on any of them is an answer.
    """
    days: list[date] = []
    for dose in reversed(recent):
        if dose.day >= day:
            continue
        if dose.answered:
            return False
        if not days or days[-1] != dose.day:
            days.append(dose.day)
        if len(days) == MOST:
            return heard_on is None or heard_on < days[-1]
    return False
