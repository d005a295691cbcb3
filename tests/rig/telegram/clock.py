"""The server's clock: real time, which a test may push forward.

Button presses expire after 150 s and other updates after 24 h; nobody wants to wait for that.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class TimeSource(Protocol):
    """What the server asks the time of. A test's own simulated clock fits here as well."""

    def now(self) -> datetime:
        """The present instant, aware."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment; never goes back."""


class Clock:
    """Real time plus what `forward` added."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._ahead, UTC)

    def monotonic(self) -> float:
        return time.monotonic() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let that much time pass at once, for the calendar and for the stopwatch."""
        self._ahead += seconds
