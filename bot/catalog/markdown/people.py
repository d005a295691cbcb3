"""Whether some words are a person's name: by what the list itself says about people, else by their looks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from bot.catalog.markdown.vocabulary import NOT_NAMES

PARTICLES = frozenset(
    ("al", "bin", "da", "das", "de", "del", "der", "di", "do", "dos", "du", "e", "el", "la", "le", "van", "von")
)
NAME_WORD = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*$")
INNER_CAPITAL = re.compile(r"(?<!^Mc)(?<!^Mac)(?<!^De)(?<!^La)(?<!['’-])(?<=[a-z])[A-Z]")
AT_END = re.compile(r"\b(?:by|por|com|do|da|from|de)\s+((?:[A-ZÀ-Ý][\w'’.-]+\s?){2,3})\)?$")
HANDLE = re.compile(r"@[\w.-]{2,40}$")
LIST_OF_NAMES = re.compile(r"\s*(?:,|&|\be\b|\band\b)\s*")
ALIKE = 88
"""From which likeness (rapidfuzz, 0 to 100) two spellings of a name count as one: "Khrish Naik", "Krish Naik"."""

MOST_COMPARED = 50


class People:
    """The people a list is known to speak of."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._known = {name.casefold() for name in names if 2 < len(name) <= 60}
        self._alike: dict[str, list[str]] = {}
        for name in sorted(self._known):
            self._alike.setdefault(_initials(name), []).append(name)
        self._parts = {word for name in names if looks_like_name(name) for word in name.casefold().split()}
        self._answers: dict[str, bool] = {}

    def author(self, words: str, owner: str = "") -> tuple[str | None, bool]:
        """Return the author that some words name, if they name one, and whether that is sure.

        Sure are a handle, a person the list speaks of elsewhere, and the account in the link's own address.
        """
        if HANDLE.fullmatch(words):
            return words, True
        if owner and words.casefold() == owner.casefold():
            return words, True
        names = [name for name in LIST_OF_NAMES.split(words) if name]
        if names and all(self.knows(name) for name in names):
            return words, True
        if names and all(self.knows(name) or looks_like_name(name) for name in names):
            return words, False
        return None, False

    def knows(self, name: str) -> bool:
        """Tell whether the list speaks of this person: by full name, spelt nearly so, or by one of the names."""
        low = name.casefold()
        if low not in self._answers:
            self._answers[low] = low in self._known or low in self._parts or self._knows_nearly(low)
        return self._answers[low]

    def _knows_nearly(self, low: str) -> bool:
        """Compare with the known names of the same initials, so that the cost stays flat in a long list."""
        candidates = self._alike.get(_initials(low), ())[:MOST_COMPARED] if " " in low else ()
        return any(fuzz.ratio(low, known) >= ALIKE for known in candidates)


def _initials(name: str) -> str:
    """Return the first letters of the first and the last word."""
    words = name.split()
    return words[0][0] + words[-1][0] if words else ""


def looks_like_name(words: str) -> bool:
    """Tell whether two to four words look like a person's name."""
    parts = words.split()
    if not 2 <= len(parts) <= 4 or parts[0].lower() in PARTICLES:
        return False
    return all(part in PARTICLES or _looks_like_name_word(part) for part in parts)


def _looks_like_name_word(word: str) -> bool:
    """Tell whether one word could be part of a name: a capital, letters, no word of the trade."""
    if not NAME_WORD.match(word) or any(letter.isdigit() or letter == "_" for letter in word):
        return False
    if word.casefold().rstrip(".") in NOT_NAMES or (word.isupper() and len(word) > 2):
        return False
    return not INNER_CAPITAL.search(word)


def name_at_end(title: str) -> str | None:
    """Return the name in "… by Ada Lovelace", "Blog da Chip Huyen"."""
    found = AT_END.search(title)
    return found[1].strip() if found and looks_like_name(found[1].strip()) else None
