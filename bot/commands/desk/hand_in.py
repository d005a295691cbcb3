"""A file that somebody sends: a list of feeds, from a curator. Anything else gets a sentence that says what to do instead."""

from __future__ import annotations

from bot.cards.feed import imported_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.reading.search import read_topics
from bot.errors import UserMistake
from bot.feeds.adopt import MOST, import_feeds
from bot.feeds.opml import FeedList
from bot.states import Role
from bot.store import audit


def is_handed_in(ask: Ask) -> bool:
    """Did they mean the file, and not the words beside it?"""
    document = ask.incoming.document
    if document is None or not ask.incoming.private:
        return False
    holds_feeds = isinstance(ask.handed_in, FeedList) and bool(ask.handed_in.outlines)
    is_named_so = ask.role >= Role.CURATOR and document.name.casefold().endswith(".opml")
    return not ask.rest or holds_feeds or is_named_so


async def take_document(ask: Ask) -> Answer:
    """Follow the feeds of a list; the words beside it may name a topic for those whose folder names none."""
    document = ask.incoming.document
    name = document.name if document else ""
    if ask.role < Role.CURATOR:
        raise UserMistake("hand_in.learner")
    if not isinstance(ask.handed_in, FeedList):
        raise UserMistake(f"hand_in.{ask.handed_in or 'lost'}", file=name)
    if not ask.handed_in.outlines and not ask.handed_in.refused:
        raise UserMistake("hand_in.no_list", file=name)
    topics = read_topics(ask.rest, ask.catalog) if ask.rest else frozenset()
    if len(topics) > 1:
        raise UserMistake("follow.which_topic", typed=ask.rest)
    ours = {topic.id for topic in ask.catalog.topics}
    done = await import_feeds(ask.session, ask.handed_in, ours, next(iter(topics), None), ask.now)
    if done.followed:
        after = {"n": done.followed, "file": name[:60]}
        await audit.write(ask.session, "feeds_import", "feeds", by=ask.person.id, now=ask.now, after=after)
    return Answer(say=(imported_message(ask.words, name, done, MOST),))
