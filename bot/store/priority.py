"""What goes first when much waits: the whole order, in one place."""

from __future__ import annotations

from enum import IntEnum


class Priority(IntEnum):
    """The smaller one is sent first."""

    ASKED = 0
    """What somebody asked for and waits for."""
    URGENT = 1
    """What the owners must know, and what may be copied unless it goes at once."""
    CARD = 3
    """A card that lies is worse than a dose that comes a second later."""
    NOTICE = 4
    """What is said to others because somebody did something."""
    DOSE = 5
    """The day's doses, which people wait for without looking."""
    AFTER_DOSES = 6
    """Nudges, summaries, news of feeds: nobody waits for them."""
