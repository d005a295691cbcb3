"""Random lives: people who learn, forget, travel, pause, change their minds and press twice, for as many days as one likes.

The lives are told through the same rules that the bot lives by (`Schedules`, `counts_for`), so what comes out is what a database would
hold; only chance decides what happens, and one number decides chance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.learning.pauses import Pause
from bot.learning.schedule import Schedules
from bot.learning.streak import Completion, Excuse, History, counts_for
from bot.learning.timetable import Timetable

ZONES = (
    "America/Sao_Paulo", "America/New_York", "America/Nuuk", "America/Havana", "Africa/Cairo", "Africa/Casablanca",
    "Asia/Beirut", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Europe/Lisbon", "Pacific/Apia",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC",
)  # fmt: skip
BEGINNINGS = (
    datetime(2011, 12, 20, 12, tzinfo=UTC),  # Samoa skips a date
    datetime(2018, 10, 15, 12, tzinfo=UTC),  # São Paulo springs forward at midnight
    datetime(2026, 2, 20, 12, tzinfo=UTC),
    datetime(2026, 10, 5, 12, tzinfo=UTC),
)
HOURS = (time(0), time(0, 15), time(2, 30), time(8), time(20), time(23, 59))
TURNS = (time(4), time(4), time(0), time(6, 30))
WEEKS = ("1234567", "1234567", "12345", "135", "67")


@dataclass
class Life:
    """One person's life so far."""

    chance: Random
    now: datetime
    schedules: Schedules
    began_on: date
    done: list[Completion] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    excuses: list[Excuse] = field(default_factory=list)
    paused_from: tuple[date, str] | None = None

    def live(self, days: int) -> None:
        """Let days pass. Most days they press; now and then something else happens."""
        diligence = self.chance.choice((0.5, 0.75, 0.85, 0.95))
        for _ in range(days):
            if self.chance.random() < diligence:
                self.press()
            if self.chance.random() < 0.15:
                self.chance.choice(
                    (self.press, self.change, self.travel, self.travel, self.fail, self.pause, self.pause)
                )()
            self.now += timedelta(hours=self.chance.choice((23, 24, 24, 24, 25, self.chance.uniform(1, 30))))

    def press(self) -> None:
        """Done: on today's dose, yesterday's or one of last week."""
        day = self.schedules.today(self.now) - timedelta(days=self.chance.choice((0, 0, 0, 0, 1, 6)))
        counted = counts_for(self.now, day, self.schedules)
        self.done += [Completion(counted, self.now, self.schedules.on(counted).zone)] * self.chance.choice((1, 1, 1, 2))

    def change(self) -> None:
        """Another hour, turn or days."""
        self._wish(self.schedules.on(self.schedules.today(self.now)).zone)

    def travel(self) -> None:
        """Another zone, once or a few times within a day."""
        for _ in range(self.chance.choice((1, 1, 2, 4))):
            self._wish(self.chance.choice(ZONES))
            self.now += timedelta(hours=self.chance.uniform(0, 9))

    def _wish(self, zone: str) -> None:
        pick = self.chance.choice
        wish = Timetable(zone, pick(HOURS), pick(TURNS), frozenset(map(int, pick(WEEKS))))
        self.schedules = self.schedules.changed(wish, self.now, sent=pick((True, False)))

    def fail(self) -> None:
        """An outage: today, perhaps yesterday, was our fault."""
        day = self.schedules.today(self.now) - timedelta(days=self.chance.choice((0, 0, 1)))
        self.excuses.append(Excuse(day, self.chance.choice(("late", "lost"))))

    def pause(self) -> None:
        """Pause, or block us; or come back."""
        today = self.schedules.today(self.now)
        if self.paused_from is None:
            self.paused_from = today, self.chance.choice(("asked", "blocked"))
            return
        self.pauses.append(Pause(self.paused_from[0], today, self.paused_from[1]))
        self.paused_from = None

    def history(self) -> History:
        """What is known of this life, in no order."""
        pauses = [*self.pauses, *([Pause(self.paused_from[0], None, self.paused_from[1])] if self.paused_from else [])]
        done, excuses = list(self.done), list(self.excuses)
        for facts in (done, pauses, excuses):
            self.chance.shuffle(facts)
        return History(self.began_on, self.schedules, done, pauses, excuses)


def random_life(seed: int) -> Life:
    """A life of 5 to 90 days, always the same one for a number."""
    chance = Random(seed)
    now = chance.choice(BEGINNINGS) + timedelta(hours=chance.uniform(0, 24))
    wish = Timetable(chance.choice(ZONES), chance.choice(HOURS), chance.choice(TURNS))
    schedules = Schedules(((date.min, wish),))
    life = Life(chance, now, schedules, schedules.today(now))
    life.live(chance.choice((5, 20, 40, 90)))
    return life
