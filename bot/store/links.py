"""Links: which to visit next, what was found, which are dead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.states import LinkState
from bot.store.engine import insert_into
from bot.store.tables import Feedback, Link, LinkVisit, Resource

REMEMBERED = 40
"""Visits that are read again to tell the state."""
_DEAD = (
    select(Link.resource_id)
    .join(Resource, Resource.id == Link.resource_id)
    .where(Link.state == LinkState.DEAD, Link.url == Resource.url)
)


@dataclass(frozen=True, slots=True)
class VisitFound:
    """What one visit found, and the state that follows is told by `bot.curation.links`."""

    outcome: str
    status: int | None
    reason: str | None


async def due(
    session: AsyncSession, urls: Mapping[str, str], now: datetime, *, ok: timedelta, other: timedelta
) -> list[str]:
    """The entries to visit, the longest unseen first: never visited, not since `ok`, or since `other` where it is in doubt."""
    seen = {row.resource_id: row for row in await session.scalars(select(Link))}
    reported = await reports(session)
    waiting: list[tuple[float, str]] = []
    for resource_id, url in urls.items():
        row = seen.get(resource_id)
        if row is None or row.url != url:
            waiting.append((0.0, resource_id))
            continue
        doubtful = row.state != LinkState.OK or reported.get(resource_id, 0) > 0
        if now - row.visited_at >= (other if doubtful else ok):
            waiting.append((row.visited_at.timestamp(), resource_id))
    return [resource_id for _, resource_id in sorted(waiting)]


async def keep(
    session: AsyncSession, resource_id: str, url: str, found: VisitFound, now: datetime
) -> tuple[Link, list[LinkVisit]]:
    """Write a visit down; give the link, locked, and its newest visits at this address, oldest first."""
    await session.execute(
        insert_into(session, Link)
        .values(resource_id=resource_id, url=url, state=LinkState.OK, since=now, visited_at=now)
        .on_conflict_do_nothing(index_elements=["resource_id"])
    )
    row = await session.scalar(select(Link).where(Link.resource_id == resource_id).with_for_update())
    assert row is not None, "it was there or was written"
    if row.url != url:
        row.url, row.state, row.since, row.opened_at = url, LinkState.OK, now, None
    row.visited_at = now
    session.add(
        LinkVisit(link_id=row.id, url=url, at=now, outcome=found.outcome, status=found.status, reason=found.reason)
    )
    await session.flush()
    newest = await session.scalars(
        select(LinkVisit)
        .where(LinkVisit.link_id == row.id, LinkVisit.url == url)
        .order_by(LinkVisit.at.desc(), LinkVisit.id.desc())
        .limit(REMEMBERED)
    )
    return row, list(newest)[::-1]


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` visits of before an instant; how many there were. The newest that tell the state stay, however old they are."""
    newer = aliased(LinkVisit)
    known = select(func.count(newer.id)).where(newer.link_id == LinkVisit.link_id, newer.at > LinkVisit.at)
    old = select(LinkVisit.id).where(LinkVisit.at < before, known.scalar_subquery() >= REMEMBERED).limit(limit)
    gone = await session.execute(delete(LinkVisit).where(LinkVisit.id.in_(old)).returning(LinkVisit.id))
    return len(gone.all())


async def reports(session: AsyncSession, resource_id: str | None = None) -> dict[str, int]:
    """How many learners could not open each entry since it last opened for us."""
    asked = (
        select(Feedback.resource_id, func.count(Feedback.person_id.distinct()))
        .outerjoin(Link, Link.resource_id == Feedback.resource_id)
        .where(Feedback.kind == "broken", (Link.opened_at.is_(None)) | (Feedback.at > Link.opened_at))
        .group_by(Feedback.resource_id)
    )
    if resource_id is not None:
        asked = asked.where(Feedback.resource_id == resource_id)
    return {name: count for name, count in await session.execute(asked)}  # noqa: C416


async def reported(session: AsyncSession, most: int) -> list[tuple[Resource, int, datetime]]:
    """Entries that learners could not open since they last opened for us, and that are not in trouble already: how many, and the last time.

    What most could not open comes first.
    """
    people = func.count(Feedback.person_id.distinct())
    last = func.max(Feedback.at)
    rows = await session.execute(
        select(Resource, people, last)
        .join(Feedback, Feedback.resource_id == Resource.id)
        .outerjoin(Link, (Link.resource_id == Resource.id) & (Link.url == Resource.url))
        .where(
            Feedback.kind == "broken",
            Resource.retired_at.is_(None),
            (Link.opened_at.is_(None)) | (Feedback.at > Link.opened_at),
            (Link.state.is_(None)) | (Link.state == LinkState.OK),
        )
        .group_by(Resource.id)
        .order_by(people.desc(), last.desc(), Resource.id)
        .limit(most)
    )
    return [(resource, count, at) for resource, count, at in rows]


async def dead_ids(session: AsyncSession) -> frozenset[str]:
    """The entries whose address is dead; one that was swapped for another is not."""
    return frozenset(await session.scalars(_DEAD))


async def in_trouble(session: AsyncSession, start: int, most: int) -> list[tuple[Link, Resource]]:
    """Dead links, then those in doubt, the newest first, of entries that are still there with that address."""
    rows = await session.execute(
        select(Link, Resource)
        .join(Resource, Resource.id == Link.resource_id)
        .where(Link.state != LinkState.OK, Link.url == Resource.url, Resource.retired_at.is_(None))
        .order_by(Link.state, Link.since.desc(), Link.id)
        .offset(start)
        .limit(most)
    )
    return [(link, resource) for link, resource in rows]


async def find(session: AsyncSession, link_id: int) -> Link | None:
    """A link by its number."""
    return await session.get(Link, link_id)


async def known_since(session: AsyncSession, resource_id: str, now: datetime) -> datetime:
    """When the catalog first had the entry."""
    resource = await session.get(Resource, resource_id)
    return resource.added_at if resource else now


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many links are in which state."""
    rows = await session.execute(select(Link.state, func.count()).group_by(Link.state))
    return {state: count for state, count in rows}  # noqa: C416
