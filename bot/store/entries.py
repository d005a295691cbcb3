"""What curators decide about entries of the catalog from the chat: each decision and the new version in one transaction.

    add, edit, retire, restore ─▶ a row ─▶ live in every process (`bot/live_catalog.py`)
                                       └▶ `catalog export` ─▶ exported ─▶ the file is read with it ─▶ settled: the file counts

`by` is the number of the person who decided. What a decision makes of an entry is worked out in `bot/catalog/overlay.py`.

Whoever changes something takes the catalog's lock before any row of an entry, for an entry stands in two tables, whose rows would otherwise
be waited for crosswise; a decision's suggestions are locked before that, and no row of those after it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import canonical
from bot.catalog.entry import Catalog
from bot.catalog.entry import Resource as Entry
from bot.catalog.naming import name_entry
from bot.catalog.overlay import Change, Facts, changed, facts_of, is_in_file, read_facts
from bot.catalog.problem import Problem
from bot.errors import CatalogError
from bot.states import EntryState
from bot.store.catalog import bump
from bot.store.engine import insert_into
from bot.store.locks import Lock, one_at_a_time
from bot.store.tables import DecidedEntry, Person, Resource


@dataclass(frozen=True, slots=True)
class Decision:
    """A change with who made it, when and why; `by` is None where nobody is known any more."""

    change: Change
    by: str | None
    at: datetime
    why: str | None


async def add(session: AsyncSession, entry: Entry, *, by: int | None, at: datetime) -> Entry:
    """Take a new entry into the catalog, live from the next dose on; give it as it is there.

    Its id is kept if nothing ever had it, else a free one is found. A link that was there before comes back under its old id, so
    that progress on it counts; one that is there now stays as it is and is given back.
    Raises CatalogError if this is no entry, AddressError if its address is none.
    """
    facts = changed(entry.id, facts_of(entry), {})
    address = canonical(entry.url)
    await one_at_a_time(session, Lock.CATALOG)
    row = await session.scalar(select(DecidedEntry).where(DecidedEntry.address == address).with_for_update())
    if row is None:
        before = await session.scalar(select(Resource).where(Resource.url == entry.url).limit(1).with_for_update())
        if before is not None and before.filed is not None:
            return read_facts(before.id, before.filed)
        resource_id = before.id if before is not None else await _new_id(session, entry, facts, at)
        row = await _first_row(session, resource_id, address, facts, by, at)
    if row.state == EntryState.RETIRED:
        row.data, row.address = facts, address
        await _stand_again(session, row, by, at)
    await _show(session, row, at)
    await bump(session)
    return read_facts(row.resource_id, row.data)


async def edit(
    session: AsyncSession, resource_id: str, changes: Mapping[str, Any], *, by: int | None, at: datetime
) -> Entry:
    """Change fields of an entry, wherever it came from; None takes a field out. Give the entry as the chat has it now.

    Raises CatalogError, with a sentence for each field that does not fit, or if there is no such entry.
    """
    row = await _open(session, resource_id)
    if row is None or row.state == EntryState.RETIRED:
        raise _no_entry(resource_id)
    row.data = changed(resource_id, row.data, changes)
    address = canonical(row.data["url"])
    if address != row.address:
        await _refuse_owned(session, resource_id, address)
        row.address = address
    row.by_id, row.at = by, at
    await _show(session, row, at)
    await bump(session)
    return read_facts(resource_id, row.data)


async def retire(session: AsyncSession, resource_id: str, *, by: int | None, at: datetime, why: str | None) -> bool:
    """Take an entry out: it is not given out any more, and progress on it stays. False if it is not there."""
    row = await _open(session, resource_id)
    if row is None or row.state == EntryState.RETIRED:
        return False
    row.state, row.why, row.by_id, row.at = EntryState.RETIRED, why, by, at
    await _show(session, row, at)
    await bump(session)
    return True


async def restore(session: AsyncSession, resource_id: str, *, by: int | None, at: datetime) -> Entry | None:
    """Take an entry back in that was taken out from the chat, under its id; give it as it is there. None if it was not."""
    await one_at_a_time(session, Lock.CATALOG)
    row = await session.get(DecidedEntry, resource_id, with_for_update=True)
    if row is None or row.state != EntryState.RETIRED:
        return None
    await _stand_again(session, row, by, at)
    await _show(session, row, at)
    await bump(session)
    return read_facts(resource_id, row.data)


async def changes(session: AsyncSession) -> list[Change]:
    """The changes that the file does not say yet, in the order in which they were made."""
    return [decision.change for decision in await decisions(session)]


async def decisions(session: AsyncSession) -> list[Decision]:
    """The same with who decided."""
    rows = await session.execute(
        select(DecidedEntry, Person.name)
        .outerjoin(Person, Person.id == DecidedEntry.by_id)
        .where(DecidedEntry.settled_at.is_(None))
        .order_by(DecidedEntry.at, DecidedEntry.resource_id)
    )
    return [Decision(_change(row), name, row.at, row.why) for row, name in rows]


async def settle(session: AsyncSession, file: Catalog, at: datetime) -> int:
    """Leave to the file what the file says by now; how many changes that are."""
    await one_at_a_time(session, Lock.CATALOG)
    rows = await session.scalars(select(DecidedEntry).where(DecidedEntry.settled_at.is_(None)).with_for_update())
    said = [row for row in rows if is_in_file(file, _change(row))]
    for row in said:
        row.settled_at = at
    return len(said)


async def replace(session: AsyncSession, change: Change, settled: Change, at: datetime) -> bool:
    """Put a change in the place of another, as somebody settled a conflict; False if it was changed again meanwhile."""
    await one_at_a_time(session, Lock.CATALOG)
    row = await session.get(DecidedEntry, change.resource_id, with_for_update=True)
    if row is None or row.settled_at is not None or _change(row) != change:
        return False
    row.base, row.data = settled.base, settled.data
    row.state = EntryState.RETIRED if settled.retired else EntryState.LIVE
    row.exported_at = None
    await _show(session, row, at)
    await bump(session)
    return True


async def mark_exported(session: AsyncSession, written: Collection[Change], at: datetime) -> int:
    """Note what was written into the file, unless it was changed again meanwhile; how many rows that are."""
    await one_at_a_time(session, Lock.CATALOG)
    marked = 0
    for change in written:
        row = await session.get(DecidedEntry, change.resource_id, with_for_update=True)
        if row is not None and row.settled_at is None and _change(row) == change:
            row.exported_at = at
            marked += 1
    return marked


async def _open(session: AsyncSession, resource_id: str) -> DecidedEntry | None:
    """The row of an entry, ready to be changed: its base is what the file says as far as we know. None: there is no such entry."""
    await one_at_a_time(session, Lock.CATALOG)
    await session.flush()
    resource = await session.get(Resource, resource_id, with_for_update=True, populate_existing=True)
    if resource is None:
        return None
    row = await session.get(DecidedEntry, resource_id, populate_existing=True)
    if row is not None and row.settled_at is None:
        if row.exported_at is not None and row.state == EntryState.LIVE:
            row.base, row.exported_at = row.data, None
        return row
    if resource.filed is None:
        return None
    address = canonical(resource.filed["url"])
    own = address if await _is_free(session, resource_id, address) else None
    if row is None:
        row = DecidedEntry(resource_id=resource_id, data=resource.filed, state=EntryState.LIVE, at=resource.added_at)
        session.add(row)
    row.address, row.base, row.data, row.state = own, resource.filed, resource.filed, EntryState.LIVE
    row.why = row.exported_at = row.settled_at = None
    return row


async def _stand_again(session: AsyncSession, row: DecidedEntry, by: int | None, at: datetime) -> None:
    """Make a retired row a live one; if the file does not have it any more it counts as new there."""
    if row.settled_at is not None or row.exported_at is not None:
        resource = await session.get(Resource, row.resource_id)
        row.base = resource.filed if resource and row.settled_at else None
    row.state, row.why, row.by_id, row.at = EntryState.LIVE, None, by, at
    row.exported_at = row.settled_at = None


async def _new_id(session: AsyncSession, entry: Entry, facts: Facts, at: datetime) -> str:
    """An id that is this entry's own for ever: the one it came with if nothing ever had it, else one made from its title."""
    candidate = entry.id
    while True:
        written = await session.execute(
            insert_into(session, Resource)
            .values(id=candidate, title=facts["title"], url=facts["url"], topic=facts["topic"], added_at=at)
            .on_conflict_do_nothing()
            .returning(Resource.id)
        )
        if written.first() is not None:
            return candidate
        taken = set(await session.scalars(select(Resource.id)))
        candidate = name_entry(entry.title, entry.url, taken | {candidate}, (entry.author, entry.kind.value))


