"""The whole promise of the timetable, checked for every zone there is: `make scan`, some minutes.

For each IANA zone and each local date 2020 to 2035, the minutes 00:00, 00:15, 01:30, 02:30, 09:00 and 23:59 have exactly one due
instant if the date exists, and none if it does not; and learning days that begin at 04:00 or at midnight follow each other without a
hole or an overlap. Both are compared with `tests/learning/reference_timetable.py`, which only looks at clocks.

    python -m bench.scan_timetable [ZONE ...]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from time import perf_counter
from zoneinfo import available_timezones

from bot.learning.timetable import DAY, Timetable, due_instant, learning_day, zone_data_version
from tests.learning.reference_timetable import watch

FIRST, LAST = date(2020, 1, 1), date(2035, 12, 31)
HOURS = (time(0), time(0, 15), time(1, 30), time(2, 30), time(9), time(23, 59))
TURNS = (time(4), time(0))
A_MOMENT = timedelta(microseconds=1)


def compare(zone: str, first: date = FIRST, last: date = LAST) -> tuple[int, list[str]]:
    """How many dates of a zone exist, and a sentence for each difference from the reference."""
    expected = watch(zone, first, last, {at.hour * 60 + at.minute for at in (*HOURS, *TURNS)})
    dates = [first + count * DAY for count in range((last - first).days + 1)]
    differences = [*compare_due(zone, dates, expected), *compare_days(zone, dates, expected)]
    return len({day for day, _ in expected}), differences


def compare_due(zone: str, dates: list[date], expected: dict[tuple[date, int], datetime]) -> Iterator[str]:
    """A due instant for each existing date, the one the clock shows; none for the others."""
    for hour in HOURS:
        timetable = Timetable(zone, hour)
        for day in dates:
            ours, theirs = due_instant(day, timetable), expected.get((day, hour.hour * 60 + hour.minute))
            if ours != theirs:
                yield f"{zone} {day} {hour}: due at {ours}, the clock says {theirs}"


def compare_days(zone: str, dates: list[date], expected: dict[tuple[date, int], datetime]) -> Iterator[str]:
    """At its turn a day begins; a moment earlier it was still the existing date before."""
    for turn in TURNS:
        timetable = Timetable(zone, time(9), turn)
        begins = [(day, expected[day, turn.hour * 60]) for day in dates if (day, turn.hour * 60) in expected]
        for (before, _), (day, begin) in pairwise(begins):
            days = learning_day(begin - A_MOMENT, timetable), learning_day(begin, timetable)
            if days != (before, day):
                yield f"{zone} {begin} turn {turn}: {days[0]} then {days[1]}, not {before} then {day}"


def main(zones: list[str]) -> int:
    """Scan, print what was checked, and return 1 if anything differed."""
    began, total, wrong = perf_counter(), 0, 0
    with ProcessPoolExecutor() as pool:
        for dates, differences in pool.map(compare, zones, chunksize=4):
            total, wrong = total + dates, wrong + len(differences)
            print(*differences[:5], sep="\n", end="\n" if differences else "")
    print(
        f"zone data {zone_data_version()}, {FIRST} to {LAST}: {len(zones)} zones, {total:,} existing dates, "
        f"{total * len(HOURS):,} due instants, {total * len(TURNS):,} turns of the day, "
        f"{wrong} differences, {perf_counter() - began:.0f} s"
    )
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or sorted(available_timezones())))
