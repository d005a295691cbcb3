"""The week in a message: what they did, the lines they wrote, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from bot.cards.choices import day_words
from bot.cards.names import topic_name
from bot.cards.recall import short
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Span, Text, lines, rows
from bot.i18n.showing import show_hour
from bot.i18n.words import Words

TOLD, NOTES, LONG = 8, 5, 160
SLOTS = ((7, time(18)), (1, time(8)), (5, time(18)))
"""The days and hours offered: Sunday evening, Monday morning, Friday evening."""


def digest_message(words: Words, catalog: Catalog, facts: Mapping[str, Any]) -> Message:
    """The digest from the facts that were gathered when its hour came."""
    done, worked, notes = facts["done"], facts.get("worked", []), facts["notes"]
    told: list[Text] = [words.text("digest.head", n=facts["days"])] if done or worked else [words.text("digest.quiet")]
    told += [(Span("· "), Span(short(title, LONG))) for title in done[:TOLD]]
    if len(done) > TOLD:
        told.append(words.text("digest.more", n=len(done) - TOLD))
    if worked:
        told.append(words.text("digest.worked_on", what=", ".join(short(title, LONG) for title in worked[:TOLD])))
    if notes:
        told += [(), words.text("digest.notes")]
        told += [(Span("“"), Span(short(note, LONG), italic=True), Span("”")) for note in notes[:NOTES]]
    if facts["next"]:
        told += [(), words.text("digest.next", topic=topic_name(catalog, words, facts["next"]))]
    buttons = (Button(words.say("button.today"), "today"), Button(words.say("button.progress"), "progress"))
    return Message(lines(*told), (buttons,))


def digest_choice(words: Words) -> Message:
    """Once a week, when?"""
    buttons = [
        Button(f"{day_words(str(day), words)} {show_hour(hour)}", f"digest:{day}:{hour:%H:%M}") for day, hour in SLOTS
    ]
    return words.message("digest.choose", (*rows(buttons, 3), (Button(words.say("button.no_digest"), "digest:off"),)))