async def _first_row(
    session: AsyncSession, resource_id: str, address: str, facts: Facts, by: int | None, at: datetime
) -> DecidedEntry:
    """The row of a new entry, or the one that another curator put there first."""
    await session.execute(
        insert_into(session, DecidedEntry)
        .values(resource_id=resource_id, address=address, data=facts, state=EntryState.LIVE, by_id=by, at=at)
        .on_conflict_do_nothing()
    )
    found = await session.scalars(
        select(DecidedEntry)
        .where((DecidedEntry.address == address) | (DecidedEntry.resource_id == resource_id))
        .order_by(DecidedEntry.address != address)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = found.first()
    assert row is not None, "what stood in the way of the row is a row like it"
    if row.resource_id != resource_id:  # the id that was taken a moment ago never held anything
        await session.execute(delete(Resource).where(Resource.id == resource_id, Resource.added_at == at))
    return row


async def _refuse_owned(session: AsyncSession, resource_id: str, address: str) -> None:
    if not await _is_free(session, resource_id, address):
        raise CatalogError((Problem(None, f"resources.{resource_id}.url", "another entry has this address"),))


async def _is_free(session: AsyncSession, resource_id: str, address: str) -> bool:
    owner = await session.scalar(select(DecidedEntry.resource_id).where(DecidedEntry.address == address))
    return owner in (None, resource_id)


async def _show(session: AsyncSession, row: DecidedEntry, at: datetime) -> None:
    """Bring the table of everything that ever was to what was decided."""
    await session.execute(
        update(Resource)
        .where(Resource.id == row.resource_id)
        .values(
            title=row.data["title"],
            url=row.data["url"],
            topic=row.data["topic"],
            retired_at=at if row.state == EntryState.RETIRED else None,
        )
    )


def _change(row: DecidedEntry) -> Change:
    return Change(row.resource_id, row.data, row.base, row.state == EntryState.RETIRED, row.exported_at is not None)


def _no_entry(resource_id: str) -> CatalogError:
    return CatalogError((Problem(None, f"resources.{resource_id}", "there is no such entry in the catalog"),))
