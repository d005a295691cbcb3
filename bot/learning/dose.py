"""Chooses a dose: values in, a resource and the true reason for it out (design, section 2). No I/O, no chance, no clock.

topics of the trail, known ones left out ─▶ the first with open core ─▶ what fits the minutes, in order ─▶ Choice
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.catalog.entry import Catalog, Resource, TrailTopic
from bot.catalog.kinds import Manner, Use
from bot.learning.way import OWN, stops_of

REST = timedelta(days=7)
THEORY_IN_A_ROW = 2
"""How many theory doses may follow each other while practice remains in the topic."""


@dataclass(frozen=True, slots=True)
class Learner:
    """What choosing needs to know of somebody.

    `topics` are those they picked themselves, where `trail` says so. `settled` are resources done, known or dismissed; `given` what
    past doses held and `done` what of it was done, newest last; `unanswered` the newest one if nobody answered it; `resting` what
    nobody answered twice (see `resting`); `passed_over` what today's dose offered already.
    """

    trail: str
    minutes: int
    topics: tuple[str, ...] = ()
    settled: frozenset[str] = frozenset()
    known_topics: frozenset[str] = frozenset()
    given: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    unanswered: str | None = None
    resting: frozenset[str] = frozenset()
    passed_over: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """A resource, how far the trail is with it, and why it was chosen: `reason` names a sentence, `facts` fill it."""

    resource: Resource
    reason: str
    facts: dict[str, str | int] = field(default_factory=dict)
    place: int = 0
    of: int = 0
    core: bool = True


@dataclass(frozen=True, slots=True)
class NothingFits:
    """There is no dose, and the honest reason: `finished` (the way is done), `passed_over` or `no_trail`. `own`: they picked topics."""

    reason: str
    own: bool = False


def choose(catalog: Catalog, learner: Learner) -> Choice | NothingFits:
    """The dose for a learner. The same arguments always give the same dose."""
    way = stops_of(catalog, learner.trail, learner.topics)
    if way is None:
        return NothingFits("no_trail")
    stops = [stop for stop in way if stop.id not in learner.known_topics]
    core = [entry for stop in stops for entry in _doses(catalog, stop) if entry.core]
    done = sum(entry.id in learner.settled for entry in core)
    for only_core in (True, False):
        for stop, open_entries in _open(catalog, stops, learner, only_core):
            chosen, reason, facts = _pick(catalog, learner, stop, open_entries)
            return Choice(chosen, reason, facts, min(done + 1, len(core)), len(core), only_core)
    if learner.resting:  # better something they left unanswered than nothing
        return choose(catalog, replace(learner, resting=frozenset()))
    left = any(_open(catalog, stops, _without_passing(learner), False))
    return NothingFits("passed_over" if left else "finished", own=learner.trail == OWN)


def _doses(catalog: Catalog, stop: TrailTopic) -> list[Resource]:
    return [entry for entry in catalog.of_topic(stop.id, stop.lists, stop.order) if entry.use is Use.DOSE]


def _open(
    catalog: Catalog, stops: list[TrailTopic], learner: Learner, only_core: bool
) -> Iterator[tuple[TrailTopic, list[Resource]]]:
    """The topics with something left to give, in order."""
    for stop in stops:
        entries = [
            entry
            for entry in _doses(catalog, stop)
            if (entry.core or not only_core) and entry.id not in learner.settled | learner.passed_over | learner.resting
        ]
        if entries:
            yield stop, entries


def _without_passing(learner: Learner) -> Learner:
    return replace(learner, passed_over=frozenset())


def _pick(
    catalog: Catalog, learner: Learner, stop: TrailTopic, entries: list[Resource]
) -> tuple[Resource, str, dict[str, str | int]]:
    """Choose among a topic's open entries: what is still here, then practice when it is its turn, then order and size."""
    by_id = {entry.id: entry for entry in entries}
    if learner.unanswered in by_id:
        return by_id[learner.unanswered], "again", {}
    opens = not any(
        entry.id in learner.settled or entry.id in learner.given for entry in _doses(catalog, stop) if entry.core
    )
    fitting = [entry for entry in entries if entry.minutes <= learner.minutes]
    if opens:
        short = next((entry for entry in fitting if entry.manner is Manner.WATCH), None)
        return (short, "opens_watching", {}) if short else (_first(fitting, entries), "opens", {})
    practice = [entry for entry in fitting or entries if entry.manner is Manner.BUILD]
    theory = _theory_streak(catalog, learner)
    if practice and theory >= THEORY_IN_A_ROW:
        return practice[0], "practice", {"n": theory}
    chosen = _first(fitting, entries)
    if learner.passed_over:
        return chosen, "other", {}
    if not chosen.core:
        knows_core = all(entry.id in learner.settled for entry in _doses(catalog, stop) if entry.core)
        return chosen, "deeper" if knows_core else "other", {}
    return chosen, "build" if chosen.manner is Manner.BUILD else "next", {}


def _first(fitting: list[Resource], entries: list[Resource]) -> Resource:
    """The first that fits the minutes, else the shortest there is."""
    return fitting[0] if fitting else min(entries, key=lambda entry: entry.minutes)


def _theory_streak(catalog: Catalog, learner: Learner) -> int:
    """How many of the newest things done in a row were theory."""
    count = 0
    for resource_id in reversed(learner.done):
        entry = catalog.resource(resource_id)
        if entry is None or entry.manner is Manner.BUILD:
            break
        count += 1
    return count


def resting(unanswered: Iterable[tuple[date, str]], today: date) -> frozenset[str]:
    """What does not come today because nobody answered it, from the days on which it came.

    It comes again the next day, then after a week, then no more by itself (design, section 2), so that it blocks nobody.
    """
    days: dict[str, list[date]] = {}
    for day, resource_id in unanswered:
        if day < today:
            days.setdefault(resource_id, []).append(day)
    return frozenset(
        resource_id
        for resource_id, came in days.items()
        if len(came) > 2 or (len(came) == 2 and today - max(came) < REST)
    )
