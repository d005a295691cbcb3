"""Due instants once more, by looking at a clock: slow, and that is its use.

It asks zoneinfo only what the clocks of a zone show at an instant, never which instant a wall time is. A day in which the clocks were
changed is watched minute by minute: a wanted time is due at the first minute at which the clock shows it, or has jumped over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60
EPOCH = date(1970, 1, 1).toordinal() * MINUTES_A_DAY
NEVER = 10 * MINUTES_A_DAY


def watch(zone: str, first: date, last: date, wanted: Iterable[int]) -> dict[tuple[date, int], datetime]:
    """The due instant (UTC) of each wanted minute of each date that exists, from `first` to `last`; minutes since midnight."""
    dates = range(first.toordinal(), last.toordinal() + 1)
    waiting = iter(sorted(day * MINUTES_A_DAY + minute for day in dates for minute in wanted))
    due: dict[int, int] = {}
    shown: set[int] = set()
    expected = next(waiting, None)
    for began, minutes, offset in _stretches(ZoneInfo(zone), dates.start - 2, dates.stop + 2):
        shows = began + offset
        shown.update(range(shows // MINUTES_A_DAY, (shows + minutes - 1) // MINUTES_A_DAY + 1))
        while expected is not None and expected < shows + minutes:
            due[expected] = max(began, expected - offset)
            expected = next(waiting, None)
    return {
        (date.fromordinal(wall // MINUTES_A_DAY), wall % MINUTES_A_DAY): _instant(minute)
        for wall, minute in due.items()
        if wall // MINUTES_A_DAY in shown
    }


def _stretches(rules: ZoneInfo, first: int, until: int) -> Iterator[tuple[int, int, int]]:
    """(first minute, how many, offset) in order: whole days while nobody touches the clock, single minutes otherwise."""
    before = NEVER
    for day in range(first, until):
        began = day * MINUTES_A_DAY
        hourly = {_offset(began + minute, rules) for minute in range(0, MINUTES_A_DAY + 1, 60)}
        if hourly == {before}:
            yield began, MINUTES_A_DAY, before
        else:
            for minute in range(began, began + MINUTES_A_DAY):
                before = _offset(minute, rules)
                yield minute, 1, before


def _instant(minute: int) -> datetime:
    """The instant of a minute, counted from the beginning of the calendar in UTC."""
    return datetime.fromtimestamp((minute - EPOCH) * 60, UTC)


def _offset(minute: int, rules: ZoneInfo) -> int:
    """Minutes that the clocks of a zone are ahead of UTC."""
    ahead = datetime.fromtimestamp((minute - EPOCH) * 60, rules).utcoffset()
    assert ahead is not None
    return round(ahead.total_seconds() / 60)
