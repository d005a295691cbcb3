"""The values that go into the choice of a dose and come out of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bot.catalog.entry import Resource
from bot.learning.sessions import Session, Thread
from bot.learning.taste import NO_TASTE, Taste

Facts = dict[str, str | int]


class Given(NamedTuple):
    """A dose of the past: its day, what it held, whether they did it or put it off, and what of it they still want with the next dose."""

    day: date
    resource: str
    answered: bool
    wished: str = ""


@dataclass(frozen=True, slots=True)
class Learner:
    """What choosing needs to know of somebody.

    `minutes` are their usual ones. `topics` are those they picked themselves, where `trail` says so. `settled` are resources done, known,
    dismissed or skipped; `recent` the newest doses (some twenty are enough), the newest last; `passed_over` what today's dose offered
    already. `added` is the day on which resources came into the catalog, for those that came since they began.
    """

    trail: str
    minutes: int
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "pt")
    level: int = 2
    taste: Taste = NO_TASTE
    settled: Collection[str] = frozenset()
    known_topics: Collection[str] = frozenset()
    recent: tuple[Given, ...] = ()
    threads: tuple[Thread, ...] = ()
    passed_over: frozenset[str] = frozenset()
    dead: Collection[str] = frozenset()
    added: Mapping[str, date] = field(default_factory=dict)


class Sentence(NamedTuple):
    """One true sentence about a choice: `reason` names it under `why.`, `facts` fill it. `{topic}` is filled by whoever shows it."""

    reason: str
    facts: Facts = {}  # noqa: RUF012 (never changed)


@dataclass(frozen=True, slots=True)
class Choice:
    """A resource, how far the way is with it, and why: the first of `factors` decided, the others are true as well.

    `session` is what today takes of a long thing; None where all of it fits. `minutes` is what today asks of the person.
    """

    resource: Resource
    factors: tuple[Sentence, ...]
    minutes: int
    session: Session | None = None
    place: int = 0
    of: int = 0

    @property
    def reason(self) -> str:
        """The name of the sentence that decided."""
        return self.factors[0].reason

    @property
    def facts(self) -> Facts:
        """What fills it."""
        return dict(self.factors[0].facts)


@dataclass(frozen=True, slots=True)
class NothingFits:
    """There is no dose, and the honest reason, which names a sentence under `nothing.`.

    finished     the way is done                     known        every topic of it is known already
    passed_over  what is left, today has had          shelved      only what they shelved is left
    languages    what is left is in other languages  budget       what is left needs at least `minutes`
    links        what is left has dead links         empty        the way holds nothing that is a dose
    waits        what is left waits for other topics no_trail     the trail left the catalog
    more_languages   in their languages today has had it; what else is left is in others
    more_waits       what is left beside what today has had waits for that

    `own`: they picked topics. `nearest` is a trail that has something for them.
    """

    reason: str
    own: bool = False
    minutes: int = 0
    nearest: str | None = None
