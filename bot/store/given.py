"""What somebody was given and did, day by day, as `/history` tells it: one row for each, without the rows' objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Card, Completion, Dose, Resource, Subscription

OPEN = "open"
"""What a dose is that nobody answered."""
DOSES = ("done", "session")
"""The kinds of completions that a dose brings: it was done, or a part of something long was."""


@dataclass(frozen=True, slots=True)
class Given:
    """A dose, or something done without one. `what` is its outcome (done, worked, open) or the kind of what was done; `count` how often.

    `resource`, `title` and `topic` are empty where it is about no resource, as with the cards recalled on a day.
    """

    day: date
    what: str
    resource: str = ""
    title: str = ""
    topic: str = ""
    count: int = 1


async def given_to(session: AsyncSession, person_id: int) -> list[Given]:
    """Everything, newest first, in two queries however long it is."""
    told = [(given.day, order, given) for order, given in enumerate(await _doses(session, person_id))]
    told += [(given.day, -1, given) for given in await _besides(session, person_id)]
    return [given for _, _, given in sorted(told, key=lambda one: one[:2], reverse=True)]


async def _doses(session: AsyncSession, person_id: int) -> list[Given]:
    found = await session.execute(
        select(Dose.day, Dose.outcome, Dose.resource_id, Resource.title, Resource.topic)
        .join(Subscription, Dose.subscription_id == Subscription.id)
        .join(Resource, Dose.resource_id == Resource.id)
        .where(Subscription.person_id == person_id)
        .order_by(Dose.day, Dose.number)
    )
    return [Given(day, outcome or OPEN, resource or "", title, topic) for day, outcome, resource, title, topic in found]


async def _besides(session: AsyncSession, person_id: int) -> list[Given]:
    """What was done without a dose, or with one that is gone: cards recalled, steps ticked."""
    found = await session.execute(
        select(Completion.day, Completion.kind, Completion.resource_id, Resource.title, Resource.topic)
        .outerjoin(Resource, Completion.resource_id == Resource.id)
        .where(Completion.person_id == person_id, Completion.dose_id.is_(None))
    )
    counted = Counter(
        (day, kind, resource or "", title or "", topic or "") for day, kind, resource, title, topic in found
    )
    return [Given(*one, count) for one, count in counted.items()]


async def learnt_since(session: AsyncSession, person_id: int, first: date) -> list[tuple[date, str]]:
    """The doses worth of learning from a day on: the day and the resource of each, whether finished or worked on."""
    found = await session.execute(
        select(Completion.day, Completion.resource_id).where(
            Completion.person_id == person_id,
            Completion.day >= first,
            Completion.resource_id.is_not(None),
            Completion.kind.in_(DOSES),
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
