"""What the catalog ever held, so that progress points somewhere for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Resource as Entry
from bot.store import remembered
from bot.store.tables import Resource

VERSION = "catalog-version"


async def adopt(session: AsyncSession, entries: Iterable[Entry], now: datetime) -> tuple[int, int, int]:
    """Bring the table to a catalog: (added, changed, retired). Nothing is deleted; what is back is no longer retired."""
    known = {row.id: row for row in await session.scalars(select(Resource))}
    added = changed = retired = 0
    for entry in entries:
        row = known.pop(entry.id, None)
        facts = {"title": entry.title, "url": entry.url, "topic": entry.topic}
        if row is None:
            session.add(Resource(id=entry.id, added_at=now, **facts))
            added += 1
        elif row.retired_at or any(getattr(row, name) != value for name, value in facts.items()):
            row.title, row.url, row.topic, row.retired_at = entry.title, entry.url, entry.topic, None
            changed += 1
    for row in known.values():
        if row.retired_at is None:
            row.retired_at = now
            retired += 1
    return added, changed, retired


async def version(session: AsyncSession) -> int:
    """A number that grows with every change of the catalog, so that each process notices those of the others."""
    return int(await remembered.recall(session, VERSION) or 0)


async def bump(session: AsyncSession) -> None:
    """Tell every process, by this transaction, that the catalog is another one now: they look every few seconds."""
    await remembered.count(session, VERSION)


async def titles(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """The titles of resources, retired ones too."""
    rows = await session.execute(select(Resource.id, Resource.title).where(Resource.id.in_(ids)))
    return dict(rows.tuples().all())


async def find(session: AsyncSession, resource_id: str) -> Resource | None:
    """A resource as the table keeps it, retired or not."""
    return await session.get(Resource, resource_id)
