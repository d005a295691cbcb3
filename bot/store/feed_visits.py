"""Which feeds are visited next, by whom, and what a visit that brought nothing leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import FeedState
from bot.store.tables import Feed, FeedHost, FeedSearch


@dataclass(frozen=True, slots=True)
class ClaimedFeed:
    """A feed that this process visits, as its row was when it was claimed."""

    id: int
    url: str
    host: str
    lease_until: datetime
    etag: str | None
    modified: str | None
    digest: str | None
    ttl: int | None
    failures: int
    failing_since: datetime | None
    moved_to: str | None
    moved_times: int
    read_before: bool
    host_in_trouble: bool


async def claim(session: AsyncSession, now: datetime, lease: timedelta, limit: int) -> list[ClaimedFeed]:
    """Take feeds whose time has come, for this process alone until the lease ends.

    A host in trouble is left alone, and then tried with one feed; another one waits for what becomes of that.
    """
    in_trouble = {host.host: host.paused_until for host in await session.scalars(select(FeedHost))}
    taken: list[ClaimedFeed] = []
    tried: set[str] = set()
    for row in await _due(session, now, limit, but=await _left_alone(session, in_trouble, now)):
        if row["host"] in tried:
            continue
        if row["host"] in in_trouble:
            tried.add(row["host"])
        known = {name: value for name, value in row.items() if name != "read_at"}
        was_read, is_in_trouble = row["read_at"] is not None, row["host"] in in_trouble
        taken.append(ClaimedFeed(**known, lease_until=now + lease, read_before=was_read, host_in_trouble=is_in_trouble))
    if taken:
        ids = [feed.id for feed in taken]
        await session.execute(update(Feed).where(Feed.id.in_(ids)).values(lease_until=now + lease))
    return taken


async def _left_alone(session: AsyncSession, in_trouble: Mapping[str, datetime], now: datetime) -> list[str]:
    """The hosts in trouble that rest, or that are being tried."""
    resting = [name for name, until in in_trouble.items() if until > now]
    if len(resting) < len(in_trouble):
        tried = (Feed.host.in_(in_trouble), Feed.state == FeedState.ACTIVE, Feed.lease_until > now)
        resting += await session.scalars(select(Feed.host).where(*tried))
    return resting


async def _due(session: AsyncSession, now: datetime, limit: int, but: Sequence[str]) -> Sequence[RowMapping]:
    due = await session.execute(
        select(*_OF_A_VISIT)
        .where(
            Feed.state == FeedState.ACTIVE,
            Feed.next_at <= now,
            or_(Feed.lease_until.is_(None), Feed.lease_until <= now),
            Feed.host.not_in(but),
        )
        .order_by(Feed.next_at, Feed.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return due.mappings().all()


_OF_A_VISIT = (
    Feed.id,
    Feed.url,
    Feed.host,
    Feed.etag,
    Feed.modified,
    Feed.digest,
    Feed.ttl,
    Feed.failures,
    Feed.failing_since,
    Feed.moved_to,
    Feed.moved_times,
    Feed.read_at,
)
_VISITED = (
    update(Feed.__table__)  # type: ignore[arg-type]
    .where(Feed.id == bindparam("feed"), Feed.lease_until == bindparam("lease"))
    .values(lease_until=None, problem=None, failures=0, failing_since=None, failing_told_at=None)
)


async def nothing_new(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write down visits that went well and brought nothing, all at once; none whose lease is another's by now.

    A row brings `feed`, `lease` and the columns that the visit sets.
    """
    if rows:
        await session.execute(_VISITED, list(rows))


async def release(session: AsyncSession) -> None:
    """Take every lease off; for the process that leads, which takes up what the one before it left."""
    for table in (Feed, FeedSearch):
        await session.execute(update(table).where(table.lease_until.is_not(None)).values(lease_until=None))


async def still_ours(session: AsyncSession, leases: Mapping[int, datetime]) -> dict[int, Feed]:
    """Those of the claimed feeds, locked, whose lease is still the one given: none that another process took meanwhile."""
    found = await session.scalars(select(Feed).where(Feed.id.in_(leases)).order_by(Feed.id).with_for_update())
    return {feed.id: feed for feed in found if feed.lease_until == leases[feed.id]}


async def next_due(session: AsyncSession) -> datetime | None:
    """The earliest instant at which a feed is due that nobody visits."""
    return await session.scalar(select(func.min(Feed.next_at)).where(Feed.state == FeedState.ACTIVE))
