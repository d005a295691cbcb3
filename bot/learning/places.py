"""Which time zone is somebody in? Nobody is asked for an IANA name.

    guess_zone("pt-BR") ──▶ "it is 09:12 there?" ──yes──▶ done
                                  └─no─▶ clock_screens: "which of these is your time now?" ──▶ cities_with_clock: one city, or a row
                                         a typed city ──▶ find_cities        a shared location ──▶ nearest_city

"Guessed from the client's language; asked only where no zone dominates or they say no: by clock buttons, a shared location, a typed
city; where zones with that clock differ within a year, one row of cities" (design, section 2).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from bot.learning.cities import City, find_cities, is_name, nearest_city, zone_cities

__all__ = [
    "City",
    "WallClock",
    "cities_ahead",
    "cities_with_clock",
    "clock_screens",
    "clocks",
    "coming_offsets",
    "find_cities",
    "guess_zone",
    "is_name",
    "is_zone",
    "minutes_ahead",
    "nearest_city",
    "zone_named",
]

QUARTER = 15
"""All clocks of our days differ by whole quarters of an hour, so a typed time may be seven minutes off."""

YEAR = timedelta(days=365)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MINUTES_OF_DAY = 24 * 60

_ZONES_OF_LANGUAGES = {
    "pt": "America/Sao_Paulo",
    "pt-pt": "Europe/Lisbon",
    "az": "Asia/Baku",
    "be": "Europe/Minsk",
    "bg": "Europe/Sofia",
    "ca": "Europe/Madrid",
    "cs": "Europe/Prague",
    "da": "Europe/Copenhagen",
    "de": "Europe/Berlin",
    "el": "Europe/Athens",
    "et": "Europe/Tallinn",
    "eu": "Europe/Madrid",
    "fa": "Asia/Tehran",
    "fi": "Europe/Helsinki",
    "fr": "Europe/Paris",
    "fr-ca": "America/Toronto",
    "gl": "Europe/Madrid",
    "he": "Asia/Jerusalem",
    "hi": "Asia/Kolkata",
    "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest",
    "hy": "Asia/Yerevan",
    "id": "Asia/Jakarta",
    "it": "Europe/Rome",
    "iw": "Asia/Jerusalem",
    "ja": "Asia/Tokyo",
    "ka": "Asia/Tbilisi",
    "kk": "Asia/Almaty",
    "ko": "Asia/Seoul",
    "lt": "Europe/Vilnius",
    "lv": "Europe/Riga",
    "mk": "Europe/Skopje",
    "nb": "Europe/Oslo",
    "nl": "Europe/Amsterdam",
    "nn": "Europe/Oslo",
    "no": "Europe/Oslo",
    "pl": "Europe/Warsaw",
    "ro": "Europe/Bucharest",
    "sk": "Europe/Bratislava",
    "sl": "Europe/Ljubljana",
    "sq": "Europe/Tirane",
    "sr": "Europe/Belgrade",
    "sv": "Europe/Stockholm",
    "th": "Asia/Bangkok",
    "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv",
    "uz": "Asia/Tashkent",
    "vi": "Asia/Ho_Chi_Minh",
    "zh-cn": "Asia/Shanghai",
    "zh-hans": "Asia/Shanghai",
    "zh-hk": "Asia/Hong_Kong",
    "zh-tw": "Asia/Taipei",
    "en-ie": "Europe/Dublin",
    "en-in": "Asia/Kolkata",
    "en-ng": "Africa/Lagos",
    "en-nz": "Pacific/Auckland",
    "en-ph": "Asia/Manila",
    "en-sg": "Asia/Singapore",
    "en-za": "Africa/Johannesburg",
    "es-ar": "America/Argentina/Buenos_Aires",
    "es-cl": "America/Santiago",
    "es-co": "America/Bogota",
    "es-pe": "America/Lima",
    "es-uy": "America/Montevideo",
    "es-ve": "America/Caracas",
}
"""Where by far the most who set their client so live under one clock. Not en, es, ru, ar, zh: they span many; not en-US, en-GB, es-ES,
es-419: apps offer them to the whole world as "English" and "Spanish". A language with another region (fr-CH) counts as the language."""


@dataclass(frozen=True, slots=True)
class WallClock:
    """A wall-clock time that some zones share at this instant.

    `ahead` is how many minutes of the day it is ahead of UTC, 0 to 1439: it stays true while a screen waits for a press, and -10:00
    and +14:00 are one, since people read the time and not the date. `zones` come most populous first; `people` live in their cities.
    """

    ahead: int
    time: time
    zones: tuple[str, ...]
    people: int


def guess_zone(client_language: str | None) -> str | None:
    """The zone where by far the most people with this client language (a BCP 47 tag) live; None where no zone dominates."""
    tag = (client_language or "").replace("_", "-").lower()
    return _ZONES_OF_LANGUAGES.get(tag) or _ZONES_OF_LANGUAGES.get(tag.partition("-")[0])


def is_zone(name: str) -> bool:
    """Whether this is an IANA zone, spelled exactly ("Factory", which stands for "not set yet", is none)."""
    return name in _zone_names().values()


def zone_named(words: str) -> str | None:
    """The IANA zone that somebody typed, in any case and with blanks for underscores; None if it is none."""
    return _zone_names().get(words.strip().replace(" ", "_").lower())


def clocks(now: datetime, near: str | None = None) -> tuple[WallClock, ...]:
    """Every wall-clock time that exists at `now` (aware) in an inhabited zone.

    With a zone `near`: its own clock, then those a whole number of hours from UTC, nearest first, then the odd ones, nearest first.
    Without: the clocks of the most people first.
    """
    zones: dict[int, list[str]] = defaultdict(list)
    people: dict[int, int] = defaultdict(int)
    for zone, (_, inhabitants) in zone_cities().items():
        ahead = minutes_ahead(zone, now)
        zones[ahead].append(zone)
        people[ahead] += inhabitants
    every = [WallClock(ahead, _time_at(ahead, now), tuple(zones[ahead]), people[ahead]) for ahead in zones]
    if near is None:
        return tuple(sorted(every, key=lambda clock: (-clock.people, clock.ahead)))
    own = minutes_ahead(near, now)
    return tuple(sorted(every, key=lambda clock: _strangeness(clock.ahead, own)))


def clock_screens(now: datetime, near: str | None = None, size: int = 12) -> tuple[tuple[WallClock, ...], ...]:
    """All clocks in screens of at most `size`, likeliest screen first, and on each from the earliest hour to the latest.

    Earliest and latest as seen from `near` (or UTC), so that a screen does not break at midnight: 22:12, 23:12, 00:12.
    """
    likeliest = clocks(now, near)
    middle = minutes_ahead(near, now) if near else 0
    return tuple(
        tuple(sorted(likeliest[start : start + size], key=lambda clock: _east_of(middle, clock.ahead)))
        for start in range(0, len(likeliest), size)
    )


def cities_with_clock(local: time, now: datetime, near: str | None = None, limit: int = 8) -> tuple[City, ...]:
    """Where it is about `local` at `now`: one city of each group of zones whose clocks differ within the next 365 days.

    Most populous group first, at most `limit`. One city: the zone is known. None: no clock on earth shows that time (all differ by
    quarters of an hour; seven minutes off are forgiven). A zone `near` stands for its own group.
    """
    utc = now.astimezone(ZoneInfo("UTC"))
    minutes = (local.hour - utc.hour) * 60 + local.minute - utc.minute
    return cities_ahead(round(minutes / QUARTER) * QUARTER % MINUTES_OF_DAY, now, near, limit)


def cities_ahead(ahead: int, now: datetime, near: str | None = None, limit: int = 8) -> tuple[City, ...]:
    """The same for a pressed clock: `ahead` is a `Clock.ahead`."""
    groups: dict[tuple[tuple[datetime, timedelta], ...], list[str]] = defaultdict(list)
    cities = zone_cities()
    for zone in cities:
        if minutes_ahead(zone, now) == ahead:
            groups[coming_offsets(zone, now)].append(zone)
    by_people = sorted(groups.values(), key=lambda zones: -sum(cities[zone][1] for zone in zones))
    return tuple(cities[near if near in zones else zones[0]][0] for zones in by_people[:limit])


def coming_offsets(zone: str, now: datetime) -> tuple[tuple[datetime, timedelta], ...]:
    """The zone's offset from UTC at `now` and each that follows within 365 days, with the instant (UTC, to the minute) it begins."""
    start = now.astimezone(ZoneInfo("UTC")).replace(second=0, microsecond=0)
    clock = ZoneInfo(zone)
    found = [(start, _offset(clock, start))]
    for day in range(1, YEAR.days + 1):
        after = start + day * DAY
        if _offset(clock, after) != found[-1][1]:
            begins = _change_between(clock, after - DAY, after)
            found.append((begins, _offset(clock, begins)))
    return tuple(found)


