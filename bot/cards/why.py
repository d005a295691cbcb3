"""Why this dose, and how much of it today: the sentences a choice was stored with, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.chat import Text
from bot.i18n.words import Words

FAMILIES = ("kind", "language")
"""Facts of a sentence that are words of a family, such as the kind of a resource."""


def why_text(words: Words, why: Mapping[str, Any], topic: str) -> Text:
    """The one sentence that decided."""
    return _sentence(words, why["reason"], why.get("facts", {}), topic)


def factor_texts(words: Words, why: Mapping[str, Any], topic: str) -> Sequence[Text]:
    """Everything that is true of the choice, what decided first. An old dose knows only that."""
    factors = why.get("factors") or [{"reason": why["reason"], "facts": why.get("facts", {})}]
    return [_sentence(words, piece["reason"], piece["facts"], topic) for piece in factors]


def session_text(words: Words, why: Mapping[str, Any]) -> Text | None:
    """“Part 3 of 10, 30 min today”, where a dose is a session of something long."""
    session = why.get("session")
    if not session:
        return None
    facts = {"part": session["part"], "until": session["until"], "of": session["of"], "n": session["minutes"]}
    if session["until"] > session["part"]:
        return words.text("session.parts", **facts)
    del facts["until"]
    return words.text("session.part", **facts)


def _sentence(words: Words, reason: str, facts: Mapping[str, Any], topic: str) -> Text:
    said = {name: words.one_of(name, str(fact)) if name in FAMILIES else fact for name, fact in facts.items()}
    return words.text(f"why.{reason}", topic=topic, **said)
