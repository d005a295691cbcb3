"""What the words after a command could become, for platforms that offer that while somebody types."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rapidfuzz import process, utils

from bot.cards.names import trail_name
from bot.catalog.entry import Catalog
from bot.i18n.words import Words

MOST = 10
"""How many are offered at once."""

Offer = Callable[[Catalog, Words], Iterable[str]]


def trails(catalog: Catalog, words: Words) -> Iterable[str]:
    """The names of the trails."""
    return (trail_name(catalog, words, trail.id) for trail in catalog.trails)


COMPLETES: dict[str, Offer] = {"trail": trails, "subscribe": trails}
"""Which commands' words can be completed, and from what."""


def complete(catalog: Catalog, words: Words, command: str, typed: str) -> tuple[str, ...]:
    """The words nearest to what was typed so far, the best first; all of them in their order where nothing was."""
    offered = list(dict.fromkeys(COMPLETES[command](catalog, words))) if command in COMPLETES else []
    if not typed.strip():
        return tuple(offered[:MOST])
    near = process.extract(typed, offered, processor=utils.default_process, limit=MOST, score_cutoff=50)
    return tuple(name for name, _, _ in near)
