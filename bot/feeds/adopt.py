"""Brings the table of feeds to the catalog's list: what is new there is followed, what is gone is dropped, what a curator did stays."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import canonical
from bot.catalog.entry import Feed as Entry
from bot.curation.intake import address_key
from bot.feeds.decide import host_of
from bot.feeds.discover import known_feeds
from bot.feeds.opml import Outline
from bot.store import feeds
from bot.store.tables import Feed

CATALOG, CHAT = "catalog", "chat"


async def adopt_feeds(session: AsyncSession, entries: Iterable[Entry], now: datetime) -> None:
    """Follow the catalog's feeds. One that a curator unfollowed or paused in the chat stays so."""
    listed: set[int] = set()
    for entry in entries:
        key = address_key(canonical(entry.url))
        feed = await feeds.find_by_key(session, key)
        if feed is None:
            feed = await _add(session, entry, key, CATALOG, now)
        elif feed.state == "dropped":
            feed.state, feed.next_at = "active", now
        if feed.origin == CATALOG:
            feed.title, feed.topic, feed.minutes = entry.title, entry.topic, entry.minutes
            feed.kind, feed.language = entry.kind, entry.language or feed.language
        listed.add(feed.id)
    for feed in await feeds.all_of(session):
        if feed.origin == CATALOG and feed.id not in listed:
            feed.state = "dropped"


async def import_feeds(
    session: AsyncSession, outlines: Iterable[Outline], topics: Container[str], topic: str | None, now: datetime
) -> int:
    """Follow the feeds of somebody's list; how many are new. A category that is a topic of ours becomes theirs."""
    added = 0
    for outline in outlines:
        key = address_key(canonical(outline.url))
        feed = await feeds.find_by_key(session, key)
        if feed is None:
            feed = await _add(session, outline, key, CHAT, now)
        elif feed.state in feeds.FOLLOWED:
            continue
        feed.state, feed.next_at = "active", now
        feed.topic = outline.folder if outline.folder in topics else feed.topic or topic
        added += 1
    return added


async def _add(session: AsyncSession, entry: Entry | Outline, key: str, origin: str, now: datetime) -> Feed:
    url = entry.url
    for better in known_feeds(entry.url)[:1]:  # the page of a channel says nothing that its address does not
        if not await feeds.url_is_taken(session, address_key(canonical(better)), 0):
            url = better
    return await feeds.add(
        session,
        given_key=key,
        url_key=address_key(canonical(url)),
        url=url,
        host=host_of(url),
        title=entry.title,
        origin=origin,
        added_at=now,
        next_at=now,
    )
