"""Which name somebody meant who spelt it nearly so."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import fuzz, process

NEAR = 85
"""How alike, of 100, two spellings are that mean the same."""


def nearest(words: str, names: Mapping[str, str]) -> str | None:
    """The key whose spelling is most like the words, if any is near enough."""
    found = process.extractOne(words, names, scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[2] if found else None
