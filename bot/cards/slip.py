"""The button that takes a press on Done, Finished or “I worked on it” back."""

from __future__ import annotations

from bot.chat import Button
from bot.i18n.words import Words
from bot.store.tables import Dose


def slip_button(words: Words, dose: Dose) -> Button:
    """Undo. It names the press it belongs to by its second, so that it never takes back a later one."""
    return Button(words.say("button.undo"), f"slip:{dose.id}:{press_of(dose)}")


def press_of(dose: Dose) -> str:
    """Which press a dose has its outcome from; empty where it has none."""
    return str(int(dose.outcome_at.timestamp())) if dose.outcome_at else ""
