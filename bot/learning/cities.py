"""The cities of the world of 15,000 people or more, and how to find one: by typed words or by a place on the globe.

    "moro em Recife - PE" ──▶ find_cities ──▶ City(name="Recife", region="PE", zone="America/Recife", …)
    (-8.05, -34.88)       ──▶ nearest_city ──▶ the same

The data lie beside this file in `cities.tsv`, one line for each city, most populous first, made by `tools/build_cities.py`. Source:
GeoNames (geonames.org), CC BY 4.0. The file is searched as the bytes it is: opening it costs a few milliseconds and its own size
in memory, while the package it is made from takes 180 MB on the disk, 58 MB of memory and a second to read and fold.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from math import cos, isfinite, radians, sin

from babel import Locale
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

LONGEST_NAME = 80
"""No city's name has more characters; longer words are refused unread."""

_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)
_BEFORE_A_CITY = re.compile(
    r"^(?:(?:eu )?(?:moro|estou|to|vivo) |(?:i )?(?:live|am) |i m )?(?:em|no|na|in|near|perto de) |^(?:cidade de|city of) "
)
_PARTS = re.compile(r"[,/(;|]|\s[-–—]\s")
_COUNTRY_NICKNAMES = {
    "england": "GB",
    "escocia": "GB",
    "eua": "US",
    "holanda": "NL",
    "holland": "NL",
    "inglaterra": "GB",
    "scotland": "GB",
    "uk": "GB",
    "usa": "US",
}
_OTHER_NAME_WEIGHT = 0.2
"""Whoever types a city's own name means it rather than a city five times as large that is also called so somewhere."""
_NEGLIGIBLE = 0.01
"""A namesake a hundred times smaller than the largest is not offered, unless its country or state was typed."""


@dataclass(frozen=True, slots=True)
class City:
    """A city and its time zone.

    `name` is the usual international name and `name_pt` the Brazilian one; `country` is ISO 3166 alpha-2; `region` the state's
    letters where people write them (BR, US, CA, AU) and else empty; `zone` an IANA name; degrees are north and east.
    `population` is 0 where a zone has a village or a station only.
    """

    name: str
    name_pt: str
    country: str
    region: str
    zone: str
    latitude: float
    longitude: float
    population: int

    def called(self, language: str) -> str:
        """The city's name in a language of ours."""
        return self.name_pt if language.startswith("pt") else self.name


def fold(words: str) -> str:
    """Words without case, accents and punctuation, parted by single blanks: what names are compared by."""
    spelled = unicodedata.normalize("NFKD", words.translate(_UNDECOMPOSED).casefold())
    bare = "".join(letter for letter in spelled if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare))


def find_cities(words: str, limit: int = 8) -> tuple[City, ...]:
    """The cities somebody may mean, likeliest first, at most `limit` and one for each name and zone.

    Case, accents and small typos do not matter, other languages' names count, and a country or the letters of a state may follow
    ("Paris, França", "Bonito - MS", "Natal RN"). A country alone gives the main city of each of its zones. Empty: nobody knows it.
    """
    if len(words) > LONGEST_NAME:
        return ()
    typed, _, hint = (fold(part) for part in _PARTS.sub("\0", words, count=1).partition("\0"))
    if len(typed) < 2 or not typed.isascii():
        return ()
    country = _country(typed)
    if country and not hint:
        return _main_cities(country, limit)
    return _without_repeats(_meant(typed, hint), limit)


def is_name(words: str) -> bool:
    """Whether a country or a city is called so, or is known to most by a name that begins so; else what is found is only near it."""
    typed = fold(_PARTS.split(words, maxsplit=1)[0])
    names = {typed, _BEFORE_A_CITY.sub("", typed, count=1)}
    found = find_cities(words)
    return bool(found) and any(
        _country(name) or next(_cities_holding(f"|{name}|"), None) or any(_begins_alike(city, name) for city in found)
        for name in names
    )


def nearest_city(latitude: float, longitude: float) -> City | None:
    """The city nearest to a place in degrees north and east, however far; None where there is no such place on the globe."""
    if not (isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 360):
        return None
    north, east = radians(latitude), radians(longitude)
    x, y, z = cos(north) * cos(east), cos(north) * sin(east), sin(north)
    sky = _sky()
    near = (x * a + y * b + z * c for a, b, c in zip(sky.x, sky.y, sky.z, strict=True))
    return _city_at(sky.line[max(enumerate(near), key=lambda found: found[1])[0]])


@cache
def zone_cities() -> dict[str, tuple[City, int]]:
    """For each inhabited zone its most populous city and the people of all its cities, most populous zone first."""
    main: dict[str, City] = {}
    people: dict[str, int] = {}
    for city in _every_city():
        main.setdefault(city.zone, city)
        people[city.zone] = people.get(city.zone, 0) + city.population
    return {zone: (main[zone], people[zone]) for zone in sorted(people, key=lambda zone: (-people[zone], zone))}


# ------------------------------------------------------------------------------------------------------------- searching


def _meant(typed: str, hint: str) -> list[City]:
    """The cities that folded words mean: as they stand, then without "I live in", then with a country at their end, then misspelt."""
    name = _BEFORE_A_CITY.sub("", typed, count=1)
    found = _likely(_called(typed) or _called(name), hint) or _followed_by_a_country(name)
    return found or _likely(_misspelt(name), hint)


def _followed_by_a_country(name: str) -> list[City]:
    """The cities meant by "lisbon portugal" or "natal rn": here the last words must fit, else they are no country."""
    words = name.split()
    for end in range(len(words) - 1, 0, -1):
        hint = " ".join(words[end:])
        found = [entry for entry in _called(" ".join(words[:end])) if _lies_in(entry[1], hint)]
        if found:
            return _likely(found, "")
    return []


