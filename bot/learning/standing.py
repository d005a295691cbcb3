"""Where somebody stands: their days, the streak and this week, computed once for everything that shows any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.learning.streak import Day, History, Status, Streak, WeekGoal, classify, closes, explain, streak, week
from bot.states import Goal

MILESTONES = (7, 30, 100, 365)
"""The lengths of a streak that are worth a word (with the next dose, never on their own)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's days up to today, what follows from them, and the week that runs (`week.goal` is 7 where none was asked).

    `open_until` tells of the days before today that are still open until which instant (UTC) they can be done.
    """

    today: date
    days: tuple[Day, ...]
    streak: Streak
    week: WeekGoal
    open_until: Mapping[date, datetime]

    def told(self, goal: Goal) -> tuple[Day, ...]:
        """The days as they are told to somebody with that goal: only a streak forgives."""
        return explain(self.days, known=self.streak) if goal == Goal.STREAK else self.days

    @property
    def days_done(self) -> int:
        """How many days are done, ever."""
        return sum(day.status is Status.DONE for day in self.days)


def stand(history: History, now: datetime, weekly: int = 7) -> Standing:
    """Where a person with this history stands at an instant, with `weekly` days of the week as their goal."""
    days = classify(history, now)
    today = history.schedules.today(now)
    still = [day.date for day in days if day.status is Status.OPEN and day.date < today]
    open_until = {day: closes(day, history.schedules) for day in still}
    return Standing(today, days, streak(days), week(history, now, weekly), open_until)


def milestone_passed(before: int, after: int) -> int | None:
    """The milestone that a streak reached on its way from one length to another, the largest of several."""
    return max((milestone for milestone in MILESTONES if before < milestone <= after), default=None)
