"""Where a dose stands in somebody's days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.learning.preferences import minutes_for
from bot.store.tables import Subscription


@dataclass(frozen=True, slots=True)
class Slot:
    """A dose's learning day and its number on it (0 is the day's own), when it is due and until when its day lasts.

    `minutes` is the budget, if it is another than that of the day.
    """

    day: date
    due_at: datetime
    closes_at: datetime
    minutes: int | None = None
    number: int = 0

    def budget(self, subscription: Subscription) -> int:
        """The minutes there are."""
        if self.minutes is not None:
            return self.minutes
        return minutes_for(self.day, subscription.minutes, subscription.minutes_on or {})
