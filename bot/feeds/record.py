"""Writes down what a visit to a feed brought: the verdict, the items with their suggestions, the validator. All in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import AddressError, canonical
from bot.catalog.entry import Catalog
from bot.curation.intake import address_key
from bot.failpoints import FEED_ITEMS, reach
from bot.feeds.decide import FeedStanding, FeedVisit, Verdict, host_in_trouble, host_of, host_pause, judge
from bot.feeds.item import Parsed
from bot.feeds.notices import tell
from bot.feeds.take import DAY, Basket, hand_in, take_items
from bot.states import FeedState
from bot.store import feed_items, feed_visits, feeds
from bot.store.tables import Feed, FeedHost

log = structlog.get_logger("feeds")


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """What a visit brought. `parsed` is there where the body changed; `settled_at` is the feed that a page led to."""

    feed: feed_visits.ClaimedFeed
    visit: FeedVisit
    parsed: Parsed | None = None
    settled_at: str | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None

    @property
    def is_quiet(self) -> bool:
        """Most visits are like this: all is well, as it was before, and there is nothing new. One row changes."""
        calm = not self.feed.failures and not self.feed.host_in_trouble
        return calm and self.visit.went_well and self.parsed is None


async def record(
    session: AsyncSession,
    catalog: Catalog,
    outcomes: Sequence[FeedOutcome],
    chances: Sequence[float],
    owners: Sequence[tuple[str, str]],
) -> int:
    """Write outcomes down; how many suggestions came of them. Nothing of one whose lease is another's by now."""
    quiet: list[dict[str, Any]] = []
    others: list[tuple[FeedOutcome, Verdict]] = []
    for outcome, chance in zip(outcomes, chances, strict=True):
        verdict = _judge(outcome, chance)
        if outcome.is_quiet and verdict.url is None:
            quiet.append(_quiet_row(outcome, verdict))
        else:
            others.append((outcome, verdict))
    await feed_visits.nothing_new(session, quiet)
    return await _record_all(session, catalog, others, owners) if others else 0


def _judge(outcome: FeedOutcome, chance: float) -> Verdict:
    feed = outcome.feed
    before = FeedStanding(feed.url, feed.failures, feed.failing_since, feed.moved_to, feed.moved_times)
    visit = replace(outcome.visit, ttl=outcome.visit.ttl or feed.ttl)  # a 304 does not repeat it
    return judge(before, visit, chance)


def _quiet_row(outcome: FeedOutcome, verdict: Verdict) -> dict[str, Any]:
    etag, modified = _validators(outcome)
    return {
        "feed": outcome.feed.id,
        "lease": outcome.feed.lease_until,
        "checked_at": outcome.visit.at,
        "success_at": outcome.visit.at,
        "next_at": verdict.next_at,
        "moved_to": verdict.moved_to,
        "moved_times": verdict.moved_times,
        "etag": etag,
        "modified": modified,
    }


def _validators(outcome: FeedOutcome) -> tuple[str | None, str | None]:
    """What to send the next time. With 304 a server may give a new validator for the same thing, or none at all."""
    if outcome.visit.status == 304:
        return outcome.etag or outcome.feed.etag, outcome.modified or outcome.feed.modified
    return outcome.etag, outcome.modified


async def _record_all(
    session: AsyncSession,
    catalog: Catalog,
    outcomes: Sequence[tuple[FeedOutcome, Verdict]],
    owners: Sequence[tuple[str, str]],
) -> int:
    with session.no_autoflush:  # each row is written once, at the end
        ours = await feed_visits.still_ours(
            session, {outcome.feed.id: outcome.feed.lease_until for outcome, _ in outcomes}
        )
        changed = [outcome.feed.id for outcome, _ in outcomes if outcome.parsed and outcome.feed.id in ours]
        day_ago = min(outcome.visit.at for outcome, _ in outcomes) - DAY
        basket = Basket(
            await feed_items.known_of(session, changed), await feed_items.cards_since(session, changed, day_ago)
        )
        for outcome, verdict in outcomes:
            if feed := ours.get(outcome.feed.id):
                await _record(session, outcome, verdict, feed, basket, owners)
                await asyncio.sleep(0)  # to compare the items of many feeds takes a while, and others wait for the loop
        brought = await hand_in(session, catalog, basket, max(outcome.visit.at for outcome, _ in outcomes))
        await feed_items.add(session, basket.rows)
        if basket.rows:
            reach(FEED_ITEMS)
        return brought


async def _record(
    session: AsyncSession,
    outcome: FeedOutcome,
    verdict: Verdict,
    feed: Feed,
    basket: Basket,
    owners: Sequence[tuple[str, str]],
) -> None:
    visit = outcome.visit
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
        return
    feed.failing_told_at, feed.success_at = None, visit.at
    if outcome.feed.host_in_trouble or outcome.feed.failures:
        await feeds.host_recovered(session, feed.host)
    if outcome.parsed is not None:
        if outcome.settled_at and not await _settle(session, feed, outcome.settled_at):
            return
        await take_items(session, feed, outcome.parsed, basket, visit.at)
        feed.digest = outcome.digest
    feed.etag, feed.modified = _validators(outcome)
    if verdict.url:
        await _settle(session, feed, verdict.url)


async def _after_failure(
    session: AsyncSession, feed: Feed, verdict: Verdict, now: datetime, owners: Sequence[tuple[str, str]]
) -> None:
    log.info("feed.failed", feed=feed.id, problem=verdict.problem, failures=verdict.failures)
    if verdict.gone:
        feed.state = FeedState.GONE
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
        feed.state, feed.problem = FeedState.DOUBLED, "doubled"
        return False
    log.info("feed.moved", feed=feed.id)
    feed.url, feed.url_key, feed.host = url, key, host_of(url)
    return True
