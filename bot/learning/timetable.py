"""When a learning day begins, when its dose is due, and which day an instant belongs to.

    zone, date, wall time ──first_instant──▶ instant ──learning_day──▶ date
                                │
                 day_bounds, due_instant, next_due

Everything rests on one idea: *the first instant at which the clocks of a zone show a date and time, or later*.
In a gap (spring forward) that is the end of the gap, in an overlap (fall back) the first of the two, and it never
runs backwards: a later wall time has a later instant, or the same. So learning days that begin at the first
instant of their turn follow each other without a hole and without an overlap, in every zone. (Design, section 2:
"Learning day", "Due time".)

Rules come from `zoneinfo`: the system's zone data where there is some, else the `tzdata` package.
`zone_data_version` names what is in use; instants computed with another version must be computed again.
"""

from __future__ import annotations

import hashlib
import zoneinfo
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = time(0)
USUAL_TURN = time(4)
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a person chose: an IANA zone, the hour of the dose, the turn of their day, their days as ISO weekdays.

    `hour` and `turn` are wall time in the zone. Raises ValueError, with what was given, for a zone nobody knows, an
    hour or turn that carries a zone of its own, or a weekday outside 1..7 (Monday is 1). No days at all is allowed
    and means that nothing is ever due.
    """

    zone: str
    hour: time
    turn: time = USUAL_TURN
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        find_zone(self.zone)
        if self.hour.tzinfo or self.turn.tzinfo:
            raise ValueError(f"hour and turn are wall time without a zone: {self.hour!r}, {self.turn!r}")
        if not self.days <= EVERY_DAY:
            raise ValueError(f"not ISO weekdays (1..7): {sorted(self.days - EVERY_DAY)}")

    @property
    def begins(self) -> time:
        """The wall time at which a learning day begins: the turn, or the dose hour if that is earlier."""
        return min(self.turn, self.hour)


@cache
def find_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as "America/Sao_Paulo"; ValueError if there is none.

    Kept for good: zoneinfo itself holds on to eight zones only, and would read the files again and again for a
    crowd from everywhere.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as cause:  # unknown; a folder such as "America"; an outlandish path
        raise ValueError(f"no time zone is called {name!r}") from cause


# ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def learning_day(instant: datetime, timetable: Timetable) -> date:
    """The learning day that is running at an instant. Raises ValueError for a naive datetime."""
    day = _on_the_wall(instant, find_zone(timetable.zone)).date()
    # Where clocks fall back over midnight, the wall shows yesterday once more while its day is already over.
    following = _next_date(day, timetable.zone)
    if _begin(following, timetable) <= instant:
        return following
    while _begin(day, timetable) > instant:
        day = _previous_date(day, timetable.zone)
    return day


def day_bounds(day: date, timetable: Timetable) -> tuple[datetime, datetime]:
    """Begin and end (UTC, end not included) of a learning day; the same instant twice for a date that does not exist."""
    end = _begin(_next_date(day, timetable.zone), timetable)
    return (_begin(day, timetable) if exists(day, timetable.zone) else end), end


def exists(day: date, zone: str) -> bool:
    """Whether the zone's calendars ever show this date: Samoa had no 30 December 2011."""
    rules = find_zone(zone)
    return _on_the_wall(first_instant(day, MIDNIGHT, rules), rules).date() == day


def dates_skipped(zone: str, first: date, until: date) -> tuple[date, ...]:
    """The dates from `first` to before `until` that the zone's calendars never show: it moved over the date line."""
    rules, skipped = find_zone(zone), []
    while first < until:
        # A date is missing only where a stretch is a day too short. (No zone crossed the line and came back in a year.)
        ahead = min(until, first + 365 * DAY)
        lived = first_instant(ahead, MIDNIGHT, rules) - first_instant(first, MIDNIGHT, rules)
        if lived < ahead - first - DAY / 2:
            dates = (first + count * DAY for count in range((ahead - first).days))
            skipped += [day for day in dates if not exists(day, zone)]
        first = ahead
    return tuple(skipped)


