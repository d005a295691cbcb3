"""What somebody wishes of their doses, read from how it is written down: minutes by weekday, languages in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.catalog.kinds import Language

LEVELS = (1, 2, 3)
"""From easy to hard, as the difficulty of a resource."""
SPOKEN = (Language.PT.value, Language.EN.value)
"""The languages whose resources come unless somebody says otherwise, those of our own sentences."""


def minutes_for(day: date, usual: int, by_weekday: Mapping[str, int]) -> int:
    """The size of a day's dose: that of its ISO weekday ("6" is Saturday), else the usual one."""
    return by_weekday.get(str(day.isoweekday()), usual)


def languages_for(chosen: Sequence[str] | None, interface: str) -> tuple[str, ...]:
    """The languages of resources as ISO 639-1 codes, the preferred one first.

    None is the language they speak with us and then the other one; an empty choice is none at all.
    """
    if chosen is not None:
        return tuple(dict.fromkeys(chosen))
    own = interface.partition("-")[0].casefold()
    return tuple(dict.fromkeys((own, *SPOKEN))) if own in SPOKEN else SPOKEN[::-1]
