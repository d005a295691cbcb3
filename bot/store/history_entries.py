"""What somebody was given and did, day by day, as `/history` tells it: one row for each, without the rows' objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import DoseOutcome
from bot.store.completions import STANDS
from bot.store.tables import Card, Completion, Dose, Offer, Resource, Subscription

OPEN = "open"
"""What a dose is that nobody answered."""
DOSES = ("done", "session")
"""The kinds of completions that a dose brings: it was done, or a part of something long was."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A dose, or something done without one. `what` is its outcome (done, worked, open) or the kind of what was done; `count` how often.

    `resource`, `title` and `topic` are empty where it is about no resource, as with the cards recalled on a day. `doses` are the numbers of
    its doses, `before` the days on which it had come and stayed open, the newest first.
    """

    day: date
    what: str
    resource: str = ""
    title: str = ""
    topic: str = ""
    count: int = 1
    doses: tuple[int, ...] = ()
    before: tuple[date, ...] = ()


async def given_to(session: AsyncSession, person_id: int) -> list[HistoryEntry]:
    """Everything, newest first, in two queries however long it is."""
    told = [(given.day, order, given) for order, given in enumerate(await _doses(session, person_id))]
    told += [(given.day, -1, given) for given in await _besides(session, person_id)]
    return [given for _, _, given in sorted(told, key=lambda one: one[:2], reverse=True)]


async def _doses(session: AsyncSession, person_id: int) -> list[HistoryEntry]:
    found = await session.execute(
        select(Dose.day, Dose.outcome, Dose.resource_id, Resource.title, Resource.topic, Dose.id)
        .join(Subscription, Dose.subscription_id == Subscription.id)
        .join(Resource, Dose.resource_id == Resource.id)
        .where(Subscription.person_id == person_id)
        .order_by(Dose.day, Dose.number)
    )
    return [
        HistoryEntry(day, outcome or OPEN, resource or "", title, topic, doses=(number,))
        for day, outcome, resource, title, topic, number in found
    ]


async def _besides(session: AsyncSession, person_id: int) -> list[HistoryEntry]:
    """What was done without a dose, or with one that is gone: cards recalled, steps ticked."""
    found = await session.execute(
        select(Completion.day, Completion.kind, Completion.resource_id, Resource.title, Resource.topic)
        .outerjoin(Resource, Completion.resource_id == Resource.id)
        .where(Completion.person_id == person_id, Completion.dose_id.is_(None), STANDS)
    )
    counted = Counter(
        (day, kind, resource or "", title or "", topic or "") for day, kind, resource, title, topic in found
    )
    return [HistoryEntry(*one, count) for one, count in counted.items()]


def gathered(given: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """A history, newest first, in which what stayed open and came again right after is one thing with all its days.

    So is what two accounts did on one day, each by a dose of its own, before they were linked.
    """
    told: list[HistoryEntry] = []
    for one in given:
        later = told[-1] if told else None
        if later and one.resource and one.resource == later.resource and _is_told_with(one, later):
            days = (*later.before, one.day) if one.day != later.day else later.before
            told[-1] = replace(later, doses=(*later.doses, *one.doses), before=days)
        else:
            told.append(one)
    return told


def _is_told_with(one: HistoryEntry, later: HistoryEntry) -> bool:
    both_done = one.what == later.what == DoseOutcome.DONE
    return one.what == OPEN or (both_done and one.day == later.day)


async def gave_way(session: AsyncSession, doses: Collection[int]) -> dict[int, list[str]]:
    """The titles of what some doses offered first and do not hold any more, in order: another was asked for, or another size."""
    found = await session.execute(
        select(Offer.dose_id, Resource.title)
        .join(Dose, Dose.id == Offer.dose_id)
        .join(Resource, Resource.id == Offer.resource_id)
        .where(Offer.dose_id.in_(doses), Offer.resource_id != Dose.resource_id)
        .order_by(Offer.dose_id, Offer.place)
    )
    titles: dict[int, list[str]] = {}
    for dose, title in found:
        titles.setdefault(dose, []).append(title)
    return titles


async def learnt_since(session: AsyncSession, person_id: int, first: date) -> list[tuple[date, str]]:
    """The doses worth of learning from a day on: the day and the resource of each, whether finished or worked on."""
    found = await session.execute(
        select(Completion.day, Completion.resource_id).where(
            Completion.person_id == person_id,
            Completion.day >= first,
            Completion.resource_id.is_not(None),
            Completion.kind.in_(DOSES),
            STANDS,
        )
    )
    return [(day, resource or "") for day, resource in found]


async def with_notes(session: AsyncSession, person_id: int) -> frozenset[str]:
    """The resources about which somebody wrote a line."""
    found = await session.scalars(
        select(Card.resource_id)
        .where(Card.person_id == person_id, Card.origin == "note", Card.resource_id.is_not(None))
        .distinct()
    )
    return frozenset(resource for resource in found if resource)


async def notes_about(session: AsyncSession, person_id: int, resources: Collection[str]) -> dict[str, str]:
    """The newest line they wrote about each of some resources."""
    found = await session.execute(
        select(Card.resource_id, Card.answer)
        .where(Card.person_id == person_id, Card.origin == "note", Card.resource_id.in_(resources))
        .order_by(Card.id)
    )
    return {resource: answer for resource, answer in found if resource}
