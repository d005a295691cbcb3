"""What the words after a command could become, for platforms that offer that while somebody types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from rapidfuzz import process, utils

from bot.cards.names import topic_name, trail_name
from bot.catalog.entry import Catalog
from bot.catalog.search import Query, sought
from bot.i18n.words import Words

MOST = 10
"""How many are offered at once."""
NEAR = 50
"""How like (of 100) what was typed a name must be."""

Complete = Callable[[Catalog, Words, str], Iterable[str]]


def trails(catalog: Catalog, words: Words, typed: str) -> Sequence[str]:
    """The names of the trails, the nearest first."""
    return _nearest([trail_name(catalog, words, trail.id) for trail in catalog.trails], typed)


def queue_topics(catalog: Catalog, words: Words, typed: str) -> Sequence[str]:
    """The names of the topics, the nearest first."""
    return _nearest([topic_name(catalog, words, topic.id) for topic in catalog.topics], typed)


def titles(catalog: Catalog, words: Words, typed: str) -> Iterable[str]:
    """The titles that a search for the words finds."""
    looked_for = sought(typed)
    return (entry.title for entry in catalog.index.find(Query(looked_for)).entries) if looked_for else ()


def entries(catalog: Catalog, words: Words, typed: str) -> Iterable[str]:
    """The ids of the entries that a search finds: what a curator's command names them by."""
    looked_for = sought(typed)
    return (entry.id for entry in catalog.index.find(Query(looked_for)).entries) if looked_for else ()


COMPLETES: dict[str, Complete] = {
    "trail": trails,
    "subscribe": trails,
    "search": titles,
    "queue": queue_topics,
    "edit": entries,
    "retire": entries,
}
"""Which commands' words can be completed, and from what."""


def complete(catalog: Catalog, words: Words, command: str, typed: str) -> tuple[str, ...]:
    """What those words could become, the best first."""
    offered = COMPLETES[command](catalog, words, typed) if command in COMPLETES else ()
    return tuple(islice(dict.fromkeys(offered), MOST))


def _nearest(names: Sequence[str], typed: str) -> Sequence[str]:
    """Names by likeness to what was typed; as they are where nothing was."""
    if not typed.strip():
        return names
    return [name for name, _, _ in process.extract(typed, names, processor=utils.default_process, score_cutoff=NEAR)]
