"""The soft rules: which of several things whose turn it is.

Each says how well a thing does by it, about 0 to 1; THE table says what that is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from bot.learning.dose.filters import Sight
from bot.learning.dose.ground import Candidate, Stop
from bot.learning.dose.rhythm import Story

WEIGHTS = {
    "order": 1.0,  # the place among what is left of the topic: from the general to the specific
    "going_on": 1.2,  # people like to finish what they began
    "size": 0.6,  # uses the minutes there are today
    "lighter": 1.2,  # takes less of them, where they put things off lately: with three fresh ones it makes up for "size"
    "taste": 0.8,  # what they said with their presses; -1 to 1
    "language": 0.5,  # the language they prefer
    "level": 0.4,  # near their level, which their presses bend a little
    "variety": 0.2,  # not the same kind again, nor the same author
    "chance": 0.01,  # the seed decides between what is as good
}
BY_DATE = 20.0
"""What `order` is worth times itself where a trail goes by date: there it decides."""
BENDS = 0.75
"""By how much of a level taste may bend the wished difficulty."""

Weighed = tuple[float, ...]
"""What each name of the table adds, in its order."""


def weigh(sight: Sight, story: Story, stop: Stop, items: Sequence[Candidate], seed: int) -> list[Weighed]:
    """What each of some items is worth, name by name."""
    if len(items) == 1:
        return [(0.0,) * len(WEIGHTS)]
    learner = sight.learner
    last = story[0] if story else None
    wanted = min(3.0, max(1.0, learner.level + BENDS * learner.taste.harder))
    step = (BY_DATE if stop.by_date else 1.0) / len(items)
    first = learner.languages[0] if learner.languages else ""
    weighed = []
    for rank, item in enumerate(items):
        does = (
            1.0 - rank * step,
            1.0 if item.id in sight.open and not _is_tiring(sight, story, item) else 0.0,
            size := _size(sight, item),
            learner.taste.lighter * (1.0 - size),
            learner.taste.towards(item.traits),
            1.0 if item.language == first else 0.0,
            1.0 - abs(item.difficulty - wanted) / 2,
            0.0 if last is None else 0.5 * (item.kind != last.kind) + 0.5 * (item.author is None or item.author != last.author),
            ((seed ^ (rank * 2654435761)) * 2246822519 % 4294967296) / 4294967296,
        )  # fmt: skip
        weighed.append(tuple(map(mul, _WORTH, does)))
    return weighed


_WORTH = tuple(WEIGHTS.values())


def _size(sight: Sight, item: Candidate) -> float:
    """The share of today's minutes that it uses."""
    return min(1.0, item.minutes / sight.budget) if sight.budget else 1.0


def _is_tiring(sight: Sight, story: Story, item: Candidate) -> bool:
    """Twice in a row is enough of something that no list says to do day by day."""
    return item.days == 1 and len(story) >= 2 and story[0].id == story[1].id == item.id
