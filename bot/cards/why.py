"""Why this dose: the sentences a choice was stored with, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.unknown import said
from bot.chat import Button, Message, Span, Text, lines
from bot.i18n.words import Words

FAMILIES = ("kind", "language")
"""Facts of a sentence that are words of a family, such as the kind of a resource."""


def why_text(words: Words, why: Mapping[str, Any], topic: str) -> Text:
    """The one sentence that decided; nothing where this version does not know it."""
    return _sentence(words, why["reason"], why.get("facts", {}), topic)


def factor_texts(words: Words, why: Mapping[str, Any], topic: str) -> Sequence[Text]:
    """Everything that is true of the choice, what decided first. An old dose knows only that."""
    factors = why.get("factors") or [{"reason": why["reason"], "facts": why.get("facts", {})}]
    told = [_sentence(words, piece["reason"], piece.get("facts", {}), topic) for piece in factors]
    return [sentence for sentence in told if sentence]


def why_message(words: Words, why: Mapping[str, Any], title: str, topic: str, back: Button) -> Message:
    """Every sentence about a choice below the other, what decided first; and the way back."""
    told = [(Span("· "), *sentence) for sentence in factor_texts(words, why, topic)]
    return Message(lines(words.text("dose.why_all", title=title), *told), ((back,),))


def _sentence(words: Words, reason: str, facts: Mapping[str, Any], topic: str) -> Text:
    def say() -> Text:
        told = {name: words.one_of(name, str(fact)) if name in FAMILIES else fact for name, fact in facts.items()}
        return words.text(f"why.{reason}", topic=topic, **told)

    return said("why", reason, say) or ()
