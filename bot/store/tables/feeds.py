"""The feeds we follow, what each published, hosts in trouble, and what curators asked us to look for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import FeedSearchState, FeedState
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, one_of


class Feed(Base):
    """A feed that fills the queue.

    `given_key` is a digest of the address people gave (a page, perhaps), `url` the address that is fetched, `url_key` its digest.
    `draft` is a filter whose effect a curator was shown and has not kept yet. `etag` and `modified` go back to the server as they came.
    `read_at` is when it first gave items, `news_at` when it last gave a new one, `gap` the usual seconds in between. `…_told_at` is when
    the curators heard of it, None when there is nothing they have not heard of.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        UniqueConstraint("given_key"),
        UniqueConstraint("url_key"),
        Index("ix_feeds_next", "state", "next_at"),
        Index("ix_feeds_host", "host"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    given_key: Mapped[str] = mapped_column(String(32))
    url_key: Mapped[str] = mapped_column(String(32))
    url: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(Text)
    site: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(12))
    minutes: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(8))
    state: Mapped[FeedState] = mapped_column(one_of(FeedState, 12), default=FeedState.ACTIVE)
    added_at: Mapped[datetime]

    include: Mapped[list[str]] = mapped_column(JSON, default=list)
    exclude: Mapped[list[str]] = mapped_column(JSON, default=list)
    shortest: Mapped[int] = mapped_column(default=0)
    most_a_day: Mapped[int] = mapped_column(default=5)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    success_at: Mapped[datetime | None]
    etag: Mapped[str | None] = mapped_column(Text)
    modified: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str | None] = mapped_column(String(32))
    ttl: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(24))
    moved_to: Mapped[str | None] = mapped_column(Text)
    moved_times: Mapped[int] = mapped_column(default=0)

    read_at: Mapped[datetime | None]
    news_at: Mapped[datetime | None]
    gap: Mapped[int | None]
    ids_repeat: Mapped[bool] = mapped_column(default=False)
    links_repeat: Mapped[bool] = mapped_column(default=False)
    quiet_told_at: Mapped[datetime | None]
    failing_told_at: Mapped[datetime | None]
    removal_told_at: Mapped[datetime | None]


class FeedItem(Base):
    """Something a feed published, known for a year, its newest for good: what is deleted there and comes back is no news.

    `fate` is suggested, known (the catalog or the queue had it), hidden (`word` says why), over (beyond the day's cards), old (there
    when the feed was first read) or no_link. The digests are the traits by which it is recognised. `suggestion_id` is no foreign key:
    what a site published is nothing about the curator who decided on it.
    """

    __tablename__ = "feed_items"
    __table_args__ = (UniqueConstraint("feed_id", "key"), Index("ix_feed_items_seen", "feed_id", "seen_at"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(40))
    id_digest: Mapped[str | None] = mapped_column(String(32))
    link_digest: Mapped[str | None] = mapped_column(String(32))
    title_digest: Mapped[str | None] = mapped_column(String(32))
    dated_digest: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    letters: Mapped[int]
    seconds: Mapped[int | None]
    published_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    fate: Mapped[str] = mapped_column(String(12))
    word: Mapped[str | None] = mapped_column(String(40))
    suggestion_id: Mapped[int | None] = mapped_column(BigInteger)


class FeedHost(Base):
    """A host more than half of whose feeds fail: left alone until `paused_until`, then tried with one of them."""

    __tablename__ = "feed_hosts"

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime]
    paused_until: Mapped[datetime]
    told_at: Mapped[datetime | None]


class FeedSearch(Base):
    """An address in which a curator wants a feed found. `found` is what there is, with a few items of each, once it was looked for."""

    __tablename__ = "feed_searches"
    __table_args__ = (Index("ix_feed_searches_waiting", "state", "made_at"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str] = mapped_column(String(12))
    chat: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str | None] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[FeedSearchState] = mapped_column(one_of(FeedSearchState, 8), default=FeedSearchState.WAITING)
    lease_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
