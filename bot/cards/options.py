"""More…: what else can be done with a dose, in place of its buttons, with a way back."""

from __future__ import annotations

from bot.cards.dose import another_button, later_button, pressed
from bot.cards.preferences import size_rows
from bot.chat import Button, Rows
from bot.i18n.words import Words
from bot.store.tables import Dose


def option_rows(words: Words, dose: Dose, *, saved: bool) -> Rows:
    """Save · Why this · Not for me · Know it already · Too long today · My time today… · Broken link · back.

    A session's own buttons hold no Another and no Later; these are here.
    """
    keep = Button(words.say("button.unsave" if saved else "button.save"), f"{'unkeep' if saved else 'keep'}:{dose.id}")
    why = Button(words.say("button.why_this"), f"whythis:{dose.id}")
    turned = [Button(words.one_of("button", kind), f"{pressed('pass', dose)}:{kind}") for kind in PASSES]
    time = Button(words.say("button.time_today"), f"size:{dose.id}")
    not_for_me, known, too_long, broken = turned
    rows: Rows = ((keep, why), (not_for_me, known), (too_long, time), (broken, back_button(words, dose)))
    if dose.part is not None:  # its own buttons are about the session
        return (rows[0], (another_button(words, dose), later_button(words, dose)), *rows[1:])
    return rows


PASSES = ("not_for_me", "known", "too_long", "broken")
"""Why somebody passes a resource over, in the order of the buttons."""


def time_rows(words: Words, dose: Dose) -> Rows:
    """How much time is there today?"""
    return (*size_rows(words, f"size:{dose.id}"), (back_button(words, dose),))


def back_button(words: Words, dose: Dose) -> Button:
    """Back to the card with its own buttons."""
    return Button(words.say("button.to_card"), f"face:{dose.id}")
