"""Reads a filter as curators type it: `+python -vagas -"sponsored post" >500 3/day`."""

from __future__ import annotations

import re
from typing import Any

from bot.commands.reading.typed import mistake_about
from bot.feeds.filters import LONGEST_WORD, MOST_A_DAY, MOST_WORDS, fold

OFF = frozenset({"off", "none", "no", "nao", "não", "nada", "sem", "nenhum"})
MOST_LETTERS = 20_000

_PART = re.compile(
    r"""(?P<sign>[+\-−–])\s*(?:["“”](?P<phrase>[^"“”]+)["“”]|(?P<word>[^\s"“”]+))
      | >\s*(?P<letters>\d{1,6})
      | (?P<cards>\d{1,3})\s*/\s*(?:day|dia|d)\b
      | (?P<other>\S+)""",
    re.VERBOSE | re.IGNORECASE,
)


def no_filter() -> dict[str, Any]:
    """Everything passes, as many cards a day as usual."""
    return {"include": [], "exclude": [], "shortest": 0, "most_a_day": MOST_A_DAY}


def read_filter(typed: str) -> dict[str, Any]:
    """The columns of a filter; it replaces the one before. Raises UserMistake with the part that is none."""
    draft = no_filter()
    if typed.strip().casefold() in OFF:
        return draft
    for found in _PART.finditer(typed):
        if found["sign"]:
            word = " ".join((found["phrase"] or found["word"]).split())[:LONGEST_WORD]
            words = draft["include" if found["sign"] == "+" else "exclude"]
            if not fold(word) or len(words) >= MOST_WORDS:
                raise mistake_about("feed_filter", found[0])
            words.append(word)
        elif found["letters"]:
            draft["shortest"] = min(int(found["letters"]), MOST_LETTERS)
        elif found["cards"]:
            draft["most_a_day"] = max(1, min(int(found["cards"]), 50))
        else:
            raise mistake_about("feed_filter", found["other"])
    return draft
