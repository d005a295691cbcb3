"""Looks whether a feed went silent, fails for long, or brings nothing anybody wants; curators hear it once, not daily."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds.decide import failed_long, is_quiet
from bot.feeds.notices import tell
from bot.store import feeds
from bot.store.tables import Feed

NEVER = 10
"""From how many refusals without one approval a feed is proposed for removal."""
ONCE_A = timedelta(hours=1)


async def watch(session: AsyncSession, owners: Sequence[tuple[str, str]], now: datetime) -> None:
    """Look at every feed; what is told is marked on its row in the same transaction."""
    for host in await feeds.long_in_trouble(session):
        if failed_long(host.failing_since, now):
            host.told_at = now
            failing, count = await feeds.host_count(session, host.host)
            await tell(
                session, owners, "feed_news.host", host.host, {"host": host.host, "n": failing, "all": count}, now
            )
    in_trouble = await feeds.hosts_in_trouble(session)
    active = await feeds.all_of(session, ("active",))
    for feed in active:
        if feed.failing_told_at is None and feed.host not in in_trouble and failed_long(feed.failing_since, now):
            feed.failing_told_at = now
            await tell(
                session, owners, "feed_news.failing", str(feed.id), {**_facts(feed), "problem": feed.problem or ""}, now
            )
        gap = timedelta(seconds=feed.gap) if feed.gap else None
        if feed.quiet_told_at is None and not feed.failures and is_quiet(feed.news_at, gap, now):
            feed.quiet_told_at = now
            days = (now - (feed.news_at or now)).days
            await tell(session, owners, "feed_news.quiet", str(feed.id), {**_facts(feed), "n": days}, now)
    await _propose_removals(session, owners, active, now)


async def _propose_removals(
    session: AsyncSession, owners: Sequence[tuple[str, str]], active: Sequence[Feed], now: datetime
) -> None:
    unasked = {feed.id: feed for feed in active if feed.removal_told_at is None}
    for feed_id, known in (await feeds.reputations(session, unasked)).items():
        if known.rejected >= NEVER and not known.approved:
            feed = unasked[feed_id]
            feed.removal_told_at = now
            await tell(session, owners, "feed_news.removal", str(feed.id), {**_facts(feed), "n": known.rejected}, now)


def _facts(feed: Feed) -> dict[str, str | int]:
    return {"feed": feed.id, "title": feed.title or feed.url}
