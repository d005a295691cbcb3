"""The names of trails and topics in a person's language, and short ones for buttons."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from bot.catalog.entry import Catalog
from bot.chat import shorten
from bot.i18n.words import Words
from bot.learning.way import OWN

SHORT = 30
"""Characters of a name that fit a button."""


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


@lru_cache(4096)
def handle(name: str) -> str:
    """A short name for an id, the same as long as the id is, so that two of them fit a button's 64 bytes."""
    return blake2b(name.encode(), digest_size=6).hexdigest()


def short_name(name: str) -> str:
    """A name cut to what a button holds."""
    return shorten(name, SHORT)
