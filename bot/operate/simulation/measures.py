"""What the logs of many lives say, side by side."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from bot.catalog.entry import Catalog
from bot.catalog.kinds import Manner, Use
from bot.operate.simulation.life import FIRST_DAY, Life, Turn
from bot.operate.simulation.referee import RHYTHM, broken_rules


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is measured: its name, whether more of it is better (None: it is only told), and how it is shown."""

    name: str
    more_is_better: bool | None
    shown: str = "{:.0f}"

    def show(self, value: float) -> str:
        """The value as the table has it."""
        return self.shown.format(value)


PERCENT = "{:.1%}"
RHYTHM_BROKEN = Measure("broken rhythm rules", False)
BROKEN = (
    Measure("prerequisite violations", False),
    Measure("repeats", False),
    RHYTHM_BROKEN,
    Measure("wishes not kept", False),
    Measure("doses over the budget", False),
    Measure("far, though asked for less and near", False),
    Measure("doses within a planned pause", False),
)
NO_DOSE = Measure("days without a dose before the end", False, PERCENT)
BUDGET_USED = Measure("share of the budget used", True, PERCENT)
MEASURES = (
    *BROKEN,
    NO_DOSE,
    BUDGET_USED,
    Measure("trails finished", True, PERCENT),
    Measure("practice among the doses", None, PERCENT),
    Measure("coverage of the trails' doses", True, PERCENT),
    Measure("kinds met (effective number)", True, "{:.2f}"),
    Measure("authors met (effective number)", True, "{:.1f}"),
    Measure("doses called too long", None, PERCENT),
)


def measure(catalog: Catalog, lives: Sequence[Life]) -> dict[Measure, float]:
    """All measures of a bot's lives."""
    turns = [turn for life in lives for turn in life.turns]
    held = [turn for turn in turns if turn.gift and turn.is_last]
    gifts = [turn.gift for turn in held if turn.gift]
    broken = sum((broken_rules(catalog, life) for life in lives), Counter[str]())
    budget = sum(turn.budget for turn in held)
    met = [
        {turn.gift.entry.id: turn.gift.entry for turn in life.turns if turn.gift and turn.is_last}.values()
        for life in lives
    ]
    values = (
        broken["prerequisite"],
        broken["repeat"],
        sum(broken[rule] for rule in RHYTHM),
        broken["wish"],
        broken["budget"],
        broken["near"],
        broken["paused"],
        _share(
            turn.gift is None for life in lives for turn in life.turns if not turn.after and _before_the_end(life, turn)
        ),
        sum(gift.minutes for gift in gifts) / max(1, budget),
        _share(life.finished_on is not None for life in lives),
        _share(gift.entry.manner is Manner.BUILD for gift in gifts),
        len({gift.entry.id for gift in gifts}) / max(1, _on_trails(catalog)),
        mean(_effective(entry.kind for entry in entries) for entries in met),
        mean(_effective(entry.author for entry in entries if entry.author) for entries in met),
        _share(turn.too_long for turn in turns if turn.outcome),
    )
    return dict(zip(MEASURES, values, strict=True))


def worse_than(mine: Mapping[Measure, float], others: Iterable[Mapping[Measure, float]]) -> list[Measure]:
    """The measures by which another one does better."""
    found = []
    for other in others:
        for one, value in mine.items():
            gain = (other[one] - value) * (1 if one.more_is_better else -1)
            if one.more_is_better is not None and gain > 1e-9 and one not in found:
                found.append(one)
    return found


def balance_by_topic(lives: Sequence[Life]) -> dict[str, tuple[int, int]]:
    """How many doses of theory and of practice each topic gave."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for life in lives:
        for turn in life.turns:
            if turn.gift and turn.is_last:
                counts[turn.gift.entry.topic][turn.gift.entry.manner is Manner.BUILD] += 1
    return {topic: (theory, practice) for topic, (theory, practice) in counts.items()}


def days_until_finished(lives: Sequence[Life]) -> dict[str, tuple[int, int, float | None]]:
    """By trail: in how many of how many lives it was finished, and the median of the days that took."""
    found: dict[str, list[Life]] = defaultdict(list)
    for life in lives:
        found[life.who.trail].append(life)
    return {
        trail: (
            len(days := [(life.finished_on - FIRST_DAY).days + 1 for life in mine if life.finished_on]),
            len(mine),
            median(days) if days else None,
        )
        for trail, mine in found.items()
    }


def _before_the_end(life: Life, turn: Turn) -> bool:
    return life.finished_on is None or turn.day <= life.finished_on


def _on_trails(catalog: Catalog) -> int:
    """How many doses the trails hold altogether."""
    return len(
        {entry.id for trail in catalog.trails for entry in catalog.trail_entries(trail) if entry.use is Use.DOSE}
    )


def _share(some: Iterable[bool]) -> float:
    all_of_it = list(some)
    return sum(all_of_it) / len(all_of_it) if all_of_it else 0.0


def _effective(some: Iterable[str]) -> float:
    """How many there are, the rare ones counting less: the exponential of the entropy."""
    counts = Counter(some)
    total = sum(counts.values())
    return math.exp(-sum(count / total * math.log(count / total) for count in counts.values())) if total else 0.0
