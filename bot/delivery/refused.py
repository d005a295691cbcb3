"""Whose trouble is it when the database refuses a dose: one person's, or everybody's?

others got theirs around them    their own: they are set back by an hour
one after the other is refused   everybody's: nobody is set back, the round ends, and the next one bears more of them
nobody else is due               who knows: they rest for a while that grows, and hold up nobody who becomes due meanwhile
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

PATIENCE = 3
"""How many may be refused one after the other before it counts as trouble that is nobody's own; twice as many in the next round."""
MOST = 500
"""And that many at most, in a round as well as at rest."""
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=15)


class Rest(NamedTuple):
    """Until when somebody rests, and for how long."""

    until: datetime
    span: timedelta


class Refused:
    """What is known of one platform's people whose doses were refused. It lasts as long as the process: a new one may know better."""

    def __init__(self) -> None:
        self.patience = PATIENCE
        self._rests: dict[int, Rest] = {}

    def resting(self, now: datetime) -> list[int]:
        """Whom to leave alone now. Who was not refused again long after their rest is forgotten."""
        self._rests = {number: rest for number, rest in self._rests.items() if now < rest.until + LONGEST_REST}
        return [number for number, rest in self._rests.items() if now < rest.until]

    def rest(self, numbers: Collection[int], now: datetime) -> bool:
        """Let people rest, each time twice as long. False where so many rest already that the trouble must be everybody's."""
        if len(self._rests) + len(numbers) > MOST:
            return False
        for number in numbers:
            before = self._rests.get(number)
            span = min(before.span * 2, LONGEST_REST) if before else FIRST_REST
            self._rests[number] = Rest(now + span, span)
        return True

    def bear_more(self) -> None:
        """It was everybody's trouble, or that of many neighbours: look further next time."""
        self.patience = min(2 * self.patience, MOST)

    def somebody_went(self) -> None:
        """The database takes doses."""
        self.patience = PATIENCE
