"""What the catalog ever held, so that progress points somewhere for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Resource as Entry
from bot.catalog.overlay import facts_of
from bot.store import remembered
from bot.store.tables import Resource

VERSION = "catalog-version"
FILE_VERSION = "catalog-file"


async def adopt(
    session: AsyncSession, entries: Iterable[Entry], now: datetime, *, filed: Iterable[Entry] | None = None
) -> tuple[int, int, int]:
    """Bring the table to a catalog: (added, changed, retired). Nothing is deleted; what is back is no longer retired.

    `filed` are the entries as the file has them, where curators' decisions lie over it in `entries`.
    """
    given = list(entries)
    in_file = {entry.id: facts_of(entry) for entry in (given if filed is None else filed)}
    known = {row.id: row for row in await session.scalars(select(Resource))}
    for row in known.values():
        if row.filed != in_file.get(row.id):
            row.filed = in_file.get(row.id)
    added = changed = retired = 0
    for entry in given:
        found = known.pop(entry.id, None)
        facts = {"title": entry.title, "url": entry.url, "topic": entry.topic}
        if found is None:
            session.add(Resource(id=entry.id, added_at=now, filed=in_file.get(entry.id), **facts))
            added += 1
        elif found.retired_at or any(getattr(found, name) != value for name, value in facts.items()):
            found.title, found.url, found.topic, found.retired_at = entry.title, entry.url, entry.topic, None
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
    session.info[VERSION] = True


def was_bumped(session: AsyncSession) -> bool:
    """Did this session's transaction change the catalog?"""
    return VERSION in session.info


async def file_version(session: AsyncSession) -> int:
    """A number that grows whenever the file should be read again."""
    return int(await remembered.recall(session, FILE_VERSION) or 0)


async def call_for_reload(session: AsyncSession) -> None:
    """Ask every process, by this transaction, to read the file again."""
    await remembered.count(session, FILE_VERSION)
    await bump(session)


async def titles(session: AsyncSession, ids: Collection[str]) -> dict[str, str]:
    """The titles of resources, retired ones too."""
    rows = await session.execute(select(Resource.id, Resource.title).where(Resource.id.in_(ids)))
    return {row.id: row.title for row in rows}


async def find(session: AsyncSession, resource_id: str) -> Resource | None:
    """A resource as the table keeps it, retired or not."""
    return await session.get(Resource, resource_id)
