"""There is no dose: why, honestly, and which trail is nearest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.catalog.entry import Catalog
from bot.learning.dose.filters import Sight
from bot.learning.dose.ground import Candidate, way_of
from bot.learning.dose.learner import Learner, NothingFits
from bot.learning.sessions import SHORTEST
from bot.learning.way import OWN
from bot.states import ThreadState


def nothing_fits(catalog: Catalog, sight: Sight) -> NothingFits:
    """The reason that nothing may come: each filter in turn is the reason if what is left comes down to it."""
    learner = sight.learner
    nothing = NothingFits("finished", own=learner.trail == OWN, nearest=nearest_trail(catalog, learner))
    everything = [item for _, item in sight.way.items.values()]
    if not everything:
        return replace(nothing, reason="empty")
    left = [item for item in everything if item.topic not in learner.known_topics]
    if not left:
        return replace(nothing, reason="known")
    today = learner.passed_over | sight.waiting.today
    left = [item for item in left if item.id not in learner.settled and (item.id in today or not sight.is_fresh(item))]
    if not left:
        return nothing
    shelved = {thread.resource for thread in learner.threads if thread.state == ThreadState.SHELVED}
    foreign = any(item.language not in sight.languages and item.id not in learner.dead for item in left)
    stays: dict[str, Callable[[Candidate], bool]] = {
        "links": lambda item: item.id not in learner.dead,
        "languages": lambda item: item.language in sight.languages,
        "shelved": lambda item: item.id not in shelved,  # last: taking something up helps at once
    }
    for reason, is_kept in stays.items():
        left = list(filter(is_kept, left))
        if not left:
            return replace(nothing, reason=reason)
    unseen = [item for item in left if item.id not in sight.away]
    if not unseen:
        return replace(nothing, reason="more_languages" if foreign else "passed_over")
    least = min((_least(item) for item in unseen if sight.within_reach(item.id)), default=0)
    if least > sight.budget:
        return replace(nothing, reason="budget", minutes=least)
    return replace(nothing, reason="waits" if today.isdisjoint(item.id for item in left) else "more_waits")


def _least(item: Candidate) -> int:
    """The fewest minutes that get anywhere with it."""
    return min(item.minutes, SHORTEST) if item.days == 1 else SHORTEST


def nearest_trail(catalog: Catalog, learner: Learner) -> str | None:
    """The other trail that shares most topics with somebody's and has core entries left for them in a language of theirs."""
    way = way_of(catalog, learner.trail, learner.topics)
    mine = {stop.id for stop in way.stops} if way else set()
    languages = {*learner.languages, "mul"}
    best, nearest = -1.0, None
    for trail in catalog.trails:
        other = way_of(catalog, trail.id)
        if trail.id == learner.trail or other is None:
            continue
        topics = {stop.id for stop in other.stops}
        left = sum(
            item.id not in learner.settled and item.language in languages
            for stop in other.stops
            if stop.id not in learner.known_topics
            for item in stop.core
        )
        alike = len(mine & topics) / len(mine | topics)
        if left and alike > best:
            best, nearest = alike, trail.id
    return nearest
