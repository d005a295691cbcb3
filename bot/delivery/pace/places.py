"""The places of a sliding span of seconds: how many messages may begin to go within it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

WINDOW = 1.1
"""Seconds that a message takes one of the places: a second, and how differently long two ways to the platform may be."""


class Places:
    """So many places. One that was taken counts until `span` after its message `begins`, whenever that is, or until it is given back.

    `monotonic` tells seconds that only grow; `soon` is after how many of them one looks again for a place that somebody may give back.
    """

    def __init__(self, count: int, monotonic: Callable[[], float], soon: float, span: float = WINDOW) -> None:
        self._count = count
        self._now = monotonic
        self._soon = soon
        self._span = span
        self._reserved = 0
        self._begun: deque[float] = deque()

    def take(self) -> None:
        """One of the places is somebody's."""
        self._reserved += 1

    def begins(self) -> None:
        """One of those with a place calls now."""
        self._reserved -= 1
        self._begun.append(self._now())

    def give_back(self) -> None:
        """One of those with a place does not call."""
        self._reserved -= 1

    def until_free(self, now: float, leaving: int = 0) -> float:
        """Seconds until a place is free that is none of the last few; 0 if one is."""
        self._forget(now)
        over = len(self._begun) + self._reserved - (self._count - leaving)
        if over < 0:
            return 0.0
        # where only those who did not begin yet are in the way, nobody knows
        return self._begun[over] + self._span - now if over < len(self._begun) else self._soon

    def are_all_free(self, now: float) -> bool:
        """Whether nobody has one of them."""
        self._forget(now)
        return not self._begun and not self._reserved

    def _forget(self, now: float) -> None:
        while self._begun and self._begun[0] <= now - self._span:
            self._begun.popleft()
