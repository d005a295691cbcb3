"""Feeds, the hosts they are at, and what becomes of what they bring. What they published is in `feed_items.py`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import FeedState, SuggestionState
from bot.store.tables import AuditEntry, Feed, FeedHost, Suggestion, Voice

FOLLOWED = (FeedState.ACTIVE, FeedState.PAUSED, FeedState.GONE)
"""The states in which a feed stands in the list."""
AT_ONCE = 200
"""Keys of one question, of which a database takes only so many."""


@dataclass(frozen=True, slots=True)
class Reputation:
    """What became of what a feed brought."""

    approved: int = 0
    rejected: int = 0
    waiting: int = 0

    @property
    def decided(self) -> int:
        """How many a curator decided."""
        return self.approved + self.rejected

    @property
    def rate(self) -> int | None:
        """Of a hundred decided, how many were approved; None before the first."""
        return round(100 * self.approved / self.decided) if self.decided else None


async def find(session: AsyncSession, feed_id: int) -> Feed | None:
    """A feed by its number, its row locked."""
    return await session.get(Feed, feed_id, with_for_update=True)


async def add(session: AsyncSession, **columns: Any) -> Feed:
    """A new feed."""
    feed = Feed(**columns)
    session.add(feed)
    await session.flush()
    return feed


async def find_by_key(session: AsyncSession, key: str) -> Feed | None:
    """A feed by the digest of an address: the one people gave or the one that is fetched."""
    return await session.scalar(select(Feed).where(or_(Feed.given_key == key, Feed.url_key == key)).limit(1))


async def find_by_keys(session: AsyncSession, keys: Collection[str]) -> dict[str, Feed]:
    """Feeds by the digests of addresses, under each of their keys that was asked for."""
    found: dict[str, Feed] = {}
    asked = list(keys)
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for feed in await session.scalars(select(Feed).where(or_(Feed.given_key.in_(some), Feed.url_key.in_(some)))):
            found |= {feed.given_key: feed, feed.url_key: feed}
    return found


async def count_followed(session: AsyncSession) -> int:
    """How many feeds stand in the list."""
    return await session.scalar(select(func.count()).select_from(Feed).where(Feed.state.in_(FOLLOWED))) or 0


async def count_visited(session: AsyncSession) -> tuple[int, int, int]:
    """How many feeds are visited, how many of them did not answer the last time, and how many were never read so far."""
    failing = func.coalesce(func.sum(case((Feed.failures > 0, 1), else_=0)), 0)
    unread = func.coalesce(func.sum(case((Feed.failures > 0, 0), (Feed.read_at.is_(None), 1), else_=0)), 0)
    counted = select(func.count(), failing, unread).where(Feed.state == FeedState.ACTIVE)
    visited, failed, new = (await session.execute(counted)).one()
    return visited, int(failed), int(new)


async def all_of(session: AsyncSession, states: Collection[FeedState] = FOLLOWED) -> list[Feed]:
    """Every feed in these states, by number."""
    return list(await session.scalars(select(Feed).where(Feed.state.in_(states)).order_by(Feed.id)))


async def host_count(session: AsyncSession, host: str) -> tuple[int, int]:
    """How many feeds of a host fail, and how many there are."""
    row = await session.execute(
        select(func.coalesce(func.sum(case((Feed.failures > 0, 1), else_=0)), 0), func.count()).where(
            Feed.host == host, Feed.state == FeedState.ACTIVE
        )
    )
    failing, count = row.one()
    return int(failing), int(count)


async def host(session: AsyncSession, name: str) -> FeedHost | None:
    """A host in trouble."""
    return await session.get(FeedHost, name)


async def hosts_in_trouble(session: AsyncSession) -> set[str]:
    """The hosts that are left alone, or tried with one feed."""
    return set(await session.scalars(select(FeedHost.host)))


async def long_in_trouble(session: AsyncSession) -> list[FeedHost]:
    """Hosts in trouble of which nobody heard yet."""
    return list(await session.scalars(select(FeedHost).where(FeedHost.told_at.is_(None)).with_for_update()))


async def host_recovered(session: AsyncSession, name: str) -> None:
    """A host answers again, or none of our feeds is there any more."""
    await session.execute(delete(FeedHost).where(FeedHost.host == name))


async def failing_since(session: AsyncSession, since: datetime) -> list[Feed]:
    """Feeds that have failed since before then, of which nobody heard yet."""
    return list(
        await session.scalars(
            select(Feed)
            .where(Feed.state == FeedState.ACTIVE, Feed.failing_told_at.is_(None), Feed.failing_since <= since)
            .order_by(Feed.id)
        )
    )


async def nothing_since(session: AsyncSession, since: datetime) -> list[Feed]:
    """Feeds with a usual gap that answer and have given nothing new since then, of which nobody heard yet."""
    return list(
        await session.scalars(
            select(Feed)
            .where(
                Feed.state == FeedState.ACTIVE,
                Feed.quiet_told_at.is_(None),
                Feed.failures == 0,
                Feed.gap.is_not(None),
                Feed.news_at < since,
            )
            .order_by(Feed.id)
        )
    )


async def only_refused(session: AsyncSession, times: int) -> list[tuple[Feed, int]]:
    """Feeds of which so many suggestions were refused and none approved, with how many; those whose removal was not proposed yet."""
    refused = func.sum(case((Suggestion.state == SuggestionState.REJECTED, 1), else_=0))
    approved = func.sum(case((Suggestion.state == SuggestionState.APPROVED, 1), else_=0))
    rows = await session.execute(
        select(Voice.feed, refused)
        .join(Suggestion, Voice.suggestion_id == Suggestion.id)
        .where(Voice.feed.startswith("feed:"))
        .group_by(Voice.feed)
        .having(refused >= times, approved == 0)
    )
    counted = {int(str(name).removeprefix("feed:")): int(number) for name, number in rows}
    found = await session.scalars(
        select(Feed)
        .where(Feed.id.in_(counted), Feed.state == FeedState.ACTIVE, Feed.removal_told_at.is_(None))
        .order_by(Feed.id)
    )
    return [(feed, counted[feed.id]) for feed in found]


async def reputations(session: AsyncSession, feed_ids: Iterable[int]) -> dict[int, Reputation]:
    """What became of what each feed brought."""
    names = {voice_of(feed_id): feed_id for feed_id in feed_ids}
    rows = await session.execute(
        select(Voice.feed, Suggestion.state, func.count())
        .join(Suggestion, Voice.suggestion_id == Suggestion.id)
        .where(Voice.feed.in_(names))
        .group_by(Voice.feed, Suggestion.state)
    )
    counted: dict[int, Counter[SuggestionState]] = {feed_id: Counter() for feed_id in names.values()}
    for name, state, number in rows:
        counted[names[str(name)]][state] = number
    return {
        feed_id: Reputation(
            approved=found[SuggestionState.APPROVED],
            rejected=found[SuggestionState.REJECTED],
            waiting=found[SuggestionState.WAITING],
        )
        for feed_id, found in counted.items()
    }


def voice_of(feed_id: int) -> str:
    """How a feed is called among those who bring suggestions."""
    return f"feed:{feed_id}"


async def url_is_taken(session: AsyncSession, key: str, but: int) -> bool:
    """Does another feed have that address?"""
    return bool(
        await session.scalar(select(exists().where(or_(Feed.url_key == key, Feed.given_key == key), Feed.id != but)))
    )


async def given_topics(session: AsyncSession) -> set[int]:
    """The feeds to which a curator gave a topic in the chat."""
    named = await session.scalars(select(AuditEntry.about).where(AuditEntry.did == "feed_topic").distinct())
    return {int(about.removeprefix("feed:")) for about in named}


def audit(
    session: AsyncSession, person_id: int | None, did: str, feed_id: int, now: datetime, after: dict[str, Any]
) -> None:
    """Write down who did what to a feed."""
    session.add(AuditEntry(at=now, by_id=person_id, did=did, about=voice_of(feed_id), before={}, after=after))


def set_columns(row: Any, **values: Any) -> None:
    """Set several columns of a row."""
    for name, value in values.items():
        setattr(row, name, value)
