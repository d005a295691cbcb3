"""Ten days without an answer are enough, unless they wrote meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.learning.dose import Given
from bot.learning.silence import MOST, is_time_to_be_quiet

DAY = date(2026, 3, 2)


def last(days: int, *answered: int, each: int = 1) -> list[Given]:
    """Doses of so many last days, the newest last; those so many days ago were answered."""
    return [Given(DAY - timedelta(days=ago), "r", ago in answered) for ago in range(days, 0, -1) for _ in range(each)]


@pytest.mark.parametrize(
    ("recent", "heard_ago", "quiet"),
    [
        (last(MOST), None, True),
        (last(MOST), 30, True),
        (last(MOST - 1), None, False),
        (last(20), 11, True),
        (last(20), 10, False),  # they wrote on the day of the first of the ten
        (last(20), 3, False),
        (last(20, 10), None, False),
        (last(20, 11), None, True),
        (last(5, each=3), None, False),  # three doses a day for five days
        ([*last(MOST), Given(DAY, "r", True)], None, True),  # today is not over
        ([], None, False),
    ],
)
def test_when_it_is_time_to_be_quiet(recent: list[Given], heard_ago: int | None, quiet: bool) -> None:
    heard_on = None if heard_ago is None else DAY - timedelta(days=heard_ago)
    assert is_time_to_be_quiet(recent, heard_on, DAY) is quiet
