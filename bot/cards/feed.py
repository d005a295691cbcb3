"""Feeds as curators see them: what a search found, the list, one feed, what a filter would hide, and the news about them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from bot.cards.names import topic_name
from bot.cards.pages import Page, page_rows
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Span, Text, lines, rows, shorten, unstyled
from bot.feeds.adopt import Imported
from bot.i18n.showing import show_date
from bot.i18n.words import Words
from bot.states import FeedState
from bot.store.feeds import Reputation
from bot.store.tables import Feed, FeedItem

LAST = 5
"""Items of a feed on its card."""
LONG = 90
WORST = (FeedState.GONE, FeedState.PAUSED)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """A feed with what its row does not hold."""

    feed: Feed
    known: Reputation
    items: Sequence[FeedItem] = ()
    over: int = 0


# ------------------------------------------------------------------------------------------------------------ a search


def search_message(words: Words, catalog: Catalog, facts: Mapping[str, Any], today: date) -> Message:
    """What a search found: one feed with its last items, several to choose from, or why there is none."""
    found = facts["found"]
    if not found:
        return words.message(_why_none(words, facts["problem"]), url=_short(facts["url"]))
    if len(found) == 1:
        return found_message(words, catalog, facts["search"], 0, found, facts["topic"], today)
    told: list[Text] = [words.text("follow.several", n=len(found)), ()]
    for place, one in enumerate(found, 1):
        newest = one["items"][0]["title"] if one["items"] else words.say("follow.nothing_yet")
        told.append((Span(f"{place} · "), Span(_name(one), bold=True)))
        told.append((Span(f"   {_short(newest)}", italic=True),))
    buttons = [Button(f"{place}", f"follow:{facts['search']}:{place - 1}") for place in range(1, len(found) + 1)]
    return Message(lines(*told), rows(buttons, 4))


def found_message(
    words: Words,
    catalog: Catalog,
    search: int,
    place: int,
    found: Sequence[Mapping[str, Any]],
    topic: str | None,
    today: date,
) -> Message:
    """One feed before it is followed."""
    one = found[place]
    told: list[Text] = [(Span(_name(one), bold=True), Span(f" · {_host(one['url'])}"))]
    told += [
        (Span("· "), Span(item["title"] or "…"), Span(_on(words, item["on"], today))) for item in one["items"]
    ] or [words.text("follow.nothing_yet")]
    told.append(
        words.text("follow.topic", topic=topic_name(catalog, words, topic)) if topic else words.text("follow.no_topic")
    )
    buttons = [Button(words.say("button.follow_feed"), f"follow:{search}:{place}:yes")]
    if len(found) > 1:
        buttons.append(Button(words.say("button.back"), f"follow:{search}:list"))
    buttons.append(Button(words.say("button.not_this"), f"follow:{search}:no"))
    return Message(lines(*told), rows(buttons, 3))


def _why_none(words: Words, problem: str) -> str:
    key = f"follow.none_{problem}"
    return key if words.has(key) else "follow.none_reached"


# ------------------------------------------------------------------------------------------------------------ the list


def list_message(words: Words, page: Page[FeedFacts], now: datetime) -> Message:
    """Every feed in two lines: how it is, and what became of what it brought."""
    if not page.total:
        return words.message("feeds.empty")
    told: list[Text] = [words.text("feeds.head", n=page.total)]
    for facts in page.items:
        feed = facts.feed
        told.append((Span(f"#{feed.id} "), Span(_short(feed.title or _host(feed.url), 50), bold=True)))
        told.append((Span(f"   {' · '.join(filter(None, (health(words, feed, now), record(words, facts.known))))}"),))
    return Message(
        lines(*told),
        page_rows(words, page, lambda facts: f"feed:{facts.feed.id}", lambda number: f"feeds:{number}"),
    )


def health(words: Words, feed: Feed, now: datetime) -> str:
    """How a feed is, in a few words."""
    if feed.state in WORST:
        return words.one_of("feed_state", feed.state)
    if feed.failures:
        since = max(0, (now - feed.failing_since).days) if feed.failing_since else 0
        reason = problem_words(words, feed.problem or "")
        return (
            words.say("feeds.failing_days", n=since, problem=reason)
            if since
            else words.say("feeds.failing", problem=reason)
        )
    if feed.read_at is None:
        return words.say("feeds.not_yet")
    if feed.news_at is None:
        return words.say("feeds.well")
    days = max(0, (now - feed.news_at).days)
    return words.say("feeds.news_days", n=days) if days else words.say("feeds.news_today")


def problem_words(words: Words, problem: str) -> str:
    """Why a feed failed: a sentence of ours, or the status it answered."""
    key = f"feed_problem.{problem}"
    return words.say(key) if words.has(key) else problem


def record(words: Words, known: Reputation) -> str:
    """What became of what it brought; nothing where it brought nothing."""
    if known.rate is None and not known.waiting:
        return ""
    if known.rate is None:
        return words.say("feeds.undecided", n=known.waiting)
    return words.say("feeds.approved", n=known.rate, decided=known.decided)


def imported_message(words: Words, file: str, done: Imported, most: int) -> Message:
    """What became of a list that somebody handed in, and where the feeds are now."""
    told: list[Text | None] = [
        (Span(_short(file, 60), bold=True),),
        words.text("hand_in.followed", n=done.followed) if done.followed else words.text("hand_in.none_new"),
        words.text("hand_in.known", n=done.known) if done.known else None,
        words.text("hand_in.no_room", n=done.no_room, most=most) if done.no_room else None,
    ]
    if done.refused:
        told.append(words.text("hand_in.refused", n=len(done.refused)))
        told += [
            (Span(f"· {_short(address, 60)} "), Span(f"({problem_words(words, reason)})", italic=True))
            for address, reason in done.refused[:LAST]
        ]
        if len(done.refused) > LAST:
            told.append(words.text("feeds.and_more", n=len(done.refused) - LAST))
    if done.followed:
        told.append(words.text("hand_in.soon"))
    return Message(lines(*told), ((Button(words.say("button.show_feeds"), "feeds"),),))


# ------------------------------------------------------------------------------------------------------------- one feed


def feed_message(words: Words, catalog: Catalog, facts: FeedFacts, now: datetime) -> Message:
    """One feed: how it is, what it last published and what became of it, what is filtered, and what can be done."""
    feed = facts.feed
    told: list[Text | None] = [
        (Span(f"#{feed.id} "), Span(_short(feed.title or _host(feed.url)), bold=True)),
        (Span(f"{_host(feed.url)} · {health(words, feed, now)}"),),
        unstyled(record(words, facts.known)) or None,
        words.text("follow.topic", topic=topic_name(catalog, words, feed.topic)) if feed.topic else None,
        words.text("feeds.filter", filter=filter_words(words, feed)) if _filters(feed) else None,
        (),
        *(
            (Span(f"· {_short(item.title or '…')} "), Span(f"({words.one_of('item_fate', item.fate)})", italic=True))
            for item in facts.items[:LAST]
        ),
    ]
    if not facts.items and feed.read_at:
        told.append(words.text("follow.nothing_yet"))
    if facts.over:
        told.append(words.text("feeds.over", n=facts.over))
    return Message(lines(*told), rows(_feed_buttons(words, facts), 3))


def _feed_buttons(words: Words, facts: FeedFacts) -> list[Button]:
    feed = facts.feed
    pause = ("resume", "feed_resume") if feed.state == FeedState.PAUSED else ("pause", "feed_pause")
    buttons = [
        Button(words.say(f"button.{pause[1]}"), f"feed:{feed.id}:{pause[0]}"),
        Button(words.say("button.feed_now"), f"feed:{feed.id}:now"),
        Button(words.say("button.feed_filter"), f"feed:{feed.id}:filter"),
        Button(words.say("button.feed_topic"), f"feed:{feed.id}:topic"),
        Button(words.say("button.unfollow"), f"feed:{feed.id}:unfollow"),
    ]
    if facts.over:
        buttons.insert(0, Button(words.say("button.feed_more"), f"feed:{feed.id}:more"))
    if feed.site or feed.url:
        buttons.append(Button(words.say("button.open"), url=feed.site or feed.url))
    return buttons


def filter_words(words: Words, feed: Feed | Mapping[str, Any]) -> str:
    """A filter as one types it: `+python -"sponsored post" 500+ 3/day`."""
    value = feed.__getitem__ if isinstance(feed, Mapping) else lambda name: getattr(feed, name)
    parts = [f"+{_quoted(word)}" for word in value("include")] + [f"-{_quoted(word)}" for word in value("exclude")]
    if value("shortest"):
        parts.append(f">{value('shortest')}")
    parts.append(words.say("feeds.a_day", n=value("most_a_day")))
    return " ".join(parts)


def _filters(feed: Feed) -> bool:
    return bool(feed.include or feed.exclude or feed.shortest or feed.most_a_day != 5)


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def preview_message(
    words: Words, feed: Feed, draft: Mapping[str, Any], hidden: Sequence[tuple[str, str]], looked_at: int
) -> Message:
    """What a new filter would have hidden, before it is kept."""
    told: list[Text] = [words.text("feeds.would", filter=filter_words(words, draft))]
    if not looked_at:
        told.append(words.text("feeds.would_nothing_yet"))
    elif not hidden:
        told.append(words.text("feeds.would_none", n=looked_at))
    else:
        told.append(words.text("feeds.would_hide", n=len(hidden), all=looked_at))
        told += [
            (Span(f"· {_short(title or '…')} "), Span(f"({_hidden_by(words, why)})", italic=True))
            for title, why in hidden[:LAST]
        ]
        if len(hidden) > LAST:
            told.append(words.text("feeds.and_more", n=len(hidden) - LAST))
    buttons = (
        Button(words.say("button.keep_filter"), f"feed:{feed.id}:keep:{mark_of(draft)}"),
        Button(words.say("button.leave_filter"), f"feed:{feed.id}"),
    )
    return Message(lines(*told), (buttons,))


def mark_of(draft: Mapping[str, Any]) -> str:
    """A short name for a filter that is only tried, so that a button keeps the one it stands below."""
    return blake2b(json.dumps(draft, sort_keys=True).encode(), digest_size=4).hexdigest()


def _hidden_by(words: Words, why: str) -> str:
    key = f"hidden.{why}"
    return words.say(key) if words.has(key) else f"-{why}"


# ------------------------------------------------------------------------------------------------------------- the news


def news_message(words: Words, facts: Mapping[str, Any]) -> Message:
    """Something about a feed that curators should hear, with what they can do."""
    said: dict[str, str | int] = {name: fact for name, fact in facts.items() if name not in ("says", "items", "feed")}
    if "problem" in said:
        said["problem"] = problem_words(words, str(said["problem"]))
    text = words.text(str(facts["says"]), **said)
    told = [text, *((Span("· "), Span(_short(title))) for title in facts.get("items", ()))]
    feed = facts.get("feed")
    buttons = []
    if feed:
        buttons.append(Button(words.say("button.show_feed"), f"feed:{feed}"))
        if facts["says"] == "feed_news.removal":
            buttons.append(Button(words.say("button.unfollow"), f"feed:{feed}:unfollow"))
    return Message(lines(*told), (tuple(buttons),) if buttons else ())


def _name(found: Mapping[str, Any]) -> str:
    return _short(found["title"] or _host(found["url"]), 60)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.")


def _on(words: Words, iso: str, today: date) -> str:
    return f" ({show_date(date.fromisoformat(iso), words.language, today=today)})" if iso else ""


def _short(text: str, most: int = LONG) -> str:
    return shorten(text, most)
