"""When an evening nudge or a weekly digest is due: an hour on the person's clock, on some days of the week."""

from __future__ import annotations

from datetime import datetime, time

from bot.learning.schedule import DAY, Schedules
from bot.learning.timetable import EVERY_DAY, find_zone, first_instant


def next_at(schedules: Schedules, hour: time, after: datetime, weekdays: frozenset[int] = EVERY_DAY) -> datetime:
    """The first instant (UTC) later than `after` at which their clock shows `hour` on one of the ISO `weekdays`.

    In a gap of the clocks it is the end of the gap, in an overlap the first of the two. Raises ValueError for a naive instant, and
    where no weekday is given.
    """
    if not weekdays:
        raise ValueError("an appointment needs a day of the week")
    today = schedules.today(after)
    for ahead in range(-1, 10):
        day = today + ahead * DAY
        at = first_instant(day, hour, find_zone(schedules.on(day).zone))
        if at > after and day.isoweekday() in weekdays:
            return at
    raise AssertionError("ten days hold every weekday")
