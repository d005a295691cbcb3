"""Reading what people type for days of the week and for the date a pause ends, in Portuguese or English, whichever they use.

    "seg a sex, e domingo" ──▶ frozenset({1, 2, 3, 4, 5, 7})              "24/12", "uma semana", "amanhã" ──▶ a date

Everything here is pure, takes any text of any length, and raises nothing but UserMistake.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.commands.reading.typed import mistake_about, named_by, plain, with_digits
from bot.errors import UserMistake

FARTHEST = timedelta(days=731)
"""A pause may last two years."""
SOON = timedelta(days=330)
"""Farther than this a date needs its year: "19/11", typed on 20 November, is a slip and not a year's pause."""

# ------------------------------------------------------------------------------------------------------------------ days

_DAY_NAMES = {
    name: day
    for day, names in enumerate(
        (
            "monday segunda 2a",
            "tuesday terca 3a",
            "wednesday quarta 4a",
            "thursday quinta 5a",
            "friday sexta 6a",
            "saturday sabado",
            "sunday domingo",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_SPELLINGS = (
    (re.compile(r"[-–—−]+"), " to "),
    (re.compile(r"(?:\b| to )feiras?\b"), ""),
    (re.compile(r"\bfi(?:m|ns|nais|nal) de semana\b|\bfds\b|\bweek ?ends?\b"), "saturday sunday"),
    (
        re.compile(
            r"\bdias? (?:uteis|util|de semana)\b|\b(?:durante a|na) semana\b|\b(?:week|work|working |business )days?\b"
        ),
        "monday to friday",
    ),
    (
        re.compile(
            r"\btodos?(?: os)? dias?\b|\b(?:every|all) ?days?\b|\bdaily\b|\bdiariamente\b|\bsempre\b|\balways\b"
        ),
        "monday to sunday",
    ),
    (re.compile(r"\b(?:a )?semana (?:toda|inteira)\b|\b(?:the )?(?:whole|all|entire) week\b"), "monday to sunday"),
    (re.compile(r"^(?:todos|todas|all|everyday|tudo)(?=$| (?:menos|exceto|fora|except|but))"), "monday to sunday"),
)
_EXCEPT = re.compile(r"\b(?:menos|exceto|fora|except(?: for)?|but)\b")
_TO = {"a", "ate", "to", "through", "thru", "till", "until"}
_NOISE = "e and de da do das dos as aos nos na no on of the only so toda todas todo todos os o every each cada"
_BETWEEN_DAYS = frozenset(_NOISE.split())


def read_days(words: str) -> frozenset[int]:
    """The days of the week somebody means, as ISO numbers (Monday is 1), never empty.

    "seg-sex", "de segunda a sexta", "Mon, Wed and Fri", "2ª a 6ª", "sex a seg", "weekdays", "fim de semana", "todos menos domingo",
    "de segunda a segunda" (every day).
    Raises UserMistake("reading.no_such_days", typed=…).
    """
    mistake = mistake_about("days", words)
    said = plain(words, mistake)
    for spelling, usual in _DAY_SPELLINGS:
        said = spelling.sub(usual, said)
    wanted, *unwanted = _EXCEPT.split(said, maxsplit=1)
    days = _days_in(wanted, mistake)
    if unwanted:
        days -= _days_in(unwanted[0], mistake)
    if not days:
        raise mistake
    return frozenset(days)


def _days_in(said: str, mistake: UserMistake) -> set[int]:
    """The days that are named one by one or from one to another (over the week's end, too)."""
    days: set[int] = set()
    last: int | None = None
    to = False
    for word in re.split(r"[\s,;/+&.]+", said.strip(" ,;/+&.")):
        if word in _TO and last is not None:
            to = True
        elif word not in _BETWEEN_DAYS:
            day = named_by(word, _DAY_NAMES)
            if day is None:
                raise mistake
            days |= {(last + step - 1) % 7 + 1 for step in range(((day - last) % 7 or 7) + 1)} if to and last else {day}
            last, to = day, False
    if to or not days:
        raise mistake
    return days


# ------------------------------------------------------------------------------------------------------------------ dates

MONTH_NAMES = {
    name: month
    for month, names in enumerate(
        (
            "janeiro january",
            "fevereiro february",
            "marco march",
            "abril april",
            "maio may",
            "junho june",
            "julho july",
            "agosto august",
            "setembro september",
            "outubro october",
            "novembro november",
            "dezembro december",
        ),
        start=1,
    )
    for name in names.split()
}
_BEFORE_A_DATE = re.compile(
    r"^(?:(?:ate|until|till|to|by|por|for|em|in|on|na|no|o|a(?= proxima)|the|proxim[ao]|next) )+"
)
_COMING = {
    "amanha": 1,
    "tomorrow": 1,
    "depois de amanha": 2,
    "day after tomorrow": 2,
}
_WHILE = re.compile(
    r"(?P<n>\d{1,3}|an?) ?(?P<unit>d|dias?|days?|sem|semanas?|w|weeks?|mes|meses|months?|anos?|years?|fortnights?)"
)
_DAYS_OF_UNIT = {"d": 1, "s": 7, "w": 7, "f": 14}
_FIGURES = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d\d))?\.?")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|o)\b")


