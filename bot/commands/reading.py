"""Reading what people type for an hour, minutes or a language, in Portuguese or English, whichever they use.

    "8 da noite", "20h", "8:00 pm" ──▶ time(20)              "25:99" ──▶ UserMistake("reading.no_such_hour", typed="25:99")

Days and dates are read in `reading_dates`, cities in `bot.learning.cities`. Everything here is pure, takes any text of any length, and
raises nothing but UserMistake, whose fact `typed` is fit to be quoted. What `bot.i18n.showing` shows is read back as the same value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

from bot.commands.reading_dates import read_days, read_until
from bot.commands.typed import LONGEST, mistake_about, plain, with_digits
from bot.errors import UserMistake
from bot.learning.cities import fold
from bot.learning.preferences import SIZES

__all__ = ["exact_minutes", "read_days", "read_hour", "read_language", "read_minutes", "read_until"]

LONGEST_MINUTES = 240

# ----------------------------------------------------------------------------------------------------------------- hours

_HOUR_SPELLINGS = (
    (re.compile(r"^(?:as|ao?|at|around|about|(?:la )?pelas|por volta d[ao]s?) (?=\S)"), ""),
    (re.compile(r"\bmeio[- ]?dia\b|(?:\b12 )?\b(?:noon|midday)\b"), "12"),
    (re.compile(r"\bmeia[- ]?noite\b|(?:\b12 )?\bmidnight\b"), "0"),
    (re.compile(r"^half past (\d{1,2})"), r"\1:30"),
    (re.compile(r" ?o ?'? ?clock\b"), ""),
    (re.compile(r"(?<=\d) ?(?:h|hs|hrs?|horas?|hours?)(?![a-z]) ?"), "h"),
    (re.compile(r"(?<=\d) ?min(?:utos?|utes?)?\b"), ""),
    (re.compile(r"(?<=[\dh]) ?\be meia\b"), ":30"),
    (re.compile(r"(?<=[\dh]) ?\b(?:e|and) (?=\d\d)"), ":"),
    (re.compile(r"(?<=h):"), ""),
    (re.compile(r"\b([ap])\.? ?m\b\.?|(?<=\d)([ap])m?$"), r" \1\2m"),
    (re.compile(r"(?<=\dh)(?=[a-z])"), " "),
)
_HOUR = re.compile(r"(?P<hour>\d{1,2}?)(?:[:h. ]?(?P<minute>\d\d))?h?(?: +(?P<part>[a-z ]+))?")

_MORNING = {hour: hour for hour in range(1, 12)}
_PARTS_OF_DAY: Mapping[str, Mapping[int, int]] = {
    "": {hour: hour % 24 for hour in range(25)},
    "am": _MORNING | {0: 0, 12: 0},
    "pm": {hour: hour % 12 + 12 for hour in range(1, 24)},
    "morning": _MORNING,
    "dawn": {0: 0, 12: 0} | {hour: hour for hour in range(1, 7)},
    "afternoon": {hour: hour % 12 + 12 for hour in (*range(1, 8), *range(12, 20))},
    # After midnight it is still night: "2 at night" is 02:00, "11 da noite" is 23:00.
    "night": {0: 0, 12: 0, 24: 0}
    | {hour: hour for hour in range(1, 5)}
    | {hour: hour % 12 + 12 for hour in (*range(5, 12), *range(17, 24))},
}
_PART_WORDS = {
    "am": "am",
    "pm": "pm",
    "manha": "morning",
    "morning": "morning",
    "madrugada": "dawn",
    "tarde": "afternoon",
    "afternoon": "afternoon",
    "noite": "night",
    "night": "night",
    "evening": "night",
}


def read_hour(words: str) -> time:
    """The hour somebody means: "8", "08:00", "8h30", "20h", "8 da noite", "8:30 pm", "oito e meia", "noon".

    Without a part of the day the 24-hour clock counts. Minutes need two digits ("7:5" could be 07:05 or 07:50). Raises
    UserMistake("reading.no_such_hour", typed=…).
    """
    mistake = mistake_about("hour", words)
    said = with_digits(plain(words, mistake))
    for spelling, usual in _HOUR_SPELLINGS:
        said = spelling.sub(usual, said)
    found = _HOUR.fullmatch(said.strip())
    if found is None:
        raise mistake
    hour = _part_of_day(found["part"] or "", mistake).get(int(found["hour"]))
    minute = int(found["minute"] or 0)
    if hour is None or minute > 59:
        raise mistake
    return time(hour, minute)


def _part_of_day(words: str, mistake: UserMistake) -> Mapping[int, int]:
    """What each hour said is on the 24-hour clock in that part of the day."""
    *before, last = words.split() or [""]
    if not set(before) <= {"da", "de", "a", "in", "the", "at"}:
        raise mistake
    part = _PARTS_OF_DAY.get(_PART_WORDS.get(last, last))
    if part is None:
        raise mistake
    return part


# --------------------------------------------------------------------------------------------------------------- minutes

_LENGTH_SPELLINGS = (
    (re.compile(r"\bmeia hora\b|\bhalf(?: an?)? hour\b"), "30 min"),
    (re.compile(r"(?:\b1 )?\bquarto de hora\b|(?:\ba )?\bquarter of an hour\b"), "15 min"),
    (re.compile(r"\b(?:an?|1) hour and a half\b|\b(?:1 )?hora e meia\b"), "90 min"),
    (re.compile(r"\ban? (?=hour)"), "1 "),
)
_LENGTH = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d)?) ?(?:h|hs|hrs?|horas?|hours?))?"
    r"(?:(?: ?(?:e|and))? ?(?P<minutes>\d{1,3}) ?(?:m|mins?|minutos?|minutes?|')?)?(?: (?:por|a|per) (?:dia|day))?"
)


def read_minutes(words: str) -> int:
    """The offered length of a dose (5, 10, 15, 30 or 60 minutes) nearest to what somebody types, the shorter of two as near.

    "20 min" is 15, "45" is 30, "50" is 60, "1h" is 60, "meia hora" is 30. From one minute to four hours, else
    UserMistake("reading.no_such_minutes", typed=…).
    """
    minutes = exact_minutes(words)
    return min(SIZES, key=lambda offered: (abs(offered - minutes), offered))


def exact_minutes(words: str) -> int:
    """The minutes somebody types, as they are: "20 min" is 20, "1h30" is 90. Raises like `read_minutes`."""
    mistake = mistake_about("minutes", words)
    said = with_digits(plain(words, mistake))
    for spelling, usual in _LENGTH_SPELLINGS:
        said = spelling.sub(usual, said)
    found = _LENGTH.fullmatch(said)
    if not said or found is None:
        raise mistake
    minutes = float((found["hours"] or "0").replace(",", ".")) * 60 + int(found["minutes"] or 0)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise mistake
    return round(minutes)


# -------------------------------------------------------------------------------------------------------------- languages

_LANGUAGE_WORDS = {
    "pt": "pt-BR",
    "br": "pt-BR",
    "port": "pt-BR",
    "bras": "pt-BR",
    "braz": "pt-BR",
    "en": "en",
    "eng": "en",
    "ing": "en",
}


def read_language(words: str) -> str:
    """The language of ours somebody names ("pt", "português", "brasileiro", "en", "english", "inglês"), as `pt-BR` or `en`.

    Raises UserMistake("reading.no_such_language", typed=…).
    """
    mistake = mistake_about("language", words)
    first = (fold(words if len(words) <= LONGEST else "").split() or [""])[0]
    if first in _LANGUAGE_WORDS:
        return _LANGUAGE_WORDS[first]
    if not first.startswith(("portug", "brasil", "brazil", "engl", "ingl")):
        raise mistake
    return _LANGUAGE_WORDS.get(first[:4]) or _LANGUAGE_WORDS[first[:3]]
