"""Reading what people type for a pause: until when, or from when to when, in Portuguese or English.

"7 dias", "24/12"                            ──▶ at once, until that day
"20/12 a 5/1", "from monday for 10 days"     ──▶ from the first day to the last
"next week", "semana que vem"                ──▶ its Monday to its Sunday
"for good", "até eu voltar"                  ──▶ at once, without an end
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from bot.commands.reading.dates import (
    FARTHEST,
    date_said,
    day_first,
    months_later,
    on_the_calendar,
    read_until,
    spoken_date,
)
from bot.commands.reading.typed import mistake_about, plain
from bot.errors import UserMistake
from bot.learning.timetable import DAY

WEEK = timedelta(days=7)
LATELY = timedelta(days=60)
"""A first day that was so lately is a slip, and not meant for next year."""

_FROM = re.compile(
    r"^(?:(?:from|starting|beginning|between|de|d[oa]s?|desde|entre|a partir d[eoa]|comecando(?: em| no| na)?)(?: dia)? )+"
)
_TO = re.compile(
    r" (?:to|till|until|through|thru|a|ao|as|ate|e|and) (?:(?:o|a|the|dia) )*| ?[–—] ?| - |(?<=\d)-(?=\d{1,2}/)"
)
_FOR = re.compile(r" (?:for|por|durante) ")
_NOW = frozenset(["hoje", "today", "agora", "now", "ja"])
_TODAY = frozenset(["hoje", "today", "so hoje", "only today", "just today"])
_NEXT = re.compile(
    r"(?:(?:na|in|the|a|o|no|all|toda) )*(?:next (?P<en>week|month)|(?P<pt>semana|mes) que vem|proxim[ao] (?P<prox>semana|mes))"
)
_WEEKEND = re.compile(
    r"(?P<until>(?:until|till|ate) )?(?:(?:on|in|no|nest[ea]|est[ea]|o|the|this) )*(?:fim de semana|final de semana|fds|week ?end)"
)
_END = re.compile(
    r"(?:(?:until|till|to|ate|ao?|o|the) )*"
    r"(?:end of (?:(?:the|this) )?(?P<en>year|month|week)|(?:fim|final) d(?:[oa]|est[ea]) (?P<pt>ano|mes|semana))"
)
_ENDLESS = re.compile(
    r"(?:(?P<first>.+?) )?(?:for good|for ?ever|indefinitely|until further notice|no end|without (?:an )?end|open[- ]?ended|from now on"
    r"|(?:until|till) i(?:'m| am)? (?:come back|return|back|say so|say|tell you)|(?:when|as long as) (?:i|you) like"
    r"|(?:p[ao]?ra|pra) sempre|de vez|sem fim|sem data(?: de volta| para voltar)?|(?:por )?(?:tempo )?indeterminad[ao]|indefinidamente"
    r"|ate (?:eu )?(?:voltar|avisar|dizer|falar)|ate segunda ordem|quando (?:eu )?quiser|(?:de )?(?:hoje|agora) em diante)"
)
_NUMBER = re.compile(r"\d{1,2}")
_UNTIL = re.compile(r"(?:ate|until|till|by|em|in) ")


class Away(NamedTuple):
    """From which day (at once where it is None) until which day: the first one with doses again; None until they say so."""

    first: date | None
    until: date | None


def read_pause(words: str, today: date) -> Away:
    """The days somebody means to be away, counted in their own days.

    The last day they name after a first one is without a dose; a day named alone is the first one with doses again, as after "until".
    Raises UserMistake: "pause.no_end" where a pause that begins later names no last day, "pause.backwards" where the last day comes
    before the first, "pause.two_orders" where they are not in one order, "pause.begins_in_the_past", "pause.too_far", else
    "reading.no_such_date".
    """
    said = plain(words, mistake_about("date", words))
    begins = _FROM.sub("", said)
    if away := _whole(said, today) or _endless(said, today):
        return away
    for left, right in _parted(_FOR, begins):
        if first := _first_day(left, right, today, words):
            return Away(first, _within_reach(_after(right, first, words), today, words))
    for left, right in _in_one_order(_parted(_TO, begins), words):
        if first := _first_day(left, right, today, words):
            return Away(first, _within_reach(_last_day(right, first, today, words) + DAY, today, words))
    if begins != said and (begins in _NOW or _date(spoken_date(begins), today, counted=False)):
        raise UserMistake("pause.no_end")
    if alone := _date(spoken_date(said), today):
        _within_reach(alone, today, words)
    return Away(None, read_until(words, today))


def is_for_how_long(words: str, today: date) -> bool:
    """Whether somebody says for how many days, weeks or months, and not until when: "3 dias", "for a fortnight"."""
    said = plain(words, mistake_about("date", words))
    if _UNTIL.match(said):
        return False
    spoken = spoken_date(said)
    return _date(spoken, today) is not None and _date(spoken, today, counted=False) is None


def _whole(said: str, today: date) -> Away | None:
    """Today, the weekend, the whole of next week or month, or what is left of this one."""
    if said in _TODAY:
        return Away(today, today + DAY)
    if found := _WEEKEND.fullmatch(said):
        return _weekend(today, only_until=bool(found["until"]))
    if end := _end(said, today):
        return Away(None, end)
    if found := _NEXT.fullmatch(said):
        return _next(found["en"] or found["pt"] or found["prox"], today)
    return None


def _weekend(today: date, *, only_until: bool) -> Away:
    """Saturday and Sunday, or what is left of them; or the days until a Saturday."""
    saturday = today + timedelta(days=6 - today.isoweekday())
    if only_until:
        return Away(None, saturday if saturday > today else saturday + WEEK)
    return Away(max(today, saturday), saturday + 2 * DAY)


def _end(said: str, today: date) -> date | None:
    """The day after the end of this week, month or year."""
    found = _END.fullmatch(said)
    if found is None:
        return None
    what = found["en"] or found["pt"]
    if what in ("year", "ano"):
        return date(today.year + 1, 1, 1)
    return today + timedelta(days=8 - today.isoweekday()) if what in ("week", "semana") else _month_on(today)


def _month_on(today: date) -> date:
    return months_later(today.replace(day=1), 1)


def _endless(said: str, today: date) -> Away | None:
    """A pause for good. Raises UserMistake for one that begins later: it would be a silence when nobody thinks of it any more."""
    found = _ENDLESS.fullmatch(said)
    if found is None:
        return None
    first = _FROM.sub("", f"{found['first'] or ''} ").strip()
    if not first or first in _NOW:
        return Away(None, None)
    if _date(spoken_date(first), today, counted=False):
        raise UserMistake("pause.no_end")
    return None


def _next(what: str, today: date) -> Away:
    """The whole of next week or of next month."""
    if what in ("week", "semana"):
        first = today + timedelta(days=8 - today.isoweekday())
        return Away(first, first + WEEK)
    return Away(_month_on(today), months_later(_month_on(today), 1))


def _parted(between: re.Pattern[str], said: str) -> Iterator[tuple[str, str]]:
    """Every way of parting words at one of the little words between two days."""
    for found in between.finditer(said):
        left, right = said[: found.start()].strip(), said[found.end() :].strip()
        if left and right:
            yield left, right


def _in_one_order(ways: Iterable[tuple[str, str]], words: str) -> Iterator[tuple[str, str]]:
    """The ways of parting, their dates with the day before the month. Raises UserMistake where each of two is in another order."""
    for way in ways:
        spoken = [spoken_date(half) for half in way]
        ordered = day_first(*spoken)
        if ordered is None:
            raise UserMistake("pause.two_orders", typed=mistake_about("date", words).facts["typed"])
        yield way if ordered == spoken else (ordered[0], ordered[1])


def _first_day(left: str, right: str, today: date, words: str) -> date | None:
    """The first day, if it is one; of a bare “20” the month is that of the last day. Raises UserMistake for a day that is over."""
    if left in _NOW:
        return today
    if _NUMBER.fullmatch(left):
        return _before(int(left), _date(_numbered(right), today, counted=False), today)
    said = spoken_date(left)
    lately = _date(said, today - LATELY, named=True)
    if lately is not None and lately < today:
        raise UserMistake("pause.begins_in_the_past", typed=mistake_about("date", words).facts["typed"])
    return lately if lately == today else _date(said, today, counted=False)


def _before(day: int, last: date | None, today: date) -> date | None:
    """The last day of that number before another day."""
    if last is None:
        return None
    for month in (last.replace(day=1), months_later(last.replace(day=1), -1)):
        if 1 <= day <= monthrange(month.year, month.month)[1] and today <= month.replace(day=day) <= last:
            return month.replace(day=day)
    return None


def _last_day(right: str, first: date, today: date, words: str) -> date:
    """The last day: the next such day from the first one on."""
    last = today if right in _NOW else _date(_numbered(right), first - DAY)
    if last is not None and last >= first:
        return last
    if last is not None or _date(_numbered(right), today) is not None:
        raise UserMistake("pause.backwards", typed=mistake_about("date", words).facts["typed"])
    raise mistake_about("date", words)


def _numbered(said: str) -> str:
    """A bare number after another day is a day of the month, and not a number of days."""
    return f"dia {said}" if _NUMBER.fullmatch(said) else spoken_date(said)


def _after(right: str, first: date, words: str) -> date:
    """The day after so many days, weeks or months."""
    until = _date(spoken_date(right), first)
    if until is None or until <= first:
        raise mistake_about("date", words)
    return until


def _within_reach(until: date, today: date, words: str) -> date:
    if until > today + FARTHEST:
        raise UserMistake("pause.too_far", typed=mistake_about("date", words).facts["typed"])
    return until


def _date(said: str, today: date, *, counted: bool = True, named: bool = False) -> date | None:
    """What `date_said` finds, also where a calendar has no such day; only a date with its month where it must be `named`."""
    try:
        return on_the_calendar(said, today) if named else date_said(said, today, counted=counted)
    except (ValueError, OverflowError):  # the thirtieth of February, or beyond what a calendar holds
        return None
