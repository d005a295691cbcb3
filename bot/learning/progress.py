"""How far somebody is: topic by topic of their way, and day by day. The message, the picture and the export all show this value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from bot.catalog.entry import Catalog, TrailTopic
from bot.catalog.kinds import Use
from bot.learning.standing import Standing, stand
from bot.learning.streak import History


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """A topic of the way: how many of its core entries are settled, of how many, and the minutes of what was done."""

    id: str
    done: int
    of: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody stands. `topics` is None where the trail left the catalog.

    `things` counts what was ever done to its end; a session, a tick or a recall fills a day (`per_day`), but is no thing. `passed_by`
    counts what of the way nobody answered three times: it is behind them and waits in Saved.
    """

    standing: Standing
    topics: tuple[TopicProgress, ...] | None
    things: int
    per_day: Mapping[date, int]
    passed_by: int = 0

    @property
    def done(self) -> int:
        """Core entries settled on the way."""
        return sum(topic.done for topic in self.topics or ())

    @property
    def of(self) -> int:
        """Core entries of the way."""
        return sum(topic.of for topic in self.topics or ())


def progress_of(
    history: History,
    now: datetime,
    weekly: int,
    catalog: Catalog,
    way: tuple[TrailTopic, ...] | None,
    done: Collection[str],
    settled: Collection[str],
    unanswered: Collection[str] = frozenset(),
) -> Progress:
    """Put together what the days and the marks say. `settled` holds `done` and what is known, dismissed or left `unanswered`."""
    return Progress(
        stand(history, now, weekly),
        None if way is None else topics_of(catalog, way, done, settled),
        len(done),
        Counter(fact.day for fact in history.completions),
        sum(topic.done for topic in topics_of(catalog, way or (), done, unanswered)),
    )


def topics_of(
    catalog: Catalog, way: tuple[TrailTopic, ...], done: Collection[str], settled: Collection[str]
) -> tuple[TopicProgress, ...]:
    """How far somebody is with each topic of a way that has a core."""
    return tuple(topic for stop in way if (topic := _topic(catalog, stop, done, settled)).of)


def _topic(catalog: Catalog, stop: TrailTopic, done: Collection[str], settled: Collection[str]) -> TopicProgress:
    core = [entry for entry in catalog.core_of(stop.id, stop.lists, stop.order) if entry.use is Use.DOSE]
    return TopicProgress(
        stop.id,
        sum(entry.id in settled for entry in core),
        len(core),
        sum(entry.minutes for entry in core if entry.id in done),
    )
