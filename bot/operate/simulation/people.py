"""Who learns in a simulation: declared profiles, and people drawn from them by a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from bot.catalog.entry import Catalog


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of learner.

    `minutes` and `minutes_on` are their budgets, `days` their ISO weekdays. `absent` is the chance that a dose stays unanswered; somebody
    who stays away does so for `away` days. `likes` and `dislikes` are kinds; of what they dislike they dismiss some. `spot` is the chance
    that they have only five minutes today, and `more` that they ask for another dose.
    """

    name: str
    minutes: int
    level: int = 2
    days: frozenset[int] = frozenset(range(1, 8))
    minutes_on: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "pt")
    absent: float = 0.1
    away: int = 1
    likes: frozenset[str] = frozenset()
    dislikes: frozenset[str] = frozenset()
    spot: float = 0.0
    more: float = 0.0


PROFILES = (
    Profile("steady", 15),
    Profile("keen", 30, level=3, absent=0.05, more=0.2, likes=frozenset({"paper", "notebook"})),
    Profile("weekender", 15, minutes_on={"6": 60, "7": 60}, absent=0.1, spot=0.1),
    Profile("busy", 5, absent=0.3, likes=frozenset({"video"}), dislikes=frozenset({"paper"})),
    Profile("beginner", 15, level=1, languages=("pt", "en"), absent=0.15, likes=frozenset({"video"})),
    Profile("builder", 60, days=frozenset({2, 4, 6}), likes=frozenset({"notebook", "competition"})),
    Profile("traveller", 30, absent=0.15, away=9, spot=0.15),
    Profile("english only", 30, languages=("en",), absent=0.1, dislikes=frozenset({"course"})),
)


@dataclass(frozen=True, slots=True)
class Synthetic:
    """One synthetic learner: a profile, a trail, and a seed from which all their moods follow."""

    number: int
    profile: Profile
    trail: str
    seed: int


def draw(catalog: Catalog, count: int, seed: int) -> Iterator[Synthetic]:
    """So many learners: every trail and every profile has its share."""
    chance = Random(seed)
    for number in range(count):
        trail = catalog.trails[number % len(catalog.trails)]
        profile = PROFILES[(number // len(catalog.trails)) % len(PROFILES)]
        yield Synthetic(number, profile, trail.id, chance.randrange(2**32))
