"""Takes what a feed published in: each item once, as a suggestion where curators should see it. One transaction, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.catalog.kinds import Language
from bot.curation.intake import FromFeed, New, TakenAs, take_all_in
from bot.feeds.decide import usual_gap
from bot.feeds.filters import Filter, why_hidden
from bot.feeds.identity import Habits, Traits, find_news, key_of, traits_of
from bot.feeds.item import Item, Parsed
from bot.store import feed_items, feeds
from bot.store.tables import Feed, FeedItem

log = structlog.get_logger("feeds")

DAY = timedelta(days=1)
FATES = {
    TakenAs.NEW: "suggested",
    TakenAs.SECOND_VOICE: "suggested",
    TakenAs.NOT_A_LINK: "no_link",
    TakenAs.PRIVATE: "no_link",
}
"""What becomes of an item by what the queue says of its link; `known` of every other."""
LETTERS_A_MINUTE = 1100
FULL_TEXT = 3000
"""From how many letters on a text is taken for the whole article, and its length for a measure of the reading."""
KINDS = {"youtube.com": "video", "arxiv.org": "paper", "github.com": "repo", "reddit.com": "thread"}


@dataclass(slots=True)
class Basket:
    """Several feeds at once: what the database held of each; then the items to be written, and which of them curators should see."""

    known: Mapping[int, Sequence[feed_items.Digests]]
    cards: Mapping[int, int]
    rows: list[dict[str, Any]] = field(default_factory=list)
    wanted: list[tuple[dict[str, Any], New]] = field(default_factory=list)


async def take_items(session: AsyncSession, feed: Feed, parsed: Parsed, basket: Basket, now: datetime) -> None:
    """Gather every item that is new, and what is to be brought to the curators."""
    first = feed.read_at is None
    known = [Traits(*digests) for digests in basket.known[feed.id]]
    habits = Habits(feed.ids_repeat, feed.links_repeat)
    news = find_news(parsed.items, known, habits, parsed.site, first=first)
    feed.ids_repeat, feed.links_repeat = news.habits.ids_repeat, news.habits.links_repeat
    if news.renewed:
        log.warning("feed.renewed", feed=feed.id)
    keep = _Keeper(basket, feed, parsed, news.habits, now)
    for item in reversed(news.held_back):
        keep.add(item, "old" if first else "over")
    _choose(feed, parsed, news.new, max(0, feed.most_a_day - basket.cards.get(feed.id, 0)), keep)
    if news.new:
        feed.news_at, feed.quiet_told_at = now, None
    gap = usual_gap([item.published for item in parsed.items if item.published])
    if gap is None:  # a feed may show only its last item or two
        gap = usual_gap(await feed_items.dates_of(session, feed.id))
    feed.gap = int(gap.total_seconds()) if gap else None
    feed.read_at = feed.read_at or now
    feed.title = feed.title or parsed.title
    feed.site, feed.ttl = parsed.site, parsed.minutes
    feed.language = feed.language or _language(parsed.language)


def _choose(feed: Feed, parsed: Parsed, new: Sequence[Item], room: int, keep: _Keeper) -> None:
    """Choose what curators see: the newest first while the day has room, written down in the order they came."""
    wanted = Filter(tuple(feed.include), tuple(feed.exclude), feed.shortest)
    hidden = {item: why_hidden(item, wanted) for item in new}
    shown = [item for item in new if hidden[item] is None]
    with_room = set(shown[max(0, len(shown) - room) :])
    for item in new:
        if hidden[item]:
            keep.add(item, "hidden", word=hidden[item])
        elif item.link is None:
            keep.add(item, "no_link")
        elif item not in with_room:
            keep.add(item, "over")
        else:
            keep.bring(item, suggestion_of(feed, parsed, item, item.link))


async def hand_in(session: AsyncSession, catalog: Catalog, basket: Basket, now: datetime) -> int:
    """Make suggestions of what is wanted; how many that were. Then each item knows what became of it."""
    taken = await take_all_in(session, catalog, [new for _, new in basket.wanted], now)
    for (row, _), one in zip(basket.wanted, taken, strict=True):
        row["fate"], row["suggestion_id"] = FATES.get(one.kind, "known"), one.suggestion_id
    return sum(one.kind in FATES for one in taken)


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

    def __init__(self, basket: Basket, feed: Feed, parsed: Parsed, habits: Habits, now: datetime) -> None:
        self._basket, self._feed, self._site, self._habits, self._now = basket, feed, parsed.site, habits, now

    def bring(self, item: Item, new: New) -> None:
        """One that curators should see; the queue says what becomes of it."""
        self._basket.wanted.append((self.add(item, "known"), new))

    def add(self, item: Item, fate: str, *, word: str | None = None) -> dict[str, Any]:
        """One row, whatever becomes of the item."""
        traits = traits_of(item, self._site)
        row = {
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
            "suggestion_id": None,
        }
        self._basket.rows.append(row)
        return row


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
    """`en` of `en-US`, if it is one of the languages that a catalog names."""
    code = (stated or "")[:2].lower()
    return code if code in set(Language) else None
