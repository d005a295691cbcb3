"""What this process sent and how late, counted for those who watch it (`/metrics`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LATENESS = (1, 15, 60, 300, 900, 3600)
"""Seconds: the upper edges of what is counted as equally late."""
SLOTS_KEPT = timedelta(days=1)
"""How long before the newest of them a slot was due that still counts."""


@dataclass
class Figures:
    """Counts since the process began, by kind of message; `lateness` counts doses by the first edge they kept, None beyond the last.

    `slots` tells of each instant at which doses were due how late the first and the last of them came, in seconds; `blocked` counts those
    who blocked us, by platform; `leads_begun` how often this process began to lead.
    """

    sent: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)
    not_sent: Counter[str] = field(default_factory=Counter)
    lateness: Counter[int | None] = field(default_factory=Counter)
    seconds_late: float = 0.0
    very_late: int = 0
    slots: dict[datetime, tuple[float, float]] = field(default_factory=dict)
    blocked: Counter[str] = field(default_factory=Counter)
    leads_begun: int = 0

    def note_sent(self, kind: str, *, due: datetime, late: float, very_late: bool, copy: bool) -> None:
        """A message is with the person, `late` seconds after it was `due`."""
        self.sent[kind] += 1
        if copy:
            self.copies[kind] += 1
        if kind == "dose":
            self.lateness[next((edge for edge in LATENESS if late <= edge), None)] += 1
            self.seconds_late += max(late, 0.0)
            self.very_late += very_late
            self._note_slot(due, late)

    @property
    def widest_slot(self) -> float:
        """The most seconds between the first and the last dose that were due at one instant."""
        return max((last - first for first, last in self.slots.values()), default=0.0)

    def _note_slot(self, due: datetime, late: float) -> None:
        if slot := self.slots.get(due):
            self.slots[due] = min(slot[0], late), max(slot[1], late)
            return
        self.slots[due] = late, late
        oldest = max(self.slots) - SLOTS_KEPT
        self.slots = {one: slot for one, slot in self.slots.items() if one > oldest}
