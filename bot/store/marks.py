"""What people marked a resource as: done, known, dismissed, saved, skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Marked
from bot.store.tables import Mark

BEHIND = (Marked.DONE, Marked.KNOWN, Marked.DISMISSED)
"""The marks after which somebody is through with a resource."""
SETTLING = (*BEHIND, Marked.SKIPPED)
"""The marks after which a resource does not come back as a dose."""


async def mark(session: AsyncSession, person_id: int, resource_id: str, name: Marked, now: datetime) -> None:
    """Write down what a person thinks of a resource."""
    await session.merge(Mark(person_id=person_id, resource_id=resource_id, mark=name, at=now))


async def unmark(session: AsyncSession, person_id: int, resource_id: str, name: Marked) -> None:
    """Take a mark away."""
    await session.execute(
        delete(Mark).where(Mark.person_id == person_id, Mark.resource_id == resource_id, Mark.mark == name)
    )


async def all_of(session: AsyncSession, person_id: int) -> list[Mark]:
    """Everything a person marked."""
    return list(await session.scalars(select(Mark).where(Mark.person_id == person_id).order_by(Mark.at)))


async def by_name(session: AsyncSession, person_id: int) -> dict[Marked, frozenset[str]]:
    """The resources a person marked, by mark, without their rows."""
    found: dict[Marked, set[str]] = defaultdict(set)
    for name, resource_id in await session.execute(
        select(Mark.mark, Mark.resource_id).where(Mark.person_id == person_id)
    ):
        found[name].add(resource_id)
    return {name: frozenset(ids) for name, ids in found.items()}


def settled_in(marks: Mapping[Marked, frozenset[str]]) -> frozenset[str]:
    """Of what somebody marked, the resources that do not come back as a dose."""
    return frozenset().union(*(marks.get(name, frozenset()) for name in SETTLING))


def unanswered_in(marks: Mapping[Marked, frozenset[str]]) -> frozenset[str]:
    """Of what somebody marked, the resources that do not come back only because nobody answered them."""
    answered = settled_in({name: ids for name, ids in marks.items() if name != Marked.SKIPPED})
    return marks.get(Marked.SKIPPED, frozenset()) - answered
