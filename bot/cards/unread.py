"""Of a link whose page told too little a curator is asked for its title or its minutes, before it is approved."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.mend import MINUTES
from bot.chat import Button, Message, Text, lines, rows
from bot.curation.unread import missing
from bot.i18n.showing import show_minutes
from bot.i18n.words import Words
from bot.store.suggestions import WholeSuggestion


def what_called(words: Words, seen: WholeSuggestion) -> Message:
    """The question for the title, and in the same line for the minutes; a page that is still to be read may be waited for.

    It is a message without buttons, so that in a group Telegram brings us the answer; the card stays as it is.
    """
    number = str(seen.row.id)
    soon = words.text("unread.soon") if seen.row.fill_at and not seen.row.problem else None
    key = "unread.title" if missing(seen) == ("title",) else "unread.called"
    return Message(lines(soon, words.text(key, number=number)))


def how_long(words: Words, seen: WholeSuggestion, card: Message, verb: str) -> Message:
    """The card asking for the minutes, by buttons for those who would not type them; `verb` goes on with the answer."""
    number = seen.row.id
    buttons = rows((Button(show_minutes(n), f"long:{number}:{verb}:{n}") for n in MINUTES), 4)
    back = Button(words.say("button.back"), f"suggestion:{number}")
    return Message(lines(card.text, (), words.text("unread.how_long")), (*buttons, (back,)), shows=card.shows)


def unread_line(words: Words, numbers: Sequence[int]) -> Text | None:
    """Which of several were left out, because too little is known of them."""
    if not numbers:
        return None
    return words.text("unread.left_out", numbers=", ".join(f"#{number}" for number in numbers))
