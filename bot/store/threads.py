"""Long things over days, as rows; the rules are in `bot/learning/sessions.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import sessions
from bot.states import ThreadState
from bot.store.tables import Thread


async def find(session: AsyncSession, person_id: int, resource_id: str) -> Thread | None:
    """How far a person is with a resource, if they ever began it over days."""
    return await session.scalar(select(Thread).where(Thread.person_id == person_id, Thread.resource_id == resource_id))


async def of_person(session: AsyncSession, person_id: int, states: Sequence[ThreadState] = ()) -> list[Thread]:
    """A person's threads, the one worked on last first; with `states` only those."""
    found = select(Thread).where(Thread.person_id == person_id)
    if states:
        found = found.where(Thread.state.in_(states))
    return list(await session.scalars(found.order_by(Thread.last_on.desc(), Thread.id.desc())))


async def of_many(session: AsyncSession, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], sessions.Thread]:
    """How far each of several people is with a resource, by person and resource; in one query, and none if nobody is asked for."""
    if not wanted:
        return {}
    people, resources = {person for person, _ in wanted}, {resource for _, resource in wanted}
    found = await session.scalars(select(Thread).where(Thread.person_id.in_(people), Thread.resource_id.in_(resources)))
    return {(row.person_id, row.resource_id): thread_of(row) for row in found}


async def keep(session: AsyncSession, person_id: int, value: sessions.Thread) -> Thread:
    """Write down how far somebody is: one row a person and resource."""
    row = await find(session, person_id, value.resource)
    if row is None:
        row = Thread(person_id=person_id, resource_id=value.resource, opened_on=value.opened_on)
        session.add(row)
    row.part, row.of, row.state, row.note, row.last_on = value.part, value.of, value.state, value.note, value.last_on
    row.own = value.own
    await session.flush()
    return row


def thread_of(row: Thread) -> sessions.Thread:
    """The row as the value that the rules understand."""
    return sessions.Thread(row.resource_id, row.part, row.of, row.state, row.opened_on, row.last_on, row.note, row.own)
