"""The way somebody goes: a trail of the catalog, or the topics they picked themselves."""

from __future__ import annotations

from collections.abc import Collection

from bot.catalog.entry import Catalog, TrailTopic

OWN = "own"
"""What stands in the place of a trail's id where somebody picked topics. No trail of a catalog is called so."""


def stops_of(catalog: Catalog, trail: str, own_topics: Collection[str] = ()) -> tuple[TrailTopic, ...] | None:
    """The topics in the order they come; None where the trail is no longer in the catalog.

    Picked topics come in the catalog's order, which goes from the general to the specific.
    """
    if trail == OWN:
        return tuple(TrailTopic(id=topic.id) for topic in catalog.topics if topic.id in own_topics)
    found = catalog.trail(trail)
    return found.topics if found else None


def without_known(way: tuple[TrailTopic, ...] | None, known: Collection[str]) -> tuple[TrailTopic, ...] | None:
    """What is left of a way without the topics that somebody knows already: they count neither as done nor as to do."""
    return None if way is None else tuple(stop for stop in way if stop.id not in known)


def groundwork(catalog: Catalog, stops: Collection[TrailTopic]) -> str | None:
    """The first topic of a way that others of it build on: what somebody most likely brings along. None where none builds on any."""
    built_on = {name for stop in stops if (topic := catalog.topic(stop.id)) for name in topic.after}
    return next((stop.id for stop in stops if stop.id in built_on), None)
