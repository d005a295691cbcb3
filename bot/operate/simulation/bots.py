"""Who chooses in a simulation: the chooser, and two baselines, which know what is done and what fits but no method.

A baseline sends a link a day: it gives only what fits today's minutes as a whole, in a language of the person's, and never twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import Use
from bot.learning.dose import Choice, Learner, choose


@dataclass(frozen=True, slots=True)
class Gift:
    """What a bot gives: an entry, the minutes it asks for today, and (part, until, of) if it is a session."""

    entry: Resource
    minutes: int
    parts: tuple[int, int, int] | None = None


Bot = Callable[[Catalog, Learner, date, int, int], Gift | None]
"""(catalog, what is known of the learner, day, minutes today, seed) → what is given."""


def trilha(catalog: Catalog, learner: Learner, day: date, budget: int, seed: int) -> Gift | None:
    """The chooser itself."""
    choice = choose(catalog, learner, day, budget, seed)
    if not isinstance(choice, Choice):
        return None
    session = choice.session
    parts = (session.part, session.until, session.of) if session else None
    return Gift(choice.resource, choice.minutes, parts)


def at_random(catalog: Catalog, learner: Learner, day: date, budget: int, seed: int) -> Gift | None:
    """Anything of the trail that fits, each with the same chance."""
    fitting = _fitting(catalog, learner, budget)
    return _whole(Random(seed * 1_000_003 + day.toordinal()).choice(fitting)) if fitting else None


def in_order(catalog: Catalog, learner: Learner, day: date, budget: int, seed: int) -> Gift | None:
    """The next of the trail's list that fits."""
    fitting = _fitting(catalog, learner, budget)
    return _whole(fitting[0]) if fitting else None


def _fitting(catalog: Catalog, learner: Learner, budget: int) -> list[Resource]:
    trail = catalog.trail(learner.trail)
    assert trail is not None, "people are drawn from the catalog's trails"
    return [
        entry
        for entry in catalog.trail_entries(trail)
        if entry.use is Use.DOSE
        and entry.minutes <= budget
        and (entry.days or 1) == 1
        and entry.language.value in (*learner.languages, "mul")
        and entry.id not in learner.settled
        and entry.id not in learner.passed_over
    ]


def _whole(entry: Resource) -> Gift:
    return Gift(entry, entry.minutes)


BOTS: dict[str, Bot] = {"Trilha": trilha, "random": at_random, "list order": in_order}
