"""How hours, days, dates, minutes and places look to a person, in pt-BR and en.

    time(8)                 ──▶ 08:00
    frozenset({1, …, 5})    ──▶ seg a sex          Mon–Fri
    date(2026, 12, 4)       ──▶ 4 de dezembro      4 December
    12_300_000_000          ──▶ 12,3 GB            12.3 GB
    75                      ──▶ 1 h 15 min

Names come from CLDR (Babel); only the little words between them are ours. `bot.commands.reading` reads all of it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

WEEK = range(1, 8)


@dataclass(frozen=True, slots=True)
class _Manner:
    """The little words of one language, and its date patterns (CLDR's letters)."""

    every_day: str
    span: str
    last: str
    date: str
    weekday_date: str
    first: str
    year: str
    home: str
    """The country that goes without saying where a city's state is named."""


_MANNERS = {
    "pt-BR": _Manner("todos os dias", " a ", " e ", "d 'de' MMMM", "EEE, d 'de' MMM", "d'º'", " 'de' y", "BR"),
    "en": _Manner("every day", "–", " and ", "d MMMM", "EEE d MMM", "d", " y", "US"),
}


def show_hour(hour: time) -> str:
    """An hour on the 24-hour clock, to the minute: 08:00. The same in both languages."""
    return f"{hour:%H:%M}"


def show_minutes(minutes: int) -> str:
    """A length of time: 15 min, 1 h, 1 h 30 min. The same in both languages."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{rest} min"] if rest or not parts else parts)


def show_bytes(count: int, language: str) -> str:
    """How much room something takes: “12.3 GB”, “210 MB”."""
    size, unit, pattern = (count / 1e9, "GB", "#,##0.0") if count >= 1e9 else (count / 1e6, "MB", "#,##0")
    return f"{format_decimal(size, pattern, locale=_locale(language))} {unit}"


def show_days(days: frozenset[int], language: str) -> str:
    """Days of the week (ISO, Monday is 1), in runs: “seg a sex”, “Fri–Mon”, “seg, qua e sex”, “every day”. Never empty.

    Raises ValueError where no day, or something that is none, is given.
    """
    if not days or not days <= set(WEEK):
        raise ValueError(f"no days of the week: {sorted(days)}")
    manner = _MANNERS[language]
    if len(days) == 7:
        return manner.every_day
    names = _day_names(language)
    parts: list[str] = []
    for run in _runs(days):
        shown = [names[day] for day in run]
        parts += [f"{shown[0]}{manner.span}{shown[-1]}"] if len(run) > 2 else shown
    return manner.last.join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])


def show_date(day: date, language: str, *, weekday: bool = False, today: date | None = None) -> str:
    """A date in short: “4 de dezembro”, “4 December”; with its weekday “sex, 4 de dez”, “Fri 4 Dec”.

    The year is said if it is not the year of `today`.
    """
    manner = _MANNERS[language]
    pattern = manner.weekday_date if weekday else manner.date
    if day.day == 1:
        pattern = pattern.replace("d", manner.first, 1)  # “1º de maio”, and no other day has it
    if today is not None and today.year != day.year:
        pattern += manner.year
    return format_date(day, pattern, locale=_locale(language)).replace(".", "")


def show_dates(first: date, last: date, language: str, *, today: date | None = None) -> str:
    """From a date to another: “20 de dezembro – 5 de janeiro”; of one day only that."""
    if first == last:
        return show_date(first, language, today=today)
    once = last if first.year == last.year else today  # one year is said once
    return f"{show_date(first, language, today=once)} – {show_date(last, language, today=today)}"


def show_dates_short(first: date, last: date, language: str) -> str:
    """The same for a button: “20 dez – 5 jan”, “20 Dec – 5 Jan”."""
    days = [first, last] if first != last else [first]
    return " – ".join(format_date(day, "d MMM", locale=_locale(language)).replace(".", "") for day in days)


def show_month(day: date, language: str, *, today: date | None = None) -> str:
    """The month of a date: “março de 2027”, “March 2027”. The year is said if it is not the year of `today`."""
    pattern = "LLLL" if today is not None and today.year == day.year else "LLLL" + _MANNERS[language].year
    return format_date(day, pattern, locale=_locale(language))


def show_place(name: str, country: str, language: str, region: str = "") -> str:
    """A city with what tells it from its namesakes: “Londres, Reino Unido”, “London, ON, Canada”; at home only “Bonito, MS”."""
    parts = [name, region]
    if not (region and country == _MANNERS[language].home):
        parts.append(_locale(language).territories.get(country, country))
    return ", ".join(part for part in parts if part)


def _runs(days: Iterable[int]) -> list[list[int]]:
    """Days in runs of neighbours, in the order of the week; Sunday and Monday are neighbours."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == 7 and len(runs[0]) + len(runs[-1]) > 2:
        runs.append(runs.pop() + runs.pop(0))
    return runs


@cache
def _day_names(language: str) -> dict[int, str]:
    """The short names of the days by their ISO number, without the dot that Portuguese puts after a short form."""
    names = _locale(language).days["stand-alone"]["abbreviated"]
    return {day: names[day - 1].rstrip(".") for day in WEEK}


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
