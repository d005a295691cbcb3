"""Looks whether a feed went silent, fails for long, or brings nothing anybody wants; curators hear it once, not daily."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.feeds.decide import FAILING_LONG, QUIET_AT_LEAST, failed_long, is_quiet
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
            failing, count = await feeds.host_count(session, host.host)
            if not count:
                await feeds.host_recovered(session, host.host)
                continue
            host.told_at = now
            await tell(
                session, owners, "feed_news.host", host.host, {"host": host.host, "n": failing, "all": count}, now
            )
    in_trouble = await feeds.hosts_in_trouble(session)
    for feed in await feeds.failing_since(session, now - FAILING_LONG):
        if feed.host not in in_trouble:
            feed.failing_told_at = now
            await tell(
                session, owners, "feed_news.failing", str(feed.id), {**_facts(feed), "problem": feed.problem or ""}, now
            )
    for feed in await feeds.nothing_since(session, now - QUIET_AT_LEAST):
        if is_quiet(feed.news_at, timedelta(seconds=feed.gap or 0), now):
            feed.quiet_told_at = now
            days = (now - (feed.news_at or now)).days
            await tell(session, owners, "feed_news.quiet", str(feed.id), {**_facts(feed), "n": days}, now)
    for feed, refused in await feeds.only_refused(session, NEVER):
        feed.removal_told_at = now
        await tell(session, owners, "feed_news.removal", str(feed.id), {**_facts(feed), "n": refused}, now)


def _facts(feed: Feed) -> dict[str, str | int]:
    return {"feed": feed.id, "title": feed.title or feed.url}
