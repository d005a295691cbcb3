"""How was it? Four answers in one tap, and what each of them changes."""

from __future__ import annotations

from bot.chat import Button, Message, Rows, lines, rows
from bot.i18n.words import Words
from bot.learning.taste import RATINGS


def rating_rows(words: Words, dose_id: int, now: str | None = None) -> Rows:
    """Too easy, right, too hard, not worth it; the one they gave is ticked."""
    return rows(
        (
            Button(("✓ " if name == now else "") + words.one_of("rating", name), f"rate:{dose_id}:{name}")
            for name in RATINGS
        ),
        2,
    )


def rated_message(words: Words, dose_id: int, title: str, now: str, *, asks: bool) -> Message:
    """What they said of it, what that changes, and the buttons again: they may change their mind; a line is asked for once."""
    said = words.text(f"rated.{now}", title=title)
    return Message(lines(said, words.text("note.ask") if asks else None), rating_rows(words, dose_id, now))
