"""Ids for new entries: readable, made of the title, and unlike any that ever was."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.catalog.address import AddressError, canonical
from bot.catalog.fields import ID_LENGTH
from bot.catalog.markdown.words import slug


def name_entry(title: str, url: str, taken: Collection[str], more: Iterable[str | None] = ()) -> str:
    """Return a readable id that is not taken: the title, else with one of `more`, with the site, with a number."""
    address = _address(url)
    plain = slug(title) or slug(address) or "entry"
    site = address.partition("/")[0].split(".")[0]
    for words in (plain, *(f"{plain} {word}" for word in (*more, site) if word)):
        candidate = _within(words, words.removeprefix(plain))
        if candidate not in taken:
            return candidate
    number = 2
    while (candidate := _within(f"{plain} {number}", f" {number}")) in taken:
        number += 1
    return candidate


def _address(url: str) -> str:
    try:
        return canonical(url).removeprefix("https://")
    except AddressError:
        return ""


def _within(words: str, ending: str) -> str:
    """Return an id of at most 60 characters that keeps its ending."""
    tail = slug(ending, 24)
    head = slug(words.removesuffix(ending), ID_LENGTH - len(tail) - 1 if tail else ID_LENGTH)
    return f"{head}-{tail}" if tail else head
