"""Writes down what a visit to a feed brought: the verdict, the items with their suggestions, the validator. All in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import AddressError, canonical
from bot.catalog.entry import Catalog
from bot.curation.intake import address_key
from bot.failpoints import FEED_ITEMS, reach
from bot.feeds.decide import Standing, Verdict, Visit, host_in_trouble, host_of, host_pause, judge
from bot.feeds.item import Parsed
from bot.feeds.notices import tell
from bot.feeds.take import DAY, Before, take_items
from bot.store import feeds
from bot.store.tables import Feed, FeedHost

log = structlog.get_logger("feeds")

EPOCH = datetime(1970, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A feed that this process visits, as its row was when it was claimed."""

    id: int
    url: str
    lease_until: datetime
    etag: str | None
    modified: str | None
    digest: str | None
    read_before: bool
    host_in_trouble: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a visit brought. `parsed` is there where the body changed; `settled_at` is the feed that a page led to."""

    feed: Claimed
    visit: Visit
    parsed: Parsed | None = None
    settled_at: str | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None


async def record(
    session: AsyncSession,
    catalog: Catalog,
    outcomes: Sequence[Outcome],
    chances: Sequence[float],
    owners: Sequence[tuple[str, str]],
) -> list[int]:
    """Write outcomes down; how many suggestions came of each. Nothing of one whose lease is another's by now."""
    with session.no_autoflush:  # each row is written once, at the end
        ours = await feeds.still_ours(session, {outcome.feed.id: outcome.feed.lease_until for outcome in outcomes})
        changed = [outcome.feed.id for outcome in outcomes if outcome.parsed and outcome.feed.id in ours]
        day_ago = min((outcome.visit.at for outcome in outcomes), default=EPOCH) - DAY
        before = Before(await feeds.items_of(session, changed), await feeds.cards_since(session, changed, day_ago))
        brought = [
            await _record(session, catalog, outcome, ours[outcome.feed.id], before, chance, owners)
            if outcome.feed.id in ours
            else 0
            for outcome, chance in zip(outcomes, chances, strict=True)
        ]
        await feeds.add_items(session, before.rows)
        if before.rows:
            reach(FEED_ITEMS)
        return brought


async def _record(
    session: AsyncSession,
    catalog: Catalog,
    outcome: Outcome,
    feed: Feed,
    already: Before,
    chance: float,
    owners: Sequence[tuple[str, str]],
) -> int:
    visit = replace(outcome.visit, ttl=outcome.visit.ttl or feed.ttl)  # a 304 does not repeat it
    before = Standing(feed.url, feed.failures, feed.failing_since, feed.moved_to, feed.moved_times)
    verdict = judge(before, visit, chance)
    feed.lease_until, feed.checked_at = None, visit.at
    feeds.set_columns(
        feed,
        next_at=verdict.next_at,
        failures=verdict.failures,
        failing_since=verdict.failing_since,
        problem=verdict.problem,
        moved_to=verdict.moved_to,
        moved_times=verdict.moved_times,
    )
    if not visit.went_well:
        await _after_failure(session, feed, verdict, visit.at, owners)
        return 0
    if feed.failing_told_at or feed.failures:
        feed.failing_told_at = None
    feed.success_at = visit.at
    if outcome.feed.host_in_trouble or before.failures:
        await feeds.host_recovered(session, feed.host)
    brought = 0
    if outcome.parsed is not None:
        if outcome.settled_at and not await _settle(session, feed, outcome.settled_at):
            return 0
        brought = await take_items(session, catalog, feed, outcome.parsed, already, visit.at)
        feed.etag, feed.modified, feed.digest = outcome.etag, outcome.modified, outcome.digest
    elif visit.status == 304:  # a server may give a new validator for the same thing
        feed.etag, feed.modified = outcome.etag or feed.etag, outcome.modified or feed.modified
    else:
        feed.etag, feed.modified = outcome.etag, outcome.modified
    if verdict.url:
        await _settle(session, feed, verdict.url)
    return brought


async def _after_failure(
    session: AsyncSession, feed: Feed, verdict: Verdict, now: datetime, owners: Sequence[tuple[str, str]]
) -> None:
    log.info("feed.failed", feed=feed.id, problem=verdict.problem, failures=verdict.failures)
    if verdict.gone:
        feed.state = "gone"
        await tell(
            session, owners, "feed_news.gone", str(feed.id), {"feed": feed.id, "title": feed.title or feed.url}, now
        )
        return
    await session.flush()
    if host_in_trouble(*await feeds.host_count(session, feed.host)):
        await _rest_host(session, feed.host, now)


async def _rest_host(session: AsyncSession, name: str, now: datetime) -> None:
    """Leave a host alone for a while; what else is due there waits."""
    host = await feeds.host(session, name)
    if host is None:
        log.warning("feed.host_in_trouble", host=name)
        host = FeedHost(host=name, failures=0, failing_since=now, paused_until=now)
        session.add(host)
    if host.paused_until <= now:
        host.failures += 1
        host.paused_until = now + host_pause(host.failures)


async def _settle(session: AsyncSession, feed: Feed, url: str) -> bool:
    """The feed lives at another address from now on. If we follow that one already, this one ends; False then."""
    try:
        key = address_key(canonical(url))
    except AddressError:
        return True  # an address that we fetched and yet cannot keep: all stays as it was
    if await feeds.url_is_taken(session, key, feed.id):
        log.warning("feed.doubled", feed=feed.id)
        feed.state, feed.problem = "doubled", "doubled"
        return False
    log.info("feed.moved", feed=feed.id)
    feed.url, feed.url_key, feed.host = url, key, host_of(url)
    return True
