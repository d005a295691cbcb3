"""The curators' deeds: who did what to what, how it was before and after, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.tables import AuditEntry, Person

DECISIONS = ("approve", "reject")
"""The deeds about a suggestion that an undo takes back without naming them: of each suggestion only the last stands."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A row with the names of who did it and of whose role it was, None once they left."""

    row: AuditEntry
    who: str | None
    whom: str | None = None


async def write(
    session: AsyncSession,
    did: str,
    about: str,
    *,
    by: int | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    whom: int | None = None,
) -> AuditEntry:
    """Write a deed down, in the transaction that does it. `about` is `suggestion:41`, `entry:<id>`, `person`, `room`."""
    row = AuditEntry(at=now, by_id=by, whom_id=whom, did=did, about=about, before=before or {}, after=after or {})
    session.add(row)
    await session.flush()
    return row


async def newest(
    session: AsyncSession, skip: int, limit: int, *, about: str | None = None, by: int | None = None
) -> list[Deed]:
    """Deeds, the newest first; of one thing, or of one person."""
    found = _deeds()
    if about is not None:
        found = found.where(AuditEntry.about == about)
    if by is not None:
        found = found.where(AuditEntry.by_id == by)
    rows = await session.execute(found.order_by(AuditEntry.id.desc()).offset(skip).limit(limit))
    return [Deed(row, who, whom) for row, who, whom in rows]


async def find(session: AsyncSession, number: int) -> AuditEntry | None:
    """A deed by its number."""
    return await session.get(AuditEntry, number)


async def last_of(session: AsyncSession, by: int, deeds: Collection[str]) -> AuditEntry | None:
    """The last of some kinds of deeds that a person did and nobody took back."""
    return await session.scalar(
        select(AuditEntry)
        .where(AuditEntry.by_id == by, AuditEntry.did.in_(deeds), ~_taken_back())
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


async def decided_since(session: AsyncSession, since: datetime) -> list[tuple[str | None, int, int]]:
    """Who approved and rejected how many since an instant; what was taken back is not counted."""
    yes = func.sum(case((AuditEntry.did == "approve", 1), else_=0))
    no = func.sum(case((AuditEntry.did == "reject", 1), else_=0))
    rows = await session.execute(
        select(Person.name, yes, no)
        .select_from(AuditEntry)
        .outerjoin(Person, AuditEntry.by_id == Person.id)
        .where(AuditEntry.at > since, AuditEntry.did.in_(DECISIONS), ~_taken_back())
        .group_by(AuditEntry.by_id, Person.name)
        .order_by(Person.name)
    )
    return [(name, int(approved), int(rejected)) for name, approved, rejected in rows]


async def has_decided(session: AsyncSession, by: int) -> bool:
    """Whether a person is among those whom `decided_since` names, or ever was."""
    return await last_of(session, by, DECISIONS) is not None


async def everything(session: AsyncSession) -> list[Deed]:
    """All deeds, the oldest first."""
    rows = await session.execute(_deeds().order_by(AuditEntry.id))
    return [Deed(row, who, whom) for row, who, whom in rows]


def _taken_back() -> ColumnElement[bool]:
    """Whether a later undo took the deed back: the one named in it, or else every decision about its suggestion so far."""
    undo = aliased(AuditEntry)
    named = undo.before["deed"].as_integer()
    is_meant = (named == AuditEntry.id) | (named.is_(None) & AuditEntry.did.in_(DECISIONS))
    return exists().where(undo.about == AuditEntry.about, undo.did == "undo", undo.id > AuditEntry.id, is_meant)


def _deeds() -> Select[AuditEntry, str | None, str | None]:
    whom = aliased(Person)
    by = select(AuditEntry, Person.name, whom.name).outerjoin(Person, AuditEntry.by_id == Person.id)
    return by.outerjoin(whom, AuditEntry.whom_id == whom.id)
