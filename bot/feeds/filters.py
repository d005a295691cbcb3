"""What of a feed the curators want to see: plain words to have or not to have, a least length, no Shorts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.feeds.item import Item

MOST_WORDS, LONGEST_WORD = 30, 40
MOST_A_DAY = 5


@dataclass(frozen=True, slots=True)
class Filter:
    """An item must hold one of `include` (if there are any) and none of `exclude`; `shortest` is in letters of its text."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    shortest: int = 0


def why_hidden(item: Item, wanted: Filter) -> str | None:
    """What hides an item: the unwanted word, `short`, `shorts`, or `missing` where none of the wanted words is there."""
    if item.link and "/shorts/" in item.link:
        return "shorts"
    said = f" {fold(f'{item.title} {item.summary}')} " if wanted.include or wanted.exclude else ""
    for word in wanted.exclude:
        if holds(said, word):
            return word
    if wanted.include and not any(holds(said, word) for word in wanted.include):
        return "missing"
    if item.letters < wanted.shortest and item.seconds is None:
        return "short"
    return None


def holds(said: str, word: str) -> bool:
    """Does a folded text hold a word, or words in a row, as whole ones?"""
    return f" {fold(word)} " in said


def fold(text: str) -> str:
    """Without case, accents and punctuation, one space between words; `C++` and `C#` keep their signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        letter if letter.isalnum() or letter in "+#" else " " for letter in plain if not unicodedata.combining(letter)
    )
    return " ".join("".join(kept).split())


def preview(items: Iterable[Item], wanted: Filter) -> Sequence[tuple[Item, str]]:
    """What a filter would have hidden of these, and why."""
    return [(item, why) for item in items if (why := why_hidden(item, wanted))]
