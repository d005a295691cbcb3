"""Reading what people type about their doses: sizes by weekday, the time they have now, the level.

"15 weekdays, 60 saturday" ──▶ {1: 15, …, 5: 15, 6: 60}        "tenho 5 minutos" ──▶ 5
"fácil" ──▶ 1
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.commands.reading.dates import read_days
from bot.commands.reading.minutes import exact_minutes, nearest_size
from bot.commands.reading.typed import LONGEST, mistake_about, plain, with_digits
from bot.errors import UserMistake

WEEK = range(1, 8)

# ----------------------------------------------------------------------------------------------------------------- sizes

_UNITS = r"(?:minutos?|minutes?|mins?|m|')(?![a-z])"
_HOURS = r"(?:horas?|hours?|hrs?|hs|h)(?![a-z])"
_AMOUNT = re.compile(
    r"\bmeia hora\b|\bhalf (?:an? )?hour\b|\b(?:1 )?quarto de hora\b|\b(?:a )?quarter of an hour\b"
    r"|\b(?:an?|1) hour and a half\b|\b(?:1 )?hora e meia\b|\b(?:an? hour|1 hora)\b"
    rf"|(?<![\d.,])\d{{1,2}}(?:[.,]\d)? ?{_HOURS}(?: ?(?:e|and))?(?: ?\d{{1,2}}(?![\dha]|\s?{_HOURS})(?: ?{_UNITS})?)?"
    rf"|(?<![\d.,-])\d+(?![\d]|[ao]\b|st\b|nd\b|rd\b|th\b)(?: ?{_UNITS})?"
)
_NO_DAYS = re.compile(r"\b(?:por|per|a|ao|each|cada) (?:dia|day)\b|\bdoses? (?:de|of)\b")
_OTHER_DAYS = re.compile(
    r"\b(?:(?:n?os )?(?:outros|demais)(?: dias)?|(?:n?o )?rest[eo](?: da semana)?|(?:the )?other(?: days)?"
    r"|(?:the )?rest(?: of the week)?|otherwise)\b"
)


def read_sizes(words: str) -> dict[int, int]:
    """The sizes that somebody gives to weekdays (ISO, Monday is 1), each one of those offered; days not named are not in it.

    "15" and "30 min por dia" are every day; "15 seg-sex, 60 sáb"; "60 on Saturday"; "sábado 1h, nos outros dias 15"; "15, 60 sáb" is
    every day with one exception. "20 min" is 15, "50" is 60. Raises UserMistake("reading.no_such_minutes", typed=…).
    """
    return {day: nearest_size(minutes) for day, minutes in said_sizes(words).items()}


def said_sizes(words: str) -> dict[int, int]:
    """The same in minutes as they are said: "20 seg" is 20. Raises as above."""
    mistake = mistake_about("minutes", words)
    said = with_digits(plain(words, mistake))
    amounts = list(_AMOUNT.finditer(said))
    if not amounts:
        raise mistake
    between = [said[: amounts[0].start()]]
    for number, amount in enumerate(amounts):
        ends = amounts[number + 1].start() if number + 1 < len(amounts) else len(said)
        between.append(said[amount.end() : ends])
    first, *after = [_days_said(part) for part in between]
    days_said = after if not first else [first, *after[:-1]]
    if first and after[-1]:
        raise mistake
    try:
        return _spread([(exact_minutes(amount[0]), days) for amount, days in zip(amounts, days_said, strict=True)])
    except UserMistake:
        raise mistake from None


def _days_said(part: str) -> str:
    """The words around a size that name days, without those that name nothing."""
    said = _NO_DAYS.sub(" ", part).strip(" ,;:.+&=")
    return "" if said in ("e", "and", "em", "on", "no", "na", "todo", "todos", "-") else said


def _spread(sized: list[tuple[int, str]]) -> dict[int, int]:
    """Sizes over the days they were said with; the broader goes first, so that what is narrower stands. Raises UserMistake."""
    sizes: dict[int, int] = {}
    named: dict[int, int] = {}
    others: int | None = None
    for minutes, days in sized:
        if not days:
            sizes |= dict.fromkeys(WEEK, minutes)
        elif _OTHER_DAYS.fullmatch(days.removeprefix("e ").removeprefix("and ")):
            others = minutes
        else:
            named |= dict.fromkeys(read_days(days), minutes)
    if others is not None:
        sizes |= dict.fromkeys(WEEK, others)
    return sizes | named


# -------------------------------------------------------------------------------------------------- the time they have

_HAVE = re.compile(
    r"(?:(?:hoje|agora|today|now|so|only|just|apenas|eu|i|hj|oi|hi),? )*(?:tenho|tinha|temos|have|'ve got|i've got|ive got|got)\b"
    r"(?: (?:so|apenas|somente|only|just|about|around|uns|umas|cerca de|no maximo|at most|mais ou menos))*"
    r" (?P<amount>.+?)"
    r"(?: (?:hoje|agora|livres?|so|today|now|free|only|left|para hoje|for today|right now))*[.!]?"
)
_BARE = re.compile(
    rf"(?:so |apenas |only |just )?(?P<amount>\d{{1,3}} ?(?:{_UNITS}|{_HOURS})|meia hora|half an hour)[.!]?"
)


def time_in_hand(words: str, *, bare: bool = True) -> int | None:
    """The minutes somebody says they have: "I have 5 minutes", "hoje só tenho meia hora", with `bare` also "10 min" alone.

    None where they say something else.
    """
    if len(words) > LONGEST:
        return None
    try:
        said = with_digits(plain(words, UserMistake("reading.no_such_minutes")))
        found = _HAVE.fullmatch(said) or (_BARE.fullmatch(said) if bare else None)
        return exact_minutes(found["amount"]) if found else None
    except UserMistake:
        return None


# ----------------------------------------------------------------------------------------------------------------- level

_LEVEL_WORDS: Mapping[int, str] = {
    1: "1 easy easier facil faceis beginner iniciante basico basic leve introductory introdutorio gentle light simples simple",
    2: "2 medium medio normal middling intermediario intermediate regular middle",
    3: "3 hard harder dificil dificeis advanced avancado deep puxado challenging pesado expert",
}
_LEVELS = {word: level for level, said in _LEVEL_WORDS.items() for word in said.split()}


def read_level(words: str) -> int:
    """How hard somebody wants it, 1 to 3: "2", "fácil", "nível 3", "something harder". Raises UserMistake("reading.no_such_depth")."""
    mistake = mistake_about("depth", words)
    said = with_digits(plain(words, mistake))
    levels = {_LEVELS[word] for word in re.findall(r"\w+", said) if word in _LEVELS}
    if len(levels) != 1:
        raise mistake
    return levels.pop()
