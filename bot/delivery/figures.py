"""What this process sent and how late, counted for those who watch it (`/metrics`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

LATENESS = (1, 15, 60, 300, 900, 3600)
"""Seconds: the upper edges of what is counted as equally late."""


@dataclass
class Figures:
    """Counts since the process began, by kind of message; `lateness` counts doses by the first edge they kept, None beyond the last.

    `blocked` counts those who blocked us, by platform; `leads_begun` how often this process began to lead.
    """

    sent: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)
    not_sent: Counter[str] = field(default_factory=Counter)
    lateness: Counter[int | None] = field(default_factory=Counter)
    seconds_late: float = 0.0
    very_late: int = 0
    blocked: Counter[str] = field(default_factory=Counter)
    leads_begun: int = 0

    def note_sent(self, kind: str, *, late: float, very_late: bool, copy: bool) -> None:
        """A message is with the person, `late` seconds after it was due."""
        self.sent[kind] += 1
        if copy:
            self.copies[kind] += 1
        if kind == "dose":
            self.lateness[next((edge for edge in LATENESS if late <= edge), None)] += 1
            self.seconds_late += max(late, 0.0)
            self.very_late += very_late
