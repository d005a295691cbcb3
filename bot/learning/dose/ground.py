"""The ground a way goes over, laid out once for a catalog: its stops, and of each the core, the rest and what comes before.

Choosing for ten thousand people must not look at every entry of the catalog for each of them, so the last few catalogs are kept with
the ways that were asked for. A catalog never changes; a new one is another object.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.catalog.entry import Catalog, Resource, TrailTopic
from bot.catalog.kinds import Manner, Use
from bot.learning.taste import traits_of
from bot.learning.way import stops_of

KEPT = 4
"""How many catalogs are remembered: the present one, the one before a reload, and a few of tests."""


class Candidate:
    """An entry as choosing sees it: the facts it asks for again and again, without the way there."""

    __slots__ = (
        "author", "core", "days", "difficulty", "entry", "id", "kind", "language", "minutes", "place", "practice", "topic", "traits",
        "watch",
    )  # fmt: skip

    def __init__(self, entry: Resource, place: int) -> None:
        manner = entry.manner
        self.entry = entry
        self.id = entry.id
        self.topic = entry.topic
        self.place = place
        self.core = entry.core
        self.minutes = entry.minutes
        self.days = entry.days or 1
        self.difficulty = entry.difficulty
        self.practice = manner is Manner.BUILD
        self.watch = manner is Manner.WATCH
        self.language = entry.language.value
        self.kind = entry.kind.value
        self.author = entry.author
        self.traits = traits_of(entry)


@dataclass(frozen=True)
class Stop:
    """One topic of a way. `after` are the places of its prerequisites in the way; those outside it do not count."""

    id: str
    at: int
    core: tuple[Candidate, ...]
    rest: tuple[Candidate, ...]
    after: tuple[int, ...]
    by_date: bool

    @cached_property
    def core_ids(self) -> frozenset[str]:
        """The ids of its core."""
        return frozenset(item.id for item in self.core)

    @cached_property
    def practice_ids(self) -> frozenset[str]:
        """The ids of all it has to build, in the core or beside it."""
        return frozenset(item.id for item in (*self.core, *self.rest) if item.practice)


Place = tuple[Stop, Candidate]
"""An entry and the stop it belongs to."""


class Way:
    """The stops of somebody's way in order, and where each entry stands."""

    def __init__(self, catalog: Catalog, topics: Iterable[TrailTopic]) -> None:
        topics = tuple(topics)
        self._catalog = catalog
        self._elsewhere: dict[str, Candidate | None] = {}
        places = {stop.id: place for place, stop in enumerate(topics)}
        self.stops = tuple(_stop(catalog, stop, places) for stop in topics)
        self.items = {item.id: (stop, item) for stop in reversed(self.stops) for item in (*stop.rest, *stop.core)}
        self.core_ids = frozenset(item.id for stop in self.stops for item in stop.core)

    def find(self, resource_id: str) -> Candidate | None:
        """An entry on the way or, from an earlier way, elsewhere in the catalog; None once it left that."""
        found = self.items.get(resource_id)
        if found:
            return found[1]
        if resource_id not in self._elsewhere:
            entry = self._catalog.resource(resource_id)
            self._elsewhere[resource_id] = Candidate(entry, 0) if entry else None
        return self._elsewhere[resource_id]

    def place_of(self, resource_id: str) -> Place | None:
        """An entry and its stop; elsewhere in the catalog it is a stop of its own, beside the way."""
        found, item = self.items.get(resource_id), self.find(resource_id)
        if found or item is None:
            return found
        return Stop(id=item.topic, at=len(self.stops), core=(), rest=(item,), after=(), by_date=False), item


def _stop(catalog: Catalog, stop: TrailTopic, places: dict[str, int]) -> Stop:
    entries = [entry for entry in catalog.of_topic(stop.id, stop.lists, stop.order) if entry.use is Use.DOSE]
    items = [Candidate(entry, place) for place, entry in enumerate(entries)]
    topic = catalog.topic(stop.id)
    return Stop(
        id=stop.id,
        at=places[stop.id],
        core=tuple(item for item in items if item.core),
        rest=tuple(item for item in items if not item.core),
        after=tuple(sorted({places[name] for name in (topic.after if topic else ()) if name in places})),
        by_date=stop.order == "published",
    )


_laid_out: list[tuple[Catalog, dict[tuple[str, tuple[str, ...]], Way | None]]] = []


def way_of(catalog: Catalog, trail: str, topics: tuple[str, ...] = ()) -> Way | None:
    """The ground of a trail, or of the topics somebody picked; None where the trail is no longer in the catalog."""
    ways = next((ways for known, ways in _laid_out if known is catalog), None)
    if ways is None:
        ways = {}
        _laid_out.insert(0, (catalog, ways))
        del _laid_out[KEPT:]
    key = (trail, topics)
    if key not in ways:
        stops = stops_of(catalog, trail, topics)
        ways[key] = None if stops is None else Way(catalog, stops)
    return ways[key]


def far_from(way: Way, topic: str, known: Collection[str] = ()) -> frozenset[str]:
    """What lies neither in a topic nor in its neighbours on the way; topics that are known are nobody's neighbours."""
    theirs = [stop.id for stop in way.stops if stop.id not in known or stop.id == topic]
    at = theirs.index(topic)
    near = theirs[max(0, at - 1) : at + 2]
    return frozenset(name for name, (stop, _) in way.items.items() if stop.id not in near)
