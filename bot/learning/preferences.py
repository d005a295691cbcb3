"""What somebody wishes of their doses, read from how it is written down: minutes by weekday, languages in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from bot.catalog.kinds import Language

SIZES = (5, 10, 15, 30, 60)
"""The sizes of a dose, in minutes (design, section 2)."""
WEEK = range(1, 8)
LEVELS = (1, 2, 3)
"""From easy to hard, as the difficulty of a resource."""
SPOKEN = (Language.PT.value, Language.EN.value)
"""The languages whose resources come unless somebody says otherwise, those of our own sentences."""


def minutes_for(day: date, usual: int, by_weekday: Mapping[str, int]) -> int:
    """The size of a day's dose: that of its ISO weekday ("6" is Saturday), else the usual one."""
    return by_weekday.get(str(day.isoweekday()), usual)


def with_sizes(usual: int, by_weekday: Mapping[str, int], sizes: Mapping[int, int]) -> tuple[int, dict[str, int]]:
    """The usual size and those of single weekdays after some ISO weekdays got other sizes: the size of most days is the usual one."""
    week = {day: by_weekday.get(str(day), usual) for day in WEEK} | dict(sizes)
    counted = Counter(week.values())
    most = max(counted, key=lambda size: (counted[size], size == usual, -size))
    return most, {str(day): size for day, size in week.items() if size != most}


def shorter(minutes: int) -> int:
    """The next smaller size of a dose; there is none below the smallest."""
    return max((size for size in SIZES if size < minutes), default=SIZES[0])


@lru_cache(maxsize=8)
def _spoken_with(interface: str) -> tuple[str, ...]:
    own = interface.partition("-")[0].casefold()
    return tuple(dict.fromkeys((own, *SPOKEN))) if own in SPOKEN else SPOKEN[::-1]


def languages_for(chosen: Sequence[str] | None, interface: str) -> tuple[str, ...]:
    """The languages of resources as ISO 639-1 codes, the preferred one first.

    None is the language they speak with us and then the other one; an empty choice is none at all.
    """
    return _spoken_with(interface) if chosen is None else tuple(dict.fromkeys(chosen))


def mostly_in(languages: Sequence[str], wanted: Sequence[str]) -> tuple[str, int] | None:
    """The language, other than the preferred one, of more than half of some resources, and how many those are; None if there is none."""
    counted = Counter(language for language in languages if language != wanted[0])
    language, most = max(counted.items(), key=lambda one: one[1], default=("", 0))
    return (language, most) if most * 2 > len(languages) and language != Language.MUL.value else None