def read_until(words: str, today: date) -> date:
    """The date somebody means by "24/12", "2026-12-24", "24 de dezembro", "Dec 24", "7 dias", "a week", "amanhã", "segunda", "dia 10".

    Always after `today` (the person's) and within two years: the first day of doses again. Without a year the next such date within
    eleven months; day before month unless that is impossible ("12/24"), so an answer should show the month in letters. "Next week" is
    its Monday, "next month" its first. Raises UserMistake("reading.no_such_date", typed=…).
    """
    mistake = mistake_about("date", words)
    try:
        found = date_said(spoken_date(plain(words, mistake)), today)
    except (ValueError, OverflowError):  # the thirtieth of February, or beyond what a calendar holds
        raise mistake from None
    if found is None or found <= today or found - today > FARTHEST:
        raise mistake
    return found


def spoken_date(said: str) -> str:
    """The words for a date without those that only lead to it, from words that are plain already."""
    said = re.sub(r"\b(?:[ao] )?(semana|mes) que vem\b", r"\1", said)
    said = re.sub(r"-feira\b| que vem\b|,", " ", said)
    return _BEFORE_A_DATE.sub("", " ".join(said.split()))


def date_said(said: str, today: date, *, counted: bool = True) -> date | None:
    """The date that spoken words mean, if any; a length such as "7 dias" only where it may be `counted`.

    Raises ValueError or OverflowError for one that no calendar has.
    """
    after_a_while = _after_a_while(said, today) if counted else None
    return _coming(said, today) or after_a_while or on_the_calendar(said, today)


def on_the_calendar(said: str, today: date) -> date | None:
    """A date with its month, in figures or in letters; errors as above."""
    return _in_figures(said, today) or _with_month(said, today)


def _coming(said: str, today: date) -> date | None:
    """Tomorrow, a weekday, next week, next month, the tenth."""
    if said in _COMING:
        return today + timedelta(days=_COMING[said])
    if said in ("mes", "month"):
        return months_later(today.replace(day=1), 1)
    day = 1 if said in ("semana", "week") else named_by(said, _DAY_NAMES)
    if day is not None:
        return today + timedelta(days=(day - today.isoweekday() - 1) % 7 + 1)
    numbered = re.fullmatch(r"dia (\d{1,2})|(\d{1,2})(?:st|nd|rd|th)", said)
    if numbered is None:
        return None
    months = (months_later(today.replace(day=1), ahead) for ahead in range(12))
    number = int(numbered[1] or numbered[2])
    fitting = (month.replace(day=number) for month in months if 1 <= number <= monthrange(month.year, month.month)[1])
    return next((day for day in fitting if day > today), None)


def _after_a_while(said: str, today: date) -> date | None:
    """Some days, weeks, months or years from today; a bare number counts days."""
    counted = with_digits(said)
    found = _WHILE.fullmatch(f"{counted} d" if counted.isdigit() else counted)
    if found is None:
        return None
    count = int(found["n"]) if found["n"].isdigit() else 1
    unit = found["unit"]
    if unit.startswith(("m", "a", "y")):
        return months_later(today, count * (1 if unit.startswith("m") else 12))
    return today + timedelta(days=count * _DAYS_OF_UNIT[unit[0]])


def _in_figures(said: str, today: date) -> date | None:
    """2026-12-24, 24/12, 24/12/2026, 24.12.26, and 12/24 as well."""
    found = _FIGURES.fullmatch(_without_weekday(said))
    if found is None:
        return None
    if found[1]:
        return date(int(found[1]), int(found[2]), int(found[3]))
    day, month = int(found[4]), int(found[5])
    return _next_such(*((day, month) if month <= 12 else (month, day)), found[6], today)


def day_first(*said: str) -> list[str] | None:
    """Dates of one breath, spoken already, all with the day before the month; None where one can only be month-first, one only day-first.

    Whoever writes "12/20" writes "1/5" for the fifth of January. What is not in figures, or no date in either order, stays as it is.
    """
    found = [_FIGURES.fullmatch(_without_weekday(one)) for one in said]
    figures = [(int(one[4]), int(one[5])) for one in found if one and not one[1]]
    if not any(left <= 12 < right for left, right in figures):
        return list(said)
    if any(right <= 12 < left for left, right in figures):
        return None
    return [_turned(one) if one and not one[1] else as_said for one, as_said in zip(found, said, strict=True)]


def _turned(figures: re.Match[str]) -> str:
    return "/".join(part for part in (figures[5], figures[4], figures[6]) if part)


def _with_month(said: str, today: date) -> date | None:
    """24 de dezembro, 24 Dec 2026, December 24th."""
    words = [
        word
        for word in _ORDINAL.sub("", _without_weekday(said)).replace(".", " ").split()
        if word not in ("de", "of", "the")
    ]
    if len(words) not in (2, 3):
        return None
    first, second, *year = words
    day, name = (first, second) if first.isdigit() else (second, first)
    month = named_by(name, MONTH_NAMES, shortest=3)
    if (
        month is None
        or not (day.isdigit() and len(day) <= 2)
        or not all(re.fullmatch(r"\d{4}|\d\d", word) for word in year)
    ):
        return None
    return _next_such(int(day), month, year[0] if year else None, today)


def _next_such(day: int, month: int, year: str | None, today: date) -> date | None:
    """That day of that year; without a year the next one, if it is not so far that a day just gone must be meant.

    Raises ValueError where there is no such day.
    """
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    for of_year in (today.year, today.year + 1):
        if day <= monthrange(of_year, month)[1] and today < date(of_year, month, day) <= today + SOON:
            return date(of_year, month, day)
    return None


def _without_weekday(said: str) -> str:
    """Drop the weekday of "sex 4 de dez", which adds nothing."""
    first, _, rest = said.partition(" ")
    return rest if rest and named_by(first.rstrip("."), _DAY_NAMES) else said


def months_later(day: date, months: int) -> date:
    """The same day some months on, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
