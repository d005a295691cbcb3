"""What feeds published: known for a year, so that nothing comes twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.feeds import FOLLOWED
from bot.store.tables import Feed, FeedItem

FRONT = 200
"""Items of a feed that are looked at for its usual gap and for previews."""
KNOWN = 2_000
"""The newest items of a feed, by which it is recognised what is no news: four times as many as are read of any document."""
Digests = tuple[str | None, str | None, str | None, str]


async def add(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Write down what a feed published."""
    if rows:
        await session.execute(insert(FeedItem), list(rows))


async def forget(session: AsyncSession, before: datetime, limit: int, keep: int = KNOWN) -> int:
    """Delete up to `limit` items seen before an instant, of feeds that published more than `keep` since; how many there were."""
    full = await session.scalars(
        select(FeedItem.feed_id).group_by(FeedItem.feed_id).having(func.count() > keep).order_by(FeedItem.feed_id)
    )
    gone = 0
    for feed_id in list(full):
        newest_to_go = (
            select(FeedItem.id).where(FeedItem.feed_id == feed_id).order_by(FeedItem.id.desc()).offset(keep).limit(1)
        ).scalar_subquery()
        old = (
            select(FeedItem.id)
            .where(FeedItem.feed_id == feed_id, FeedItem.id <= newest_to_go, FeedItem.seen_at < before)
            .order_by(FeedItem.id)
            .limit(limit - gone)
        )
        deleted = await session.execute(delete(FeedItem).where(FeedItem.id.in_(old)).returning(FeedItem.id))
        gone += len(deleted.all())
        if gone >= limit:
            break
    return gone


async def known_of(session: AsyncSession, feed_ids: Collection[int]) -> dict[int, list[Digests]]:
    """The digests of everything each feed published: id, link, title, title with date."""
    known: dict[int, list[Digests]] = {feed_id: [] for feed_id in feed_ids}
    if not known:
        return known
    found = await session.execute(
        select(
            FeedItem.feed_id,
            FeedItem.id_digest,
            FeedItem.link_digest,
            FeedItem.title_digest,
            FeedItem.dated_digest,
        ).where(FeedItem.feed_id.in_(known))
    )
    for feed_id, by_id, by_link, by_title, dated in found:
        known[feed_id].append((by_id, by_link, by_title, dated))
    return known


async def latest(session: AsyncSession, feed_id: int, limit: int = FRONT) -> list[FeedItem]:
    """What a feed published last, the newest first."""
    return list(
        await session.scalars(
            select(FeedItem)
            .where(FeedItem.feed_id == feed_id)
            .order_by(func.coalesce(FeedItem.published_at, FeedItem.seen_at).desc(), FeedItem.id.desc())
            .limit(limit)
        )
    )


async def dates_of(session: AsyncSession, feed_id: int, limit: int = 20) -> list[datetime]:
    """The newest dates of what a feed published."""
    found = await session.scalars(
        select(FeedItem.published_at)
        .where(FeedItem.feed_id == feed_id, FeedItem.published_at.is_not(None))
        .order_by(FeedItem.published_at.desc())
        .limit(limit)
    )
    return [when for when in found if when]


async def cards_since(session: AsyncSession, feed_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many items of each feed became cards since then."""
    if not feed_ids:
        return {}
    found = await session.execute(
        select(FeedItem.feed_id, func.count())
        .where(FeedItem.feed_id.in_(feed_ids), FeedItem.fate == "suggested", FeedItem.seen_at > since)
        .group_by(FeedItem.feed_id)
    )
    return {feed_id: number for feed_id, number in found}  # noqa: C416 (mypy knows the rows' types this way)


async def over_since(session: AsyncSession, since: datetime) -> list[tuple[int, str, str]]:
    """What was beyond the day's cards since then: the number and the title of its feed, and its own title, in the order it came."""
    rows = await session.execute(
        select(Feed.id, func.coalesce(func.nullif(Feed.title, ""), Feed.host), FeedItem.title)
        .join(Feed, FeedItem.feed_id == Feed.id)
        .where(FeedItem.fate == "over", FeedItem.seen_at > since, Feed.state.in_(FOLLOWED))
        .order_by(FeedItem.id)
        .limit(FRONT * 5)
    )
    return [(number, feed, title) for number, feed, title in rows]


async def count_over(session: AsyncSession, feed_id: int, since: datetime) -> int:
    """How many items were beyond a feed's day lately."""
    found = await session.scalar(
        select(func.count()).where(FeedItem.feed_id == feed_id, FeedItem.fate == "over", FeedItem.seen_at > since)
    )
    return found or 0


async def oldest_over(session: AsyncSession, feed_id: int, since: datetime, limit: int) -> list[FeedItem]:
    """Items that were beyond a feed's day lately, in the order they came."""
    return list(
        await session.scalars(
            select(FeedItem)
            .where(FeedItem.feed_id == feed_id, FeedItem.fate == "over", FeedItem.seen_at > since)
            .order_by(FeedItem.id)
            .limit(limit)
            .with_for_update()
        )
    )
