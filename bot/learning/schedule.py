"""Which timetable acts on which learning day, and when the next dose is due.

People change their hour, zone, turn and days; the past stays as it was. A `Schedules` value is the history of those wishes, each with
the learning day from which it acts. "Changes act from the next learning day, or today if nothing was sent yet" (design, section 2); a
change whose hour has already passed today acts tomorrow, so that no day loses its dose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.learning.pauses import Pause
from bot.learning.timetable import MINUTE, Timetable, day_bounds, due_instant, learning_day

DAY = timedelta(days=1)
HORIZON = 400
"""How many days ahead a due day is looked for; the longest gap is a week, and a date that does not exist."""


@dataclass(frozen=True, slots=True)
class Due:
    """A learning day and the instant (UTC) at which its dose is due."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Schedules:
    """Timetables with the day each acts from, oldest first, never empty. The first one acts for the days before it as well.

    On the days of `pauses` nothing comes by itself, whatever a timetable says; they are told of here as far as their end is known.
    """

    wishes: tuple[tuple[date, Timetable], ...]
    pauses: tuple[Pause, ...] = ()

    def on(self, day: date) -> Timetable:
        """The timetable that acts on a day."""
        acting = self.wishes[0][1]
        for from_day, timetable in self.wishes:
            if from_day > day:
                break
            acting = timetable
        return acting

    def today(self, now: datetime) -> date:
        """The learning day of an instant. A wish that begins later never ends the day before it early, it can only lengthen it."""
        ends = None
        for from_day, timetable in reversed(self.wishes):
            day = learning_day(now, timetable)
            if day >= from_day:
                return min(day, ends) if ends else day
            ends = from_day - DAY
        return min(learning_day(now, self.wishes[0][1]), ends) if ends else learning_day(now, self.wishes[0][1])

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """Begin and end (UTC) of a learning day."""
        return day_bounds(day, self.on(day))

    def due(self, day: date) -> datetime | None:
        """The instant at which a day's dose is due, or None if the day is not one of theirs or does not exist.

        Where a wish that acts from a later day takes over before the hour (they fly east), it is the last minute before that, so
        that no day loses its dose and none gets two; None where the day had not even begun.
        """
        acting = self.on(day)
        at = due_instant(day, acting)
        ends = self._taken_over(day)
        if at is None or ends is None or at < ends:
            return at
        begin, _ = day_bounds(day, acting)
        return ends - MINUTE if begin < ends else None

    def _taken_over(self, day: date) -> datetime | None:
        """The instant from which on a later wish has its first day, whatever the timetable of this day says."""
        return min((day_bounds(from_day, wish)[0] for from_day, wish in self.wishes if from_day > day), default=None)

    def next_due(self, after: datetime, first: date) -> Due | None:
        """The first due instant later than `after` on day `first` or later, outside of every pause. None where no day is theirs."""
        day = first
        for _ in range(HORIZON):
            if pause := self.pause_on(day):
                if pause.to_day is None:
                    return None
                day = pause.to_day
                continue
            at = self.due(day)
            if at is not None and at > after:
                return Due(day, at)
            day += DAY
        return None

    def pause_on(self, day: date) -> Pause | None:
        """The pause that takes a day, if one does."""
        return next((pause for pause in self.pauses if pause.covers(day)), None)

    def comes_back_on(self, day: date) -> bool:
        """Whether a day's dose is the first one after a pause."""
        return any(
            pause.to_day is not None
            and pause.to_day <= day < pause.to_day + HORIZON * DAY
            and not any(self.due(pause.to_day + ahead * DAY) for ahead in range((day - pause.to_day).days))
            for pause in self.pauses
        )

    def changed(self, timetable: Timetable, now: datetime, *, sent: bool) -> Schedules:
        """The history with a new wish; `sent` says whether today's dose is already with the person."""
        today, new_day = self.today(now), learning_day(now, timetable)
        at = due_instant(new_day, timetable)
        still_ahead = at is None or at > now
        if new_day > today:  # they moved east, and it is tomorrow there already
            from_day = new_day if still_ahead else new_day + DAY
        else:
            from_day = today if still_ahead and new_day == today and not sent else today + DAY
        return replace(self, wishes=(*(wish for wish in self.wishes if wish[0] < from_day), (from_day, timetable)))


@dataclass(frozen=True, slots=True)
class Claim:
    """What to do with a subscription that is due: days we failed, the dose to send now (or None), and what is due after it."""

    lost: tuple[date, ...]
    send: Due | None
    then: Due | None


def claim(schedules: Schedules, expected: Due, now: datetime) -> Claim:
    """Decide for a subscription whose `expected` dose is due at or before about `now`.

    Usually that dose is sent and the next one follows. After an outage there is one dose, for the learning day of now, if its hour has
    come; the days that ended without theirs are lost through our fault.
    """
    today = schedules.today(now)
    if expected.day >= today and schedules.pause_on(expected.day):  # what changed under it left it there
        return Claim((), None, schedules.next_due(now, today))
    if expected.day >= today:
        return Claim((), expected, schedules.next_due(expected.at, expected.day + DAY))
    days = [expected.day + ahead * DAY for ahead in range((today - expected.day).days)]
    lost = tuple(day for day in days if schedules.due(day) and not schedules.pause_on(day))
    at = None if schedules.pause_on(today) else schedules.due(today)
    if at is None or at > now:
        return Claim(lost, None, schedules.next_due(now, today))
    return Claim(lost, Due(today, at), schedules.next_due(now, today + DAY))