def minutes_ahead(zone: str, now: datetime) -> int:
    """By how many minutes of the day, 0 to 1439, the zone's clock is ahead of UTC at `now` (aware)."""
    return _offset(ZoneInfo(zone), now) // MINUTE % MINUTES_OF_DAY


# -------------------------------------------------------------------------------------------------------------- our own


def _offset(clock: ZoneInfo, instant: datetime) -> timedelta:
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone is no instant")
    return instant.astimezone(clock).utcoffset() or timedelta()


def _change_between(clock: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first minute with another offset than `before`; a zone changes at most once within a day."""
    old = _offset(clock, before)
    while after - before > MINUTE:
        middle = before + (after - before) // MINUTE // 2 * MINUTE
        if _offset(clock, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _time_at(ahead: int, now: datetime) -> time:
    """What a clock so many minutes ahead of UTC shows, without seconds."""
    local = now.astimezone(ZoneInfo("UTC")) + ahead * MINUTE
    return time(local.hour, local.minute)


def _strangeness(ahead: int, own: int) -> tuple[bool, bool, int, int]:
    """How unlikely a clock is for somebody thought to be `own` minutes ahead; a key to sort by."""
    away = _east_of(own, ahead)
    return away != 0, ahead % 60 != 0, abs(away), away


def _east_of(middle: int, ahead: int) -> int:
    """By how many minutes a clock is later than another, from -720 to 719."""
    half = MINUTES_OF_DAY // 2
    return (ahead - middle + half) % MINUTES_OF_DAY - half


@cache
def _zone_names() -> dict[str, str]:
    """Every IANA name, aliases too, by its small letters; from the package `tzdata`, so the same on every machine."""
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {name.lower(): name for name in names if name != "Factory"}
