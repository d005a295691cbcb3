"""What somebody likes, as their own presses say it: gently, bounded, and fading with age. It is never stored.

    Pressed, Pressed, … ──taste_of──▶ Taste ──of("kind", "video")──▶ -1 … 1
                                        └────told()──▶ what a person can be told

A rating counts once for a resource, the newest one. Whatever was pressed counts half as much after `HALF_LIFE`, so that taste drifts back
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
"""How many presses count, the newest: taste is about now, and everybody's is worked out anew each day."""
DOUBT = 3.0
"""How much it takes to lean halfway: three fresh presses that say the same."""
NOTICED = 0.1
"""The least leaning that a person is told."""

RATINGS = ("too_easy", "right", "too_hard", "not_worth_it")
"""One of these after Done; a newer one takes the place of an older one."""
KINDS = (*RATINGS, "not_for_me", "too_long", "known", "broken")
"""Everything that can be pressed about a resource."""

LENGTHS = ((10, "short"), (30, "middling"), (10**9, "long"))
"""Lengths by the most minutes they take, for the whole thing."""

_LIKES = {"right": 1.0, "not_worth_it": -1.0, "not_for_me": -1.0}
"""What a press says about the kind, the author and the language of a resource."""
_SIZES = {"right": 0.5, "too_long": -1.0}
"""What it says about its length."""
_HARDER = {"too_easy": 1.0, "too_hard": -1.0, "known": 0.3}
"""How much harder (above 0) or easier they want it."""


class Pressed(NamedTuple):
    """One press about a resource: what it was, and its instant (aware)."""

    resource: Resource
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaning:
    """What one trait of resources means to somebody: `dimension` kind, author, language, length or difficulty; -1 to 1.

    For difficulty, `value` is "harder" or "easier" and `strength` is above 0.
    """

    dimension: str
    value: str
    strength: float


@dataclass(frozen=True, slots=True)
class Taste:
    """Leanings by (dimension, value), each -1 to 1, and `harder`: above 0 they want it harder, below 0 easier. Empty: nothing is known."""

    leanings: Mapping[tuple[str, str], float] = field(default_factory=dict)
    harder: float = 0.0

    def of(self, dimension: str, value: str) -> float:
        """The leaning towards one trait; 0 where nothing was said."""
        return self.leanings.get((dimension, value), 0.0)

    def towards(self, entry: Resource) -> float:
        """How much somebody can be expected to like a resource, -1 to 1: the mean over its traits."""
        if not self.leanings:
            return 0.0
        traits = _traits(entry)
        return sum(self.leanings.get(trait, 0.0) for trait in traits) / len(traits)

    def told(self) -> tuple[Leaning, ...]:
        """What a person can be told of it, the strongest first."""
        found = [Leaning(*trait, strength) for trait, strength in self.leanings.items() if abs(strength) >= NOTICED]
        if abs(self.harder) >= NOTICED:
            found.append(Leaning("difficulty", "harder" if self.harder > 0 else "easier", abs(self.harder)))
        return tuple(sorted(found, key=lambda one: (-abs(one.strength), one.dimension, one.value)))


NO_TASTE = Taste()
_instant_of = attrgetter("at")


def taste_of(events: Iterable[Pressed], now: datetime, since: datetime | None = None) -> Taste:
    """The taste that the newest `HEARD` presses lead to at an instant; those before `since` or after `now` do not count."""
    said: dict[tuple[str, str], Pressed] = {}
    for event in sorted(events, key=_instant_of)[-HEARD:]:
        if event.at <= now and (since is None or event.at >= since):
            said[event.resource.id, "rating" if event.kind in RATINGS else event.kind] = event
    sums: dict[tuple[str, str], float] = defaultdict(float)
    harder = 0.0
    for entry, kind, at in said.values():
        weight = 0.5 ** ((now - at) / HALF_LIFE)
        if kind in _HARDER:
            harder += weight * _HARDER[kind]
        if kind in _LIKES or kind in _SIZES:
            *likes, length = _traits(entry)
            for trait in likes:
                sums[trait] += weight * _LIKES.get(kind, 0.0)
            sums[length] += weight * _SIZES.get(kind, 0.0)
    return Taste({trait: _bounded(total) for trait, total in sums.items() if total}, _bounded(harder))


def length_of(minutes: int) -> str:
    """What a length is called: short, middling or long."""
    return next(name for most, name in LENGTHS if minutes <= most)


def _traits(entry: Resource) -> tuple[tuple[str, str], ...]:
    """What taste knows a resource by, its length last."""
    return _traits_of(entry.kind.value, entry.language.value, entry.author, entry.minutes)


@lru_cache(maxsize=10_000)
def _traits_of(kind: str, language: str, author: str | None, minutes: int) -> tuple[tuple[str, str], ...]:
    by = (("author", author),) if author else ()
    return (("kind", kind), ("language", language), *by, ("length", length_of(minutes)))


def _bounded(total: float) -> float:
    return total / (abs(total) + DOUBT)
