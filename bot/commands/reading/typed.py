"""What every reading of typed words begins with: the mistake that quotes them, their plain form, numbers, and shortened names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bot.errors import UserMistake

LONGEST = 100
"""Nobody needs more characters for an hour, a date or a language; what is longer is refused unread."""
QUOTED = 40

_NUMBERS = {
    word: number
    for number, words in (
        (1, "um uma one"),
        (2, "dois duas two"),
        (3, "tres three"),
        (4, "quatro four"),
        (5, "cinco five"),
        (6, "seis six"),
        (7, "sete seven"),
        (8, "oito eight"),
        (9, "nove nine"),
        (10, "dez ten"),
        (11, "onze eleven"),
        (12, "doze twelve"),
        (15, "quinze fifteen"),
        (20, "vinte twenty"),
        (30, "trinta thirty"),
        (60, "sessenta sixty"),
    )
    for word in words.split()
}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")


def mistake_about(what: str, words: str) -> UserMistake:
    """The mistake that quotes what was typed: in one line, short, without characters that steer the text around them."""
    seen = " ".join(
        "".join(" " if letter.isspace() else letter for letter in words[:LONGEST] if _is_seen(letter)).split()
    )
    return UserMistake(f"reading.no_such_{what}", typed=seen if len(seen) <= QUOTED else f"{seen[:QUOTED]}…")


def _is_seen(letter: str) -> bool:
    return letter.isspace() or not unicodedata.category(letter).startswith("C")


def plain(words: str, mistake: UserMistake) -> str:
    """Small letters, no accents, single blanks. Raises the mistake where there is nothing, or far too much."""
    if len(words) > LONGEST:
        raise mistake
    spelled = unicodedata.normalize("NFKD", words.casefold())
    seen = "".join(letter for letter in spelled if _is_seen(letter) and not unicodedata.combining(letter))
    plain = " ".join(seen.replace("’", "'").split())
    if not plain or any(letter.isdigit() and not letter.isascii() for letter in plain):
        raise mistake
    return plain


def with_digits(said: str) -> str:
    """Number words as digits: "oito" is 8."""
    return _NUMBER_WORD.sub(lambda word: str(_NUMBERS[word[0]]), said)


def named_by(word: str, names: Mapping[str, int], shortest: int = 2) -> int | None:
    """What a name, its plural or its beginning stands for; None where it is none, or the beginning of several."""
    stems = [stem for stem in {word, word.removesuffix("s")} if len(stem) >= shortest]
    meant = {number for name, number in names.items() if any(name.startswith(stem) for stem in stems)}
    return meant.pop() if len(meant) == 1 else None
