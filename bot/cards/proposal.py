"""What somebody new is offered: the defaults in one sentence, with a button for each thing they may want otherwise."""

from __future__ import annotations

from datetime import datetime

from bot.cards.choices import day_words, local_hour
from bot.cards.foreign import foreign_line
from bot.cards.names import topic_name
from bot.cards.preferences import show_sizes
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Rows, lines
from bot.i18n.showing import show_hour
from bot.i18n.words import Words
from bot.learning.way import groundwork, stops_of
from bot.states import Goal
from bot.store.tables import Subscription


def proposal_message(words: Words, catalog: Catalog, draft: Subscription, trail: str, now: datetime) -> Message:
    """Trail, hour, minutes, days and the clock we think they have; where most of it is in another language, that and the other trails."""
    clock = show_hour(local_hour(now, draft.zone))
    foreign = foreign_line(words, catalog, draft)
    others = (Button(words.say("button.trails"), "trails"),) if foreign else ()
    buttons: Rows = (
        (Button(words.say("button.begin"), "begin"),),
        (Button(words.say("button.hour"), "ask:hour"), Button(words.say("button.minutes"), "ask:minutes")),
        (Button(words.say("button.days"), "ask:days"), Button(_goal(words, draft), "goal")),
        *_known(words, catalog, draft),
        (Button(words.say("button.not_that_clock", clock=clock), "ask:clock"), *others),
    )
    said = words.text(
        "start.proposal_by_weekday" if draft.minutes_on else "start.proposal",
        trail=trail,
        sizes=show_sizes(words, draft.minutes, draft.minutes_on),
        hour=show_hour(draft.hour),
        n=draft.minutes,
        days=day_words(draft.days, words),
        clock=clock,
    )
    return Message(lines(said, foreign), buttons)


def _goal(words: Words, draft: Subscription) -> str:
    """What the goal's button says: it goes round when pressed."""
    return (
        words.say("button.weekly_goal", n=draft.weekly) if draft.goal == Goal.WEEK else words.one_of("goal", draft.goal)
    )


def _known(words: Words, catalog: Catalog, draft: Subscription) -> Rows:
    """“I know Python” for the topic the way builds on, and the way to say so of others."""
    stops = stops_of(catalog, draft.trail, draft.topics) or ()
    topic = groundwork(catalog, stops)
    if topic is None:
        return ()
    name = topic_name(catalog, words, topic)
    first = Button(
        words.say("button.known_already" if topic in draft.known_topics else "button.know", topic=name), "groundwork"
    )
    others = sum(known != topic for known in draft.known_topics)
    more = words.say("button.know_others", n=others) if others else words.say("button.know_more")
    return ((first, Button(more, "way:list:0")),)
