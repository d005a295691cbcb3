"""Takes what a feed published in: each item once, as a suggestion where curators should see it. One transaction, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.curation.intake import FromFeed, New, TakenAs, take_in
from bot.feeds.decide import usual_gap
from bot.feeds.filters import Filter, why_hidden
from bot.feeds.identity import Habits, Traits, find_news, key_of, traits_of
from bot.feeds.item import Item, Parsed
from bot.store import feeds
from bot.store.tables import Feed, FeedItem

log = structlog.get_logger("feeds")

DAY = timedelta(days=1)
FATES = {TakenAs.NEW: "suggested", TakenAs.SECOND_VOICE: "suggested", TakenAs.NOT_A_LINK: "no_link"}
"""What becomes of an item by what the queue says of its link; `known` of every other."""
LETTERS_A_MINUTE = 1100
FULL_TEXT = 3000
"""From how many letters on a text is taken for the whole article, and its length for a measure of the reading."""
KINDS = {"youtube.com": "video", "arxiv.org": "paper", "github.com": "repo", "reddit.com": "thread"}


@dataclass(slots=True)
class Before:
    """What the database held of several feeds, looked up at once; and, at the end, the items that are to be written."""

    known: Mapping[int, Sequence[feeds.Digests]]
    cards: Mapping[int, int]
    rows: list[dict[str, Any]] = field(default_factory=list)


async def take_items(
    session: AsyncSession, catalog: Catalog, feed: Feed, parsed: Parsed, before: Before, now: datetime
) -> int:
    """Gather every item that is new, and bring the curators those they want to see; how many that were."""
    first = feed.read_at is None
    known = [Traits(*digests) for digests in before.known[feed.id]]
    habits = Habits(feed.ids_repeat, feed.links_repeat)
    news = find_news(parsed.items, known, habits, parsed.site, first=first)
    feed.ids_repeat, feed.links_repeat = news.habits.ids_repeat, news.habits.links_repeat
    if news.renewed:
        log.warning("feed.renewed", feed=feed.id)
    keep = _Keeper(before.rows, feed, parsed, news.habits, now)
    for item in reversed(news.held_back):
        keep.add(item, "old" if first else "over")
    room = max(0, feed.most_a_day - before.cards.get(feed.id, 0))
    brought = await _bring(session, catalog, feed, parsed, news.new, room, keep, now)
    if news.new:
        feed.news_at, feed.quiet_told_at = now, None
    gap = usual_gap([item.published for item in parsed.items if item.published])
    gap = gap or usual_gap(await feeds.dates_of(session, feed.id))  # a feed may show only its last item or two
    feed.gap = int(gap.total_seconds()) if gap else None
    feed.read_at = feed.read_at or now
    feed.title = feed.title or parsed.title
    feed.site, feed.ttl = parsed.site, parsed.minutes
    feed.language = feed.language or _language(parsed.language)
    return brought


async def _bring(
    session: AsyncSession,
    catalog: Catalog,
    feed: Feed,
    parsed: Parsed,
    new: Sequence[Item],
    room: int,
    keep: _Keeper,
    now: datetime,
) -> int:
    """Make suggestions of what is wanted: the newest first while the day has room, written down in the order they came."""
    wanted = Filter(tuple(feed.include), tuple(feed.exclude), feed.shortest)
    hidden = {item: why_hidden(item, wanted) for item in new}
    shown = [item for item in new if hidden[item] is None]
    with_room = set(shown[max(0, len(shown) - room) :])
    brought = 0
    for item in new:
        if hidden[item]:
            keep.add(item, "hidden", word=hidden[item])
        elif item.link is None:
            keep.add(item, "no_link")
        elif item not in with_room:
            keep.add(item, "over")
        else:
            taken = await take_in(session, catalog, suggestion_of(feed, parsed, item, item.link), now)
            keep.add(item, FATES.get(taken.kind, "known"), suggestion_id=taken.suggestion_id)
            brought += taken.kind in FATES
    return brought


def suggestion_of(feed: Feed, parsed: Parsed | None, item: Item, link: str) -> New:
    """An item as the queue takes it, with all that the feed says about it."""
    facts: dict[str, Any] = {
        "author": item.author or None,
        "published": f"{item.published:%Y-%m-%d}" if item.published else None,
        "language": feed.language or (_language(parsed.language) if parsed else None),
        "kind": feed.kind or _kind(feed.host, item),
        "minutes": _minutes(feed, item),
        "topic": feed.topic,
    }
    return New(
        url=link,
        source=FromFeed(feeds.voice_of(feed.id), feed.title or feed.host),
        why=item.summary,
        title=item.title,
        facts={name: fact for name, fact in facts.items() if fact},
    )


class _Keeper:
    """Gathers what is to be written down of items."""

    def __init__(self, rows: list[dict[str, Any]], feed: Feed, parsed: Parsed, habits: Habits, now: datetime) -> None:
        self._rows, self._feed, self._site, self._habits, self._now = rows, feed, parsed.site, habits, now

    def add(self, item: Item, fate: str, *, word: str | None = None, suggestion_id: int | None = None) -> None:
        """One row, whatever becomes of the item."""
        traits = traits_of(item, self._site)
        self._rows.append(
            {
                "feed_id": self._feed.id,
                "key": key_of(traits, self._habits),
                "id_digest": traits.id,
                "link_digest": traits.link,
                "title_digest": traits.title,
                "dated_digest": traits.dated,
                "title": item.title,
                "link": item.link,
                "summary": item.summary,
                "letters": item.letters,
                "seconds": item.seconds,
                "published_at": item.published,
                "seen_at": self._now,
                "fate": fate,
                "word": word,
                "suggestion_id": suggestion_id,
            }
        )


def item_of(row: FeedItem) -> Item:
    """A row as the item it was."""
    return Item(None, row.link, row.title, row.published_at, row.summary, row.letters, "", row.seconds)


def _minutes(feed: Feed, item: Item) -> int | None:
    if item.seconds:
        return max(1, round(item.seconds / 60))
    if item.letters >= FULL_TEXT:
        return max(1, round(item.letters / LETTERS_A_MINUTE))
    return feed.minutes


def _kind(host: str, item: Item) -> str | None:
    if item.seconds:
        return "podcast"
    return next((kind for site, kind in KINDS.items() if host == site or host.endswith(f".{site}")), None)


def _language(stated: str | None) -> str | None:
    """`en` of `en-US`: a catalog names languages by two letters."""
    code = (stated or "")[:2].lower()
    return code if len(code) == 2 and code.isalpha() and code.isascii() else None
