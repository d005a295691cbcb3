"""What somebody reads whose words or press could not be taken: what is the matter, and what they can do next."""

from __future__ import annotations

from dataclasses import replace

from bot.catalog.fields import Bilingual
from bot.chat import Answer, Message, lines, shorten
from bot.errors import UserMistake, Word
from bot.i18n.words import Words

SHOWN = 60
"""Characters of what they said, or are called, that a sentence shows."""


def mistake_answer(words: Words, mistake: UserMistake) -> Answer:
    """The sentence for a mistake, with what they can press instead."""
    said = words.text(mistake.key, **{name: _told(words, fact) for name, fact in mistake.facts.items()})
    if mistake.again is None:
        return Answer(say=(Message(said),), ask=mistake.asks)
    again = mistake.again
    return Answer(say=(replace(again, text=lines(said, again.text) if again.text else said),), ask=mistake.asks)


def shortened(fact: str) -> str:
    """Its beginning, where it is longer than a sentence can hold."""
    return shorten(fact, SHOWN)


def _told(words: Words, fact: object) -> str | int:
    """A fact as a sentence holds it: numbers as they are, of a list every member, and nothing that fills the screen."""
    if isinstance(fact, int):
        return fact
    if isinstance(fact, Word):
        return words.say(fact.key)
    if isinstance(fact, tuple):
        return ", ".join(str(_told(words, one)) for one in fact)
    return shortened(fact.in_(words.language) if isinstance(fact, Bilingual) else str(fact))
