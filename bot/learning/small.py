"""The small thing beside a dose's main one: at most one, and never the same twice within a month.

    recall   a card that is about to be forgotten; where one is due it wins. It may come again within the month if it was answered
             meanwhile and is due once more; one that was passed by is left to /recall
    concept  something to look up in the dose's topic
    step     the next open step of a checklist of the topic
    tip      one rule of the study method
    follow   a person, channel or community

Of those that have something to give, the kind that came longest ago has its turn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from bot.catalog.entry import Bilingual, Catalog, Checklist, Resource, Step, Tip
from bot.catalog.kinds import Use

NOT_AGAIN_FOR = timedelta(days=30)
RECALL, CONCEPT, STEP, TIP, FOLLOW = KINDS = ("recall", "concept", "step", "tip", "follow")
T = TypeVar("T", Tip, Resource)
TURNS = KINDS[1:]
"""The kinds that take turns, in the order of those that never came."""


class Small(NamedTuple):
    """A small thing. `id` is a card's number, `topic:concept`, `checklist:step`, a tip's id or a resource's."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the choice of a small thing needs to know.

    `given` is the day on which each small thing last came, `ticked` the steps ticked off as (checklist, step), `due` the cards to recall
    with the day since which each is due, `languages` those whose resources may come, `dead` what must not be given out. `chance` turns
    the order of what has no order, so that not everybody follows the same people.
    """

    topic: str
    day: date
    given: Mapping[Small, date] = field(default_factory=dict)
    ticked: frozenset[tuple[str, str]] = frozenset()
    due: Sequence[tuple[int, date]] = ()
    languages: tuple[str, ...] = ()
    dead: Collection[str] = frozenset()
    chance: int = 0


def small_of(catalog: Catalog, around: Around) -> Small | None:
    """The small thing of a dose, or None where everything came within the month. The same arguments give the same one."""
    for number, since in around.due:
        card = Small(RECALL, str(number))
        if around.given.get(card, date.min) < since or not _came_lately(around, card):
            return card
    for kind in _turns(around):
        for small in _CANDIDATES[kind](catalog, around):
            if not _came_lately(around, small):
                return small
    return None


def fits(catalog: Catalog, small: Small, topic: str, ticked: Collection[tuple[str, str]]) -> bool:
    """Whether a small thing may stay beside something of a topic: what to look up, to tick off or to heed belongs to one.

    A step that is ticked off already stays where its tick can be taken away.
    """
    if small.kind == CONCEPT:
        return small.id.startswith(f"{topic}:")
    if small.kind == STEP:
        found = step_in(catalog, small)
        return found is not None and (found[0].topic == topic or (found[0].id, found[1].id) in ticked)
    if small.kind == TIP:
        tip = tip_in(catalog, small)
        return tip is not None and tip.topic in (None, topic)
    return True


def _came_lately(around: Around, small: Small) -> bool:
    came = around.given.get(small)
    return came is not None and timedelta() <= around.day - came < NOT_AGAIN_FOR


def _turns(around: Around) -> list[str]:
    last = dict.fromkeys(TURNS, date.min)
    for (kind, _), day in around.given.items():
        if kind in last and day > last[kind]:
            last[kind] = day
    return sorted(TURNS, key=lambda kind: (last[kind], TURNS.index(kind)))


def _concepts(catalog: Catalog, around: Around) -> Iterator[Small]:
    topic = catalog.topic(around.topic)
    for concept in topic.concepts if topic else ():
        yield Small(CONCEPT, f"{around.topic}:{concept.en}")


def _steps(catalog: Catalog, around: Around) -> Iterator[Small]:
    """The next open step of each of the topic's checklists: a step waits for the one before it."""
    for checklist in catalog.checklists:
        if checklist.topic == around.topic:
            for step in checklist.steps:
                if (checklist.id, step.id) not in around.ticked:
                    yield Small(STEP, f"{checklist.id}:{step.id}")
                    break


def _tips(catalog: Catalog, around: Around) -> Iterator[Small]:
    """The topic's own tips first, then those for every topic."""
    for own in (True, False):
        fitting = [tip for tip in catalog.tips if (tip.topic == around.topic if own else tip.topic is None)]
        for tip in fitting if own else _turned(fitting, around):
            yield Small(TIP, tip.id)


def _follows(catalog: Catalog, around: Around) -> Iterator[Small]:
    """Those of the topic first, then all others."""
    fitting = [
        entry for entry in catalog.of_use(Use.FOLLOW) if entry.id not in around.dead and _is_spoken(entry, around)
    ]
    for own in (True, False):
        for entry in _turned([entry for entry in fitting if (entry.topic == around.topic) is own], around):
            yield Small(FOLLOW, entry.id)


def _is_spoken(entry: Resource, around: Around) -> bool:
    return not around.languages or entry.language.value in (*around.languages, "mul")


def _turned(some: Iterable[T], around: Around) -> list[T]:
    """Things without an order of their own, in an order by lot."""
    return sorted(some, key=lambda one: blake2b(f"{around.chance}:{one.id}".encode(), digest_size=8).digest())


_CANDIDATES = {CONCEPT: _concepts, STEP: _steps, TIP: _tips, FOLLOW: _follows}


# ------------------------------------------------------------------------------------------- from a row to what it says


def small_from(row: Mapping[str, str] | None) -> Small | None:
    """The small thing of a dose's row; None where there is none."""
    return Small(row["kind"], row["id"]) if row else None


def concept_in(catalog: Catalog, small: Small) -> Bilingual | None:
    """The concept, if the catalog still has it."""
    topic_id, _, name = small.id.partition(":")
    topic = catalog.topic(topic_id)
    return next((concept for concept in topic.concepts if concept.en == name), None) if topic else None


def step_in(catalog: Catalog, small: Small) -> tuple[Checklist, Step] | None:
    """The checklist and its step, if the catalog still has them."""
    checklist_id, _, step_id = small.id.partition(":")
    for checklist in catalog.checklists:
        if checklist.id == checklist_id:
            return next(((checklist, step) for step in checklist.steps if step.id == step_id), None)
    return None


def tip_in(catalog: Catalog, small: Small) -> Tip | None:
    """The tip, if the catalog still has it."""
    return next((tip for tip in catalog.tips if tip.id == small.id), None)
