"""When nothing goes: a platform asked for silence, or is not there and bulk holds still."""

from __future__ import annotations

from collections.abc import Callable

FIRST_HOLD, LONGEST_HOLD = 1.0, 10.0
"""Seconds that bulk waits when a platform is not there; twice as long each time, until something reaches it again."""
LONG_AGO = float("-inf")


class Quiet:
    """The silence of one platform, which is for everybody, and its holds, which are for bulk. `monotonic` tells seconds that only grow."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self.silent_until = LONG_AGO
        """When anybody may go on, by `monotonic`."""
        self._held_until = LONG_AGO
        self._hold = FIRST_HOLD

    def slow_down(self, seconds: float) -> None:
        """Nothing goes for that long, from anybody."""
        self.silent_until = max(self.silent_until, self._now() + seconds)

    def unreached(self) -> None:
        """Nothing can be brought there just now."""
        now = self._now()
        if now >= self._held_until:  # those that were on their way together failed for one reason
            self._held_until = now + self._hold
            self._hold = min(self._hold * 2, LONGEST_HOLD)

    def reached(self) -> None:
        """The platform answered: it is there."""
        self._hold = FIRST_HOLD

    @property
    def is_tried(self) -> bool:
        """Whether the next message is a try: nothing has reached the platform since it was not there."""
        return self._hold > FIRST_HOLD

    @property
    def silence(self) -> float:
        """How many seconds of silence are left; not more than 0 where nothing is silent."""
        return self.silent_until - self._now()

    @property
    def ends_at(self) -> float:
        """When bulk may go on, by `monotonic`."""
        return max(self.silent_until, self._held_until)
