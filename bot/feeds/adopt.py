"""Brings the table of feeds to the catalog's list: what is new there is followed, what is gone is dropped, what a curator did stays."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import canonical
from bot.catalog.entry import Feed as Entry
from bot.curation.intake import address_key
from bot.feeds.decide import host_of
from bot.feeds.discover import known_feeds
from bot.feeds.opml import FeedList, Outline
from bot.states import FeedState
from bot.store import feeds
from bot.store.tables import Feed
from bot.web.fetch import why_refused

CATALOG, CHAT = "catalog", "chat"
MOST = 300
"""Feeds we follow; more is no curation."""
STAYS = (*feeds.FOLLOWED, FeedState.DOUBLED)
"""The states of a feed that somebody's list leaves as it is."""


async def adopt_feeds(session: AsyncSession, entries: Iterable[Entry], now: datetime) -> None:
    """Follow the catalog's feeds. One that a curator unfollowed or paused in the chat stays so, and keeps the topic they gave it."""
    listed: set[int] = set()
    given_topics = await feeds.given_topics(session)
    for entry in entries:
        key = address_key(canonical(entry.url))
        feed = await feeds.find_by_key(session, key)
        if feed is None:
            feed = await _add(session, entry, key, now)
        elif feed.state == FeedState.DROPPED:
            feed.state, feed.next_at = FeedState.ACTIVE, now
        if feed.origin == CATALOG:
            feed.title, feed.minutes = entry.title, entry.minutes
            feed.topic = feed.topic if feed.id in given_topics else entry.topic
            feed.kind, feed.language = entry.kind, entry.language or feed.language
        listed.add(feed.id)
    for feed in await feeds.all_of(session):
        if feed.origin == CATALOG and feed.id not in listed:
            feed.state = FeedState.DROPPED


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of somebody's list: how many are followed now, how many were before, and what was refused, each with the reason.

    `no_room` were more than we follow in all.
    """

    followed: int = 0
    known: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    no_room: int = 0


async def import_feeds(
    session: AsyncSession, handed_in: FeedList, topics: Container[str], topic: str | None, now: datetime
) -> Imported:
    """Follow the feeds of somebody's list. A category that is a topic of ours becomes theirs."""
    wanted: dict[str, Outline] = {}
    refused = [(address, "address") for address in handed_in.refused]
    for outline in handed_in.outlines:
        if reason := why_refused(outline.url):
            refused.append((outline.url, reason))
        else:
            wanted.setdefault(address_key(canonical(outline.url)), outline)
    room = MOST - await feeds.count_followed(session)
    there = await feeds.find_by_keys(session, wanted)
    known = followed = no_room = 0
    for key, outline in wanted.items():
        feed = there.get(key)
        if feed is not None and feed.state in STAYS:
            known += 1
        elif followed >= room:
            no_room += 1
        else:
            followed += 1
            _take_up(session, feed or _of_outline(outline, key, now), outline, topics, topic, now)
    await session.flush()
    return Imported(followed, known, tuple(refused), no_room + handed_in.more)


def _of_outline(outline: Outline, key: str, now: datetime) -> Feed:
    """A feed at the very address that the list gives, whatever better one its site may have."""
    return Feed(
        given_key=key,
        url_key=key,
        url=outline.url,
        host=host_of(outline.url),
        title=outline.title,
        origin=CHAT,
        added_at=now,
        next_at=now,
    )


def _take_up(
    session: AsyncSession, feed: Feed, outline: Outline, topics: Container[str], topic: str | None, now: datetime
) -> None:
    session.add(feed)
    feeds.set_columns(
        feed, state=FeedState.ACTIVE, origin=CHAT, next_at=now, failures=0, failing_since=None, problem=None
    )
    feed.topic = outline.folder if outline.folder in topics else feed.topic or topic


async def _add(session: AsyncSession, entry: Entry, key: str, now: datetime) -> Feed:
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
        origin=CATALOG,
        added_at=now,
        next_at=now,
    )
