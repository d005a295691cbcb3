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
    that they have only five minutes today, and `more` that they ask for another dose. The rest are chances a dose: `another` that they
    want something else, `too_long` that they say so of what would take them longer than they have, `later` that they put it off, `shelves`
    that they set a long thing aside; and `takes_up` that they take up what is on the shelf. `pauses` is the chance a day that they plan
    a pause.
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
    another: float = 0.0
    too_long: float = 0.0
    later: float = 0.0
    shelves: float = 0.0
    takes_up: float = 0.0
    pauses: float = 0.0


PROFILES = (
    Profile("steady", 15, another=0.05, later=0.05),
    Profile("keen", 30, level=3, absent=0.05, more=0.2, another=0.1, likes=frozenset({"paper", "notebook"})),
    Profile("weekender", 15, minutes_on={"6": 60, "7": 60}, absent=0.1, spot=0.1, later=0.1, pauses=0.01),
    Profile(
        "busy", 5, absent=0.3, too_long=0.5, later=0.2, likes=frozenset({"video"}), dislikes=frozenset({"paper"}),
    ),
    Profile(
        "beginner", 15, level=1, languages=("pt", "en"), absent=0.15, another=0.1, too_long=0.3, likes=frozenset({"video"}),
    ),
    Profile(
        "builder", 60, days=frozenset({2, 4, 6}), shelves=0.05, takes_up=0.1, likes=frozenset({"notebook", "competition"}),
    ),
    Profile("traveller", 30, absent=0.15, away=9, spot=0.15, later=0.1, shelves=0.05, pauses=0.02),
    Profile("english only", 30, languages=("en",), another=0.15, shelves=0.08, takes_up=0.05, dislikes=frozenset({"course"})),
)  # fmt: skip


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
