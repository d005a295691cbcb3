"""The hard rules: what may come at all, and which stops are open. Nothing ever outweighs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from bot.learning.dose.ground import Candidate, Place, Stop, Way
from bot.learning.dose.learner import Learner
from bot.learning.dose.unanswered import Waiting, waiting
from bot.learning.sessions import MOST_OPEN, SHORTEST, Session, Thread, is_session, session_of
from bot.states import ThreadState

NEWS_EVERY = timedelta(days=7)
"""How often something new may come of a topic that is passed."""
FRESH_FOR = timedelta(days=60)
"""How long something new of a passed topic may wait for its turn as such; then it is one of the rest."""


@dataclass(slots=True)
class Sight:
    """A way as it lies before somebody on a day.

    `closed` does not come back: settled or shelved. `away` does not come today. `open` are the long things they are in the middle of, by
    resource; `busy` says of theory (False) and practice (True) whether one of them is going on: there is at most one of each. `own` are
    those of them that somebody took themselves: they go on whether or not the way is there, and in whatever language they are.
    """

    way: Way
    learner: Learner
    day: date
    budget: int
    waiting: Waiting
    closed: frozenset[str] | set[str]
    away: frozenset[str]
    open: dict[str, Thread]
    busy: set[bool]
    languages: frozenset[str]
    own: dict[str, Place] = field(default_factory=dict)
    has_room: bool = True
    _passed: dict[int, bool] = field(default_factory=dict)

    def is_passed(self, stop: Stop) -> bool:
        """Whether it is behind them: known, or nothing of its core is left that may come."""
        if stop.at not in self._passed:
            self._passed[stop.at] = (
                stop.id in self.learner.known_topics or stop.core_ids <= self.closed or _is_passed(self, stop)
            )
        return self._passed[stop.at]

    def is_reached(self, stop: Stop) -> bool:
        """Whether its prerequisites on this way are passed, and they do not know it already."""
        return stop.id not in self.learner.known_topics and all(
            self.is_passed(self.way.stops[place]) for place in stop.after
        )

    def within_reach(self, name: str) -> Place | None:
        """Where a resource stands, if its stop is reached or they took it themselves."""
        if name in self.own:
            return self.own[name]
        found = self.way.items.get(name)
        return found if found and self.is_reached(found[0]) else None

    def is_there(self, item: Candidate) -> bool:
        """Whether it may come on any day: not closed, in a language of theirs, its link alive."""
        speaks = item.language in self.languages or item.id in self.own
        return speaks and item.id not in self.closed and item.id not in self.learner.dead

    def may_come(self, item: Candidate) -> bool:
        """Whether it may come today."""
        return item.id not in self.away and self.is_there(item) and self.fits(item)

    def fits(self, item: Candidate) -> bool:
        """Whether today's minutes hold it, or a session of it and there is room for one more long thing."""
        if item.minutes <= self.budget and item.days == 1:
            return True
        if self.budget < SHORTEST:
            return False
        return item.id in self.open or (item.practice not in self.busy and self.has_room)

    def session(self, item: Candidate) -> Session | None:
        """What today takes of it; None where that is all of it."""
        thread = self.open.get(item.id)
        if thread is None and not is_session(item.entry, self.budget):
            return None
        return session_of(item.entry, thread, self.budget, self.learner.minutes)

    def offers(self, items: Iterable[Candidate]) -> list[Candidate]:
        """Those that may come today."""
        return [item for item in items if self.may_come(item)]

    def is_fresh(self, item: Candidate) -> bool:
        """Whether it came into the catalog a short while ago, after they began."""
        added = self.learner.added.get(item.id)
        return added is not None and self.day - added < FRESH_FOR


def look(way: Way, learner: Learner, day: date, budget: int) -> Sight:
    """Lay the way out before somebody."""
    waits = waiting(learner.recent, day)
    settled = learner.settled
    closed: frozenset[str] | set[str] = settled if isinstance(settled, frozenset | set) else frozenset(settled)
    begun: dict[str, Thread] = {}
    own: dict[str, Place] = {}
    if learner.threads:
        closed = closed | {thread.resource for thread in learner.threads if thread.state == ThreadState.SHELVED}
        going = [
            thread for thread in learner.threads if thread.state == ThreadState.OPEN and thread.resource not in closed
        ]
        own = _own(way, going)
        begun = {thread.resource: thread for thread in going if thread.resource in way.items or thread.resource in own}
    sight = Sight(
        way=way,
        learner=learner,
        day=day,
        budget=budget,
        waiting=waits,
        closed=closed,
        away=learner.passed_over | waits.resting | waits.spent | waits.today,
        open=begun,
        busy=set(),
        languages=_taken(learner.languages),
        own=own,
    )
    if (
        begun
    ):  # one whose topic is out of reach again does not take up room, and one that nobody answered lets another begin
        reached = [place[1] for place in map(sight.within_reach, begun) if place]
        sight.busy = {item.practice for item in reached if item.id not in waits.ignored}
        sight.has_room = len(reached) < MOST_OPEN
    return sight


def _own(way: Way, going: Iterable[Thread]) -> dict[str, Place]:
    """What they took themselves and are in the middle of, what has waited longest first."""
    own: dict[str, Place] = {}
    for thread in sorted((one for one in going if one.own), key=lambda one: one.last_on):
        if place := way.place_of(thread.resource):
            own[thread.resource] = place
    return own


@lru_cache(maxsize=100)
def _taken(languages: tuple[str, ...]) -> frozenset[str]:
    """The languages in which something may come: theirs, and what speaks several."""
    return frozenset((*languages, "mul")) if languages else frozenset()


def _is_passed(sight: Sight, stop: Stop) -> bool:
    """What nobody answered twice holds nobody up; nor does what came into the catalog when the rest of the core was done."""
    idle = sight.waiting.ignored
    left = (item for item in stop.core if item.id not in idle and sight.is_there(item))
    if not sight.learner.added:
        return next(left, None) is None
    left_ones = list(left)
    if not left_ones:
        return True
    old = [item for item in stop.core if not sight.is_fresh(item)]
    return bool(old) and all(sight.is_fresh(item) for item in left_ones)


def open_stops(sight: Sight, wanted: Callable[[Stop], bool]) -> Iterator[Stop]:
    """The stops in order that are in reach."""
    for stop in sight.way.stops:
        if wanted(stop) and sight.is_reached(stop):
            yield stop
