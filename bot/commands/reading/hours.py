"""Hours: "8 da noite", "20h" and "8:00 pm" are all 20:00."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

from bot.commands.reading.typed import mistake_about, plain, with_digits
from bot.errors import UserMistake

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
