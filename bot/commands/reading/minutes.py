"""Minutes: "meia hora" is 30, "1h30" is 90, "about 20 min" the length of a dose nearest to it."""

from __future__ import annotations

import re

from bot.commands.reading.typed import mistake_about, plain, with_digits
from bot.learning.preferences import SIZES

LONGEST_MINUTES = 240

_LENGTH_SPELLINGS = (
    (re.compile(r"\bmeia hora\b|\bhalf(?: an?)? hour\b"), "30 min"),
    (re.compile(r"(?:\b1 )?\bquarto de hora\b|(?:\ba )?\bquarter of an hour\b"), "15 min"),
    (re.compile(r"\b(?:an?|1) hour and a half\b|\b(?:1 )?hora e meia\b"), "90 min"),
    (re.compile(r"\ban? (?=hour)"), "1 "),
)
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,4}(?:[.,]\d)?) ?(?:h|hs|hrs?|horas?|hours?))?"
    r"(?:(?: ?(?:e|and))? ?(?P<minutes>\d{1,5}) ?(?:m|mins?|minutos?|minutes?|')?)?(?: (?:por|a|per) (?:dia|day))?"
)


def nearest_size(minutes: int) -> int:
    """The offered length of a dose (5, 10, 15, 30 or 60 minutes) nearest to some minutes, the shorter of two as near: of 45 it is 30."""
    return min(SIZES, key=lambda offered: (abs(offered - minutes), offered))


def exact_minutes(words: str, longest: int = LONGEST_MINUTES) -> int:
    """The minutes somebody types, as they are: "20 min" is 20, "1h30" is 90, "meia hora" is 30.

    From one minute to the `longest`, else UserMistake("reading.no_such_minutes", typed=…).
    """
    mistake = mistake_about("minutes", words)
    said = with_digits(plain(words, mistake))
    for spelling, usual in _LENGTH_SPELLINGS:
        said = spelling.sub(usual, said)
    found = _LENGTH.fullmatch(said)
    if not said or found is None:
        raise mistake
    minutes = float((found["hours"] or "0").replace(",", ".")) * 60 + int(found["minutes"] or 0)
    if not 1 <= minutes <= longest:
        raise mistake
    return round(minutes)