def _likely(weighed: list[tuple[float, City]], hint: str) -> list[City]:
    """Those the typed country or state allows, if any; without one, those that are not negligible beside the likeliest."""
    narrowed = [city for _, city in weighed if hint and _lies_in(city, hint)]
    floor = _NEGLIGIBLE * max((weight for weight, _ in weighed), default=0)
    return narrowed or [city for weight, city in weighed if hint or weight >= floor]


def _lies_in(city: City, hint: str) -> bool:
    """Whether a folded country's name, a country's code or a state's letters fit this city."""
    return hint.upper() in (city.country, city.region) or _country(hint) == city.country


def _called(name: str) -> list[tuple[float, City]]:
    """The cities called so, else those whose name begins so, else those with such a word in it; with how likely each is meant."""
    exact = _weighed(name, _cities_holding(f"|{name}|"))
    longer = list(islice(_cities_holding(f"|{name}"), 100)) if len(name) >= 3 else []
    if not exact:
        return _weighed(name, longer or islice(_cities_holding(f" {name}|"), 100))
    # "Santa Cruz" is a town, and also how people call the far larger Santa Cruz de la Sierra.
    larger = [city for city in longer if city.population > exact[0][1].population and _own_name(city, name)]
    return exact + [(city.population, city) for city in larger]


def _weighed(name: str, cities: Iterable[City]) -> list[tuple[float, City]]:
    weighed = [(city.population * (1 if _own_name(city, name) else _OTHER_NAME_WEIGHT), city) for city in cities]
    return sorted(weighed, key=lambda entry: -entry[0])


def _own_name(city: City, beginning: str) -> bool:
    return any(fold(own).startswith(beginning) for own in (city.name, city.name_pt))


def _begins_alike(city: City, name: str) -> bool:
    """Whether a name is the beginning of the city's own, or goes on after it, as in "natal rn"."""
    return any(name.startswith(f"{own} ") or own.startswith(name) for own in map(fold, (city.name, city.name_pt)))


def _misspelt(name: str) -> list[tuple[float, City]]:
    """The cities with the fewest wrong letters: one in a short name, two in a long one, none in a tiny one."""
    allowed = 0 if len(name) < 4 else 1 if len(name) < 8 else 2
    close = extract(name, _every_name(), scorer=OSA.distance, score_cutoff=allowed, limit=50) if allowed else []
    fewest = min((wrong for _, wrong, _ in close), default=0)
    right = {spelled for spelled, wrong, _ in close if wrong == fewest}
    found = [entry for spelled in right for entry in _weighed(spelled, _cities_holding(f"|{spelled}|"))]
    return sorted(found, key=lambda entry: (-entry[0], entry[1].name))


def _main_cities(country: str, limit: int) -> tuple[City, ...]:
    """The main city of each zone of a country, most populous zone first."""
    return tuple(islice((city for city, _ in zone_cities().values() if city.country == country), limit))


def _without_repeats(cities: Iterable[City], limit: int) -> tuple[City, ...]:
    """One city for each name and zone, the first: two namesakes that share their clock are no question."""
    kept: dict[tuple[str, str], City] = {}
    for city in cities:
        kept.setdefault((fold(city.name), city.zone), city)
    return tuple(islice(kept.values(), limit))


def _country(folded: str) -> str | None:
    """The code of a country by its folded name or nickname."""
    return _COUNTRY_NICKNAMES.get(folded) or _countries().get(folded)


@cache
def _countries() -> dict[str, str]:
    """The code of each country by its folded names in our languages."""
    named = {}
    for language in ("en", "pt_BR"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                named[fold(name)] = code
    return named


# -------------------------------------------------------------------------------------------------------------- the file


@cache
def _file() -> bytes:
    """The whole of `cities.tsv`: name, pt name, country, region, zone, degrees, people, `|folded|names|`."""
    return files("bot.learning").joinpath("cities.tsv").read_bytes()


def _cities_holding(names: str) -> Iterator[City]:
    """The cities in whose line these characters stand, in the file's order."""
    data, sought = _file(), names.encode()
    at = data.find(sought)
    while at >= 0:
        yield _city_at(data.rfind(b"\n", 0, at) + 1)
        at = data.find(sought, data.find(b"\n", at))


def _city_at(start: int) -> City:
    """The city whose line starts at that byte."""
    return _city(_file()[start : _file().find(b"\n", start)])


def _city(line: bytes) -> City:
    name, name_pt, country, region, zone, latitude, longitude, people, _ = line.decode().split("\t")
    return City(name, name_pt or name, country, region, zone, float(latitude), float(longitude), int(people))


def _every_city() -> Iterator[City]:
    return (_city(line) for line in _file().splitlines() if not line.startswith(b"#"))


def _every_name() -> list[str]:
    """All folded names; not kept, since it is read only for words that nothing matches and takes 12 MB."""
    return re.findall(r"(?<=\|)[^|\n]+(?=\|)", _file().decode())


@dataclass(frozen=True, slots=True)
class _Sky:
    """Each city's direction from the centre of the earth (unit vectors), and where its line starts."""

    x: array[float]
    y: array[float]
    z: array[float]
    line: array[int]


@cache
def _sky() -> _Sky:
    sky = _Sky(array("d"), array("d"), array("d"), array("l"))
    start = 0
    for line in _file().splitlines(keepends=True):
        if not line.startswith(b"#"):
            north, east = (radians(float(degrees)) for degrees in line.split(b"\t", 7)[5:7])
            for axis, value in (
                (sky.x, cos(north) * cos(east)),
                (sky.y, cos(north) * sin(east)),
                (sky.z, sin(north)),
            ):
                axis.append(value)
            sky.line.append(start)
        start += len(line)
    return sky
