"""How long a press on Done, or a tick, can be taken back: a slip is noticed soon, and a day that is over is not taken from anybody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.learning.schedule import Schedules
from bot.learning.streak import first_open_day

FOR = timedelta(hours=1)


def why_it_stays(pressed_at: datetime, day: date, schedules: Schedules, now: datetime) -> str | None:
    """Why a press on a day's dose cannot be taken back any more: `late`, or `day_over`, for it could not be done again; None if it can."""
    if now - pressed_at > FOR:
        return "late"
    return "day_over" if day < first_open_day(schedules, now) else None
