"""There is nothing to give: why, and the ways on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.names import trail_name
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, rows
from bot.i18n.words import Words


def nothing_message(words: Words, catalog: Catalog, why: Mapping[str, Any], trail: str) -> Message:
    """The reason as a dose's row keeps it, of a `trail` by name; the ways on are buttons, what helps first."""
    reason = why["reason"]
    if reason == "finished" and why.get("own"):
        reason = "finished_own"
    helps = {
        "shelved": Button(words.say("button.shelf"), "shelf:list:0"),
        "languages": Button(words.say("button.languages"), "languages"),
        "more_languages": Button(words.say("button.languages"), "languages"),
        "budget": Button(words.say("button.minutes"), "ask:minutes"),
        "known": Button(words.say("button.topics"), "way:list:0"),
    }
    first = (helps[reason],) if reason in helps else ()
    nearest = why.get("nearest")
    other = (Button(trail_name(catalog, words, nearest), f"trail:{nearest}"),) if nearest else ()
    facts: dict[str, int] = {"n": why["minutes"]} if reason == "budget" else {}
    trails = Button(words.say("button.trails"), "trails")
    return words.message(f"nothing.{reason}", rows((*first, *other, trails), 2), trail=trail, **facts)
