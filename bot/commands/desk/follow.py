"""Following a new feed: look at once, choose if there are several, see its last items, follow."""

from __future__ import annotations

from typing import Any

from bot.cards.feed import found_message, search_message
from bot.catalog.address import AddressError, canonical
from bot.chat import Answer, Button, Message, Question
from bot.commands.ask import Ask
from bot.commands.desk.hand_in import take_document
from bot.commands.reading.search import read_topics
from bot.curation.intake import address_key
from bot.errors import UserMistake
from bot.feeds.adopt import CHAT, MOST
from bot.feeds.decide import host_of
from bot.feeds.item import one_line
from bot.states import FeedState, Role
from bot.store import feed_searches, feeds
from bot.store.tables import Feed, FeedSearch


def only_curators(ask: Ask) -> None:
    """Who was a curator when a question was asked may be none when they answer it. Raises UserMistake."""
    if ask.role < Role.CURATOR:
        raise UserMistake("mistake.curators_feeds")


async def follow(ask: Ask) -> Answer:
    """Look for the feed in an address, with the topic that may stand behind it."""
    only_curators(ask)
    if ask.incoming.document:
        return await take_document(ask)
    if not ask.rest:
        return Answer(say=(ask.words.message("follow.what"),), ask=_question(ask))
    typed, _, topic = ask.rest.partition(" ")
    url = read_address(typed)
    topics = read_topics(topic, ask.catalog) if topic.strip() else frozenset()
    if len(topics) > 1:
        raise UserMistake("follow.which_topic", typed=topic.strip())
    if known := await _followed(ask, url):
        return Answer(say=(_known_message(ask, known),))
    if await feeds.count_followed(ask.session) >= MOST:
        raise UserMistake("follow.too_many", n=MOST)
    await feed_searches.ask(ask.session, ask.person.id, ask.incoming.address, url, next(iter(topics), None), ask.now)
    return Answer(say=(ask.words.message("follow.looking", host=host_of(url)),))


def read_address(typed: str) -> str:
    """An address as people type it, `https://` left out perhaps. Raises UserMistake."""
    url = typed if "://" in typed else f"https://{typed}"
    try:
        canonical(url)
    except AddressError:
        raise UserMistake("follow.no_address", typed=typed) from None
    return url


async def press_follow(ask: Ask) -> Answer:
    """`follow:7:0` shows a feed that was found, `follow:7:0:yes` follows it, `follow:7:no` lets it be."""
    number, _, rest = ask.rest.partition(":")
    search = await feed_searches.find(ask.session, int(number)) if _is_number(number) else None
    if search is None:
        raise UserMistake("mistake.stale_button")
    if rest == "no":
        return Answer(edit=ask.words.message("follow.let_be"))
    if rest == "list":
        facts = {"search": search.id, "url": search.url, "topic": search.topic, "found": search.found}
        return Answer(edit=search_message(ask.words, ask.catalog, facts, ask.now.date()))
    place, _, yes = rest.partition(":")
    if not _is_number(place) or int(place) >= len(search.found):
        raise UserMistake("mistake.stale_button")
    if yes != "yes":
        return Answer(
            edit=found_message(
                ask.words, ask.catalog, search.id, int(place), search.found, search.topic, ask.now.date()
            )
        )
    return await _follow(ask, search, search.found[int(place)])


async def _follow(ask: Ask, search: FeedSearch, found: dict[str, Any]) -> Answer:
    url = str(found["url"])
    key, given = address_key(canonical(url)), address_key(canonical(search.url))
    feed = await feeds.find_by_key(ask.session, key) or await feeds.find_by_key(ask.session, given)
    if feed and feed.state in feeds.FOLLOWED:
        return Answer(edit=_known_message(ask, feed))
    columns = {
        "url_key": key,
        "url": url,
        "host": host_of(url),
        "title": one_line(found.get("title"), 200),
        "topic": search.topic,
        "origin": CHAT,
        "state": FeedState.ACTIVE,
        "next_at": ask.now,
        "failures": 0,
        "failing_since": None,
        "problem": None,
    }
    if feed is None:
        feed = await feeds.add(ask.session, given_key=given, added_at=ask.now, **columns)
    else:
        feeds.set_columns(feed, **columns)
    audit_feed(ask, feed, "follow")
    buttons = ((Button(ask.words.say("button.show_feed"), f"feed:{feed.id}"),),)
    return Answer(edit=ask.words.message("follow.done", buttons, title=feed.title or feed.host, number=str(feed.id)))


async def _followed(ask: Ask, url: str) -> Feed | None:
    feed = await feeds.find_by_key(ask.session, address_key(canonical(url)))
    return feed if feed and feed.state in feeds.FOLLOWED else None


def _known_message(ask: Ask, feed: Feed) -> Message:
    buttons = ((Button(ask.words.say("button.show_feed"), f"feed:{feed.id}"),),)
    return ask.words.message("follow.known", buttons, title=feed.title or feed.host, number=str(feed.id))


def audit_feed(ask: Ask, feed: Feed, did: str, **after: Any) -> None:
    """Write down who did what to a feed."""
    feeds.audit(ask.session, ask.person.id, f"feed_{did}", feed.id, ask.now, after)


def _question(ask: Ask) -> Question:
    return Question("follow", ask.words.say("follow.prompt"))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
