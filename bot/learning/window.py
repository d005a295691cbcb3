"""When many people share a minute, their doses come one after the other: from their hour on, for as long as the pace needs."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

TOLD = timedelta(minutes=2)
"""From which window on people are told; one minute is what anybody expects."""


def window_of(herd: int, per_second: float) -> timedelta:
    """How long it takes from their hour until the last of a herd has the dose, in whole minutes."""
    return timedelta(minutes=ceil(herd / per_second / 60))