# ── doses ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def due_instant(day: date, timetable: Timetable) -> datetime | None:
    """The one instant (UTC) at which a day's dose is due; None if the day is not theirs, or the date does not exist.

    In a gap it is the first valid minute after, in an overlap the first of the two. It always lies within the day's
    bounds: where the gap reaches the end of the day (Nuuk in spring, hour 23:30, turn 00:00), it is the last minute
    before the gap instead.
    """
    if day.isoweekday() not in timetable.days:
        return None
    rules = find_zone(timetable.zone)
    due = first_instant(day, timetable.hour, rules)
    if _on_the_wall(due, rules) == datetime.combine(day, timetable.hour):
        return due
    begin, end = day_bounds(day, timetable)
    return min(due, end - MINUTE) if begin < end else None


def next_due(after: datetime, timetable: Timetable, from_day: date = date.min) -> tuple[date, datetime] | None:
    """The first due instant (UTC) later than `after`, with its day: `from_day` or later. None if no day is theirs."""
    day = max(from_day, learning_day(after, timetable))
    for _ in range(15 if timetable.days else 0):  # one weekday only, and its date missing: the week after
        due = due_instant(day, timetable)
        if due is not None and due > after:
            return day, due
        day += DAY
    return None


# ── instants ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=4096)
def first_instant(day: date, at: time, rules: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the clocks of a zone show this date and wall time, or later.

    A herd asks for the same few again and again: those who are due at one minute have their days, turns and hours in common.
    """
    wall = datetime.combine(day, at)
    instant = wall.replace(tzinfo=rules).astimezone(UTC)  # fold=0: in an overlap the first of the two (PEP 495)
    if _on_the_wall(instant, rules) == wall:
        return instant
    return _end_of_gap(wall, rules)


def _end_of_gap(wall: datetime, rules: ZoneInfo) -> datetime:
    """The instant at which clocks jump over a wall time: the two readings of PEP 495 lie before and after it."""
    before = wall.replace(tzinfo=rules, fold=1).timestamp()
    after = wall.replace(tzinfo=rules, fold=0).timestamp()
    offset = datetime.fromtimestamp(after, rules).utcoffset()
    seconds = range(int(before), int(after))
    jumped = bisect_left(seconds, True, key=lambda second: datetime.fromtimestamp(second, rules).utcoffset() == offset)
    return datetime.fromtimestamp(seconds.start + jumped, UTC)


def _on_the_wall(instant: datetime, rules: ZoneInfo) -> datetime:
    """What the clocks of a zone show, without the zone."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {instant!r}")
    return instant.astimezone(rules).replace(tzinfo=None, fold=0)


def _begin(day: date, timetable: Timetable) -> datetime:
    """The instant at which a learning day begins, if its date exists."""
    return first_instant(day, timetable.begins, find_zone(timetable.zone))


def _next_date(day: date, zone: str) -> date:
    day += DAY
    return day if exists(day, zone) else _next_date(day, zone)


def _previous_date(day: date, zone: str) -> date:
    day -= DAY
    return day if exists(day, zone) else _previous_date(day, zone)


# ── zone data ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def zone_data_version() -> str:
    """A fingerprint of the zone rules in use, such as "2025b-9f3a01c2": release, and digest of every zone's file.

    The release alone would not do: distributions patch zone data without a new name, and single zones may come
    from another place. Reads some 600 small files, once: rules do not change under a running process.
    """
    release = _zone_data("tzdata.zi").partition(b"\n")[0].decode().removeprefix("# version ")
    digest = hashlib.sha256()
    for zone in sorted(zoneinfo.available_timezones()):
        digest.update(zone.encode() + b"\0" + _zone_data(zone) + b"\0")
    return f"{release or 'unnamed'}-{digest.hexdigest()[:8]}"


def _zone_data(name: str) -> bytes:
    """The file that zoneinfo would read: the first on its path, else the `tzdata` package's; empty if there is none."""
    for place in (*map(Path, zoneinfo.TZPATH), resources.files("tzdata.zoneinfo")):
        file = place.joinpath(*name.split("/"))
        if file.is_file():
            return file.read_bytes()
    return b""
