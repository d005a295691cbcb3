"""A role, and what comes with it to a curator's own chat: its room, and cards that are kept up to date. All of it ends with the role."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Role
from bot.store import audit
from bot.store.outbox.rows import EDIT, OUTBOX, WAITING
from bot.store.tables import Base, Person

OWN = [Base.metadata.tables[name] for name in ("rooms", "shown_cards")]
"""Where somebody's own rows have their number; those of a group have none."""
SENT = ("card", "summary", EDIT)
"""The kinds of what is sent from there."""


async def change_role(session: AsyncSession, person: Person, role: Role, *, by: int, now: datetime) -> None:
    """Give somebody a role, the one of a learner where another ends, and write down who did it."""
    before, person.role = person.role, role
    await audit.write(
        session,
        "role",
        "person",
        by=by,
        now=now,
        before={"role": before},
        after={"role": role},
        whom=person.id,
    )


async def leave(session: AsyncSession, person_id: int) -> None:
    """Somebody looks after nothing any more: nothing of it comes to them."""
    await _end(session, lambda table: table.c.person_id == person_id)


async def leave_to(session: AsyncSession, curators: Collection[int]) -> None:
    """The same for everybody but these; for owners whom the settings name no longer, of which the database hears nothing."""
    await _end(session, lambda table: table.c.person_id.not_in(curators))


async def _end(session: AsyncSession, theirs: Callable[[Table], ColumnElement[bool]]) -> None:
    for table in OWN:
        await session.execute(delete(table).where(theirs(table)))
    waits = (OUTBOX.c.kind.in_(SENT), OUTBOX.c.state.in_(WAITING))
    await session.execute(delete(OUTBOX).where(theirs(OUTBOX), *waits))
