"""What somebody likes, as their own presses say it: gently, bounded, and fading with age. It is never stored.

    Pressed, Pressed, … ──heard, taste_of──▶ Taste ──of("kind", "video")──▶ -1 … 1
                                               └────told()──▶ what a person can be told

Whatever was pressed counts half as much after `HALF_LIFE`, so that taste drifts back
by itself; a reset is an instant before which nothing counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from bot.catalog.entry import Resource

HALF_LIFE = timedelta(days=45)
HEARD = 16
"""How many presses count, the newest: taste is about now, and everybody's is worked out anew each day. One about the same is one."""
HEARD_FOR = 2 * HALF_LIFE
"""How far back a press counts; what is older has lost most of its say."""
DOUBT = 3.0
"""How much it takes to lean halfway: three fresh presses that say the same."""
NOTICED = 0.1
"""The least leaning that a person is told."""

RATINGS = ("too_easy", "right", "too_hard", "not_worth_it")
"""One of these after Done; a newer one takes the place of an older one."""
LATER = "later"
"""What was put off and not done that day after all."""
KINDS = (*RATINGS, "not_for_me", "too_long", "known", LATER, "broken")
"""Everything that can be pressed about a resource."""

LENGTHS = ((10, "short"), (30, "middling"), (10**9, "long"))
"""Lengths by the most minutes they take, for the whole thing."""

_LIKES = {"right": 1.0, "not_worth_it": -1.0, "not_for_me": -1.0}
"""What a press says about the kind, the author and the language of a resource."""
_SIZES = {"right": 0.5}
"""What it says about its length."""
_TOO_LONG = "too_long"
"""It says that this length was too much, and so is every longer one; but nothing against the shortest, there is nothing below it."""
_HARDER = {"too_easy": 1.0, "too_hard": -1.0, "known": 0.3}
"""How much harder (above 0) or easier they want it."""
_TELLING = frozenset((*_LIKES, *_SIZES, _TOO_LONG, *_HARDER, LATER))
"""What says something about a liking; a broken link does not."""


Traits = tuple[tuple[str, str], ...]
"""What taste knows a resource by, as (dimension, value): kind, language, author where there is one, length."""


class Pressed(NamedTuple):
    """One press about a resource: what it was, and its instant (aware)."""

    resource: Resource
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaning:
    """What one trait of resources means to somebody: `dimension` kind, author, language, length, difficulty or effort; -1 to 1.

    For difficulty, `value` is "harder" or "easier", for effort "lighter", and `strength` is above 0.
    """

    dimension: str
    value: str
    strength: float


@dataclass(frozen=True, slots=True)
class Taste:
    """Leanings by (dimension, value), each -1 to 1. Empty: nothing is known.

    `harder`: above 0 they want it harder, below 0 easier. `lighter`, 0 to 1: they put things off lately, so quicker ones may suit better.
    """

    leanings: Mapping[tuple[str, str], float] = field(default_factory=dict)
    harder: float = 0.0
    lighter: float = 0.0

    def of(self, dimension: str, value: str) -> float:
        """The leaning towards one trait; 0 where nothing was said."""
        return self.leanings.get((dimension, value), 0.0)

    def towards(self, traits: Traits) -> float:
        """How much somebody can be expected to like what has these traits, -1 to 1: the mean over them."""
        leanings = self.leanings
        return sum([leanings[trait] for trait in traits if trait in leanings]) / len(traits) if leanings else 0.0

    def told(self) -> tuple[Leaning, ...]:
        """What a person can be told of it, the strongest first."""
        found = [Leaning(*trait, strength) for trait, strength in self.leanings.items() if abs(strength) >= NOTICED]
        if abs(self.harder) >= NOTICED:
            found.append(Leaning("difficulty", "harder" if self.harder > 0 else "easier", abs(self.harder)))
        if self.lighter >= NOTICED:
            found.append(Leaning("effort", "lighter", self.lighter))
        return tuple(sorted(found, key=lambda one: (-abs(one.strength), one.dimension, one.value)))


NO_TASTE = Taste()
_instant_of = attrgetter("at")


def heard(events: Iterable[Pressed], now: datetime, since: datetime | None = None) -> list[Pressed]:
    """The presses that count at an instant: the newest `HEARD` of those that tell something, within `HEARD_FOR` and not before `since`.

    A rating counts once for a resource, the newest one; what was pressed before it about the same does not take up room.
    """
    first = now - HEARD_FOR if since is None else max(since, now - HEARD_FOR)
    telling = [event for event in events if event.kind in _TELLING and first <= event.at <= now]
    telling.sort(key=_instant_of)
    said = {said_of(event.resource.id, event.kind): event for event in telling}
    return sorted(said.values(), key=_instant_of)[-HEARD:]


def said_of(resource_id: str, kind: str) -> tuple[str, str]:
    """What a press is about: a newer one about the same takes its place."""
    return resource_id, "rating" if kind in RATINGS else kind


def taste_of(events: Iterable[Pressed], now: datetime, since: datetime | None = None) -> Taste:
    """The taste that presses lead to at an instant, those that are `heard`."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    harder = lighter = 0.0
    for entry, kind, at in heard(events, now, since):
        weight = 0.5 ** ((now - at) / HALF_LIFE)
        if kind in _HARDER:
            harder += weight * _HARDER[kind]
        if kind in _LIKES:
            likes, length = weight * _LIKES[kind], weight * _SIZES.get(kind, 0.0)
            for trait in traits_of(entry):
                sums[trait] += length if trait[0] == "length" else likes
        elif kind == _TOO_LONG:
            for name in _too_long(entry.minutes):
                sums["length", name] -= weight
        elif kind == LATER:
            lighter += weight
    leanings = {trait: _bounded(total) for trait, total in sums.items() if total}
    return Taste(leanings, _bounded(harder), _bounded(lighter))


def _too_long(minutes: int) -> list[str]:
    """The lengths that are too long where so many minutes are."""
    return [name for most, name in LENGTHS[1:] if minutes <= most]


def length_of(minutes: int) -> str:
    """What a length is called: short, middling or long."""
    return next(name for most, name in LENGTHS if minutes <= most)


def traits_of(entry: Resource) -> Traits:
    """What taste knows a resource by, its length last."""
    return _traits_of(entry.kind.value, entry.language.value, entry.author, entry.minutes)


@lru_cache(maxsize=10_000)
def _traits_of(kind: str, language: str, author: str | None, minutes: int) -> Traits:
    by = (("author", author),) if author else ()
    return (("kind", kind), ("language", language), *by, ("length", length_of(minutes)))


def _bounded(total: float) -> float:
    return total / (abs(total) + DOUBT)
