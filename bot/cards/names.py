"""The names of trails and topics in a person's language."""

from __future__ import annotations

from bot.catalog.entry import Catalog
from bot.i18n.words import Words
from bot.learning.way import OWN


def trail_name(catalog: Catalog, words: Words, trail_id: str) -> str:
    """A trail's name; its id once it left the catalog."""
    if trail_id == OWN:
        return words.say("trail.own")
    trail = catalog.trail(trail_id)
    return trail.name.in_(words.language) if trail else trail_id


def topic_name(catalog: Catalog, words: Words, topic_id: str) -> str:
    """A topic's name; its id once it left the catalog."""
    topic = catalog.topic(topic_id)
    return topic.name.in_(words.language) if topic else topic_id
