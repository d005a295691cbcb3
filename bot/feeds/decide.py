"""What follows from a visit to a feed: when to come again, whether it moved, failed or is gone. Values in, values out.

Politeness first: at least an hour, and as long as the site asks for (`ttl`, `max-age`, `Expires`, `Retry-After`), a day at most. The
jitter only adds, so that no visit is ever early. A failing feed is visited less and less, and comes alive with its first good answer;
only 410 Gone ends it, and not where a platform is known to say such things about everything at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

HOUR = timedelta(hours=1)
LATEST = timedelta(days=1)
JITTER = 0.1
TOLD_TO_WAIT = timedelta(hours=4)
"""After 403 or 429 without a word for how long."""
MOVES = 3
"""Visits in a row that must be led to the same new address before it is believed."""
PERMANENT = frozenset({301, 308})
CAPRICIOUS = ("youtube.com",)
"""Platforms that have answered 404 for every feed of theirs, for hours or days."""
QUIET_TIMES, QUIET_AT_LEAST = 3, timedelta(days=3)
FAILING_LONG = timedelta(days=3)
HOST_FEEDS = 3
"""From how many feeds on a host can be in trouble itself."""

_MAX_AGE = re.compile(r"(?<![\w-])max-age=\"?(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """What a feed's row says before the visit."""

    url: str
    failures: int = 0
    failing_since: datetime | None = None
    moved_to: str | None = None
    moved_times: int = 0


@dataclass(frozen=True, slots=True)
class FeedVisit:
    """What happened: an HTTP status, or 0 and the reason why there was none, or a reason beside 200 for a body that is no feed."""

    at: datetime
    status: int = 0
    problem: str | None = None
    headers: Mapping[str, str] | None = None
    moved: tuple[tuple[int, str], ...] = ()
    ttl: int | None = None

    @property
    def went_well(self) -> bool:
        """Did the feed answer, with something new or with nothing?"""
        return self.problem is None and self.status in (200, 203, 226, 304)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the row says after it."""

    next_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    problem: str | None = None
    url: str | None = None
    moved_to: str | None = None
    moved_times: int = 0
    gone: bool = False


def judge(before: FeedStanding, visit: FeedVisit, chance: float) -> Verdict:
    """What follows from a visit. `chance` is from 0 to 1 and decides the jitter."""
    if not visit.went_well:
        return _after_failure(before, visit, chance)
    moved_to = permanent_target(visit.moved)
    times = before.moved_times + 1 if moved_to and moved_to == before.moved_to else int(moved_to is not None)
    believed = moved_to if times >= MOVES else None
    return Verdict(
        next_at=_later(visit.at, wanted_wait(visit), chance),
        url=believed,
        moved_to=None if believed else moved_to,
        moved_times=0 if believed else times,
    )


def _after_failure(before: FeedStanding, visit: FeedVisit, chance: float) -> Verdict:
    failures = before.failures + 1
    wait = timedelta(hours=2 ** min(failures - 1, 5))
    if visit.status in (403, 429):
        wait = max(wait, TOLD_TO_WAIT)
    return Verdict(
        next_at=_later(visit.at, max(wait, wanted_wait(visit)), chance),
        failures=failures,
        failing_since=before.failing_since or visit.at,
        problem=visit.problem or str(visit.status),
        moved_to=before.moved_to,
        moved_times=before.moved_times,
        gone=visit.status == 410 and not is_capricious(before.url),
    )


def wanted_wait(visit: FeedVisit) -> timedelta:
    """How long the site wants to be left alone: an hour at least, a day at most."""
    headers = visit.headers or {}
    waits = [HOUR, timedelta(minutes=visit.ttl or 0)]
    if found := _MAX_AGE.search(headers.get("cache-control", "")):
        waits.append(timedelta(seconds=min(int(found[1][:9]), 10**7)))
    elif expires := http_date(headers.get("expires", "")):
        waits.append(expires - visit.at)
    if retry := retry_after(headers.get("retry-after", ""), visit.at):
        waits.append(retry)
    return min(max(waits), LATEST)


def retry_after(stated: str, now: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date."""
    if re.fullmatch(r"[0-9]{1,9}", stated.strip()):
        return timedelta(seconds=int(stated))
    when = http_date(stated)
    return when - now if when else None


def http_date(stated: str) -> datetime | None:
    """A date as HTTP writes it; None for anything else, `0` and `-1` among it."""
    try:
        when = parsedate_to_datetime(stated)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def permanent_target(moved: Sequence[tuple[int, str]]) -> str | None:
    """Where the permanent redirects at the beginning of the way lead; a passing one says nothing about what follows it."""
    target = None
    for status, to in moved:
        if status not in PERMANENT:
            break
        target = to
    return target


def is_capricious(url: str) -> bool:
    """Is that a platform whose word on what is gone cannot be taken?"""
    host = host_of(url)
    return any(host == name or host.endswith(f".{name}") for name in CAPRICIOUS)


def host_of(url: str) -> str:
    """The host an address names, in lower case."""
    return (urlsplit(url).hostname or "").rstrip(".")


def host_in_trouble(failing: int, feeds: int) -> bool:
    """Do more than half of a host's feeds fail? Then it is the host."""
    return feeds >= HOST_FEEDS and failing * 2 > feeds


def host_pause(failures: int) -> timedelta:
    """How long a host in trouble is left alone, before one of its feeds is tried."""
    return min(timedelta(hours=2 ** min(failures - 1, 5)), LATEST / 4)


def usual_gap(published: Sequence[datetime]) -> timedelta | None:
    """The median time between the newest items; None where there are too few to say."""
    dates = sorted(published, reverse=True)[:20]
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(dates)]
    return timedelta(seconds=median(gaps)) if len(gaps) >= 3 else None


def is_quiet(last: datetime | None, gap: timedelta | None, now: datetime) -> bool:
    """Has nothing come for three times as long as usual?"""
    return last is not None and gap is not None and now - last > max(QUIET_TIMES * gap, QUIET_AT_LEAST)


def failed_long(since: datetime | None, now: datetime) -> bool:
    """Has it failed for three days?"""
    return since is not None and now - since >= FAILING_LONG


def _later(now: datetime, wait: timedelta, chance: float) -> datetime:
    return now + min(wait * (1 + JITTER * chance), LATEST)
