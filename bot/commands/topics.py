"""Picking topics instead of a trail: a list to tick, a page at a time."""

from __future__ import annotations

from bot.cards.topics import topic_choice
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.start import draft_of, take_way
from bot.errors import UserMistake
from bot.learning.way import OWN
from bot.store import subscriptions


async def show_topics(ask: Ask) -> Answer:
    """The topics, those picked ticked; from a button `topics:2` the second page."""
    page = int(ask.rest) if ask.rest.isdecimal() and len(ask.rest) < 4 else 0
    found = await subscriptions.of_person(ask.session, ask.person.id)
    picked = (found.ticked or found.topics) if found else []
    said = topic_choice(ask.catalog, ask.words, picked, page)
    return Answer(edit=said) if ask.incoming.action else Answer(say=(said,))


async def press_topic(ask: Ask) -> Answer:
    """Tick a topic or take the tick away; nothing acts before they say so."""
    topic, _, page = ask.rest.partition(":")
    if ask.catalog.topic(topic) is None:
        raise UserMistake("mistake.stale_button")
    subscription = await draft_of(ask)
    ticked = set(subscription.ticked or subscription.topics) ^ {topic}
    subscription.ticked = [one.id for one in ask.catalog.topics if one.id in ticked]
    shown = int(page) if page.isdecimal() and len(page) < 4 else 0
    return Answer(edit=topic_choice(ask.catalog, ask.words, subscription.ticked, shown))


async def press_chosen(ask: Ask) -> Answer:
    """These topics, then."""
    subscription = await draft_of(ask)
    if not (subscription.ticked or subscription.topics):
        return Answer(edit=topic_choice(ask.catalog, ask.words, [], 0), toast=ask.words.say("topics.none"))
    subscription.topics, subscription.ticked = subscription.ticked or subscription.topics, []
    return await take_way(ask, OWN)
