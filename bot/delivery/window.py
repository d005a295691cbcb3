"""How many subscriptions are claimed at once, and when the next ones are."""

from __future__ import annotations

WINDOW, LARGEST_WINDOW = 500, 20_000
"""How many are claimed at once: so many as go within `WINDOW_LASTS`, within these bounds."""
WINDOW_LASTS = 20
"""Seconds."""


def window_at(per_second: float) -> int:
    """How many are claimed at once at a pace, so that no sender waits for a claim."""
    return min(max(WINDOW, round(per_second * WINDOW_LASTS)), LARGEST_WINDOW)


def runs_out(window: int) -> int:
    """When so few of a window still wait, the next one is claimed."""
    return window // 2
