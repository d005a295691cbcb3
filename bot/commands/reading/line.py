"""A line to remember a thing by, as somebody wrote it."""

from __future__ import annotations

from bot.errors import UserMistake

LONGEST = 1000
"""Characters of a line; what is longer is an essay, and no prompt brings an essay back."""


def read_line(text: str) -> str:
    """A line as it is kept: without characters nobody sees. Raises UserMistake where nothing is left, or far too much."""
    seen = "".join(letter for letter in text if letter.isprintable() or letter in "\n\u200d").strip()
    if not seen:
        raise UserMistake("note.empty")
    if len(seen) > LONGEST:
        raise UserMistake("note.too_long", most=str(LONGEST))
    return seen
