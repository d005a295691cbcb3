"""What was learnt, written down once; and what was written down by a slip, which stays there and counts no more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import String, cast, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.engine import insert_into
from bot.store.tables import Completion, Dose

STANDS = Completion.withdrawn_at.is_(None)
"""The completions that count; whoever reads any asks for these."""


async def complete(
    session: AsyncSession,
    *,
    person_id: int,
    key: str,
    kind: str,
    dose: Dose | None,
    at: datetime,
    zone: str,
    day: date,
) -> bool:
    """Write down once that something was learnt; False if `key` stood there already."""
    written = await session.execute(
        insert_into(session, Completion)
        .values(
            person_id=person_id,
            key=key,
            kind=kind,
            dose_id=dose.id if dose else None,
            resource_id=dose.resource_id if dose else None,
            at=at,
            zone=zone,
            day=day,
        )
        .on_conflict_do_nothing()
        .returning(Completion.id)
    )
    return written.first() is not None


async def withdraw(session: AsyncSession, person_id: int, key: str, now: datetime) -> bool:
    """Let what was written down under a key count no more; False if nothing there counts.

    The row stays with its instant, zone and day. It only gives its key back, so that the same thing can be done after all.
    """
    written = await session.execute(
        update(Completion)
        .where(Completion.person_id == person_id, Completion.key == key, STANDS)
        .values(withdrawn_at=now, key=literal(f"{key}~").concat(cast(Completion.id, String)))
        .returning(Completion.id)
        .execution_options(synchronize_session=False)
    )
    return written.first() is not None


async def find(session: AsyncSession, person_id: int, key: str) -> Completion | None:
    """What counts under a key, if anything does."""
    return await session.scalar(
        select(Completion).where(Completion.person_id == person_id, Completion.key == key, STANDS)
    )


def key_of(dose: Dose) -> str:
    """Under which key a dose counts, however often it is pressed."""
    return f"dose:{dose.id}"


async def last_done(session: AsyncSession, person_id: int) -> str | None:
    """The resource a person did last."""
    return await session.scalar(
        select(Completion.resource_id)
        .where(Completion.person_id == person_id, Completion.resource_id.is_not(None), STANDS)
        .order_by(Completion.at.desc(), Completion.id.desc())
        .limit(1)
    )


async def count_things(session: AsyncSession, people: Collection[int]) -> int:
    """How many things some people learnt; what several of them did, or one did more than once, is one thing."""
    thing = func.coalesce(Completion.resource_id, Completion.key)
    found = select(func.count(thing.distinct())).where(Completion.person_id.in_(people), STANDS)
    return await session.scalar(found) or 0
