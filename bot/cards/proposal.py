"""What somebody new is offered: the defaults in one sentence, with a button for each thing they may want otherwise."""

from __future__ import annotations

from datetime import datetime

from bot.cards.choices import day_words, local_hour
from bot.chat import Button, Message, Rows
from bot.i18n.showing import show_hour
from bot.i18n.words import Words
from bot.store.tables import Subscription


def proposal_message(words: Words, draft: Subscription, trail: str, now: datetime) -> Message:
    """Trail, hour, minutes, days and the clock we think they have."""
    clock = show_hour(local_hour(now, draft.zone))
    buttons: Rows = (
        (Button(words.say("button.begin"), "begin"),),
        (Button(words.say("button.hour"), "ask:hour"), Button(words.say("button.minutes"), "ask:minutes")),
        (Button(words.say("button.days"), "ask:days"), Button(_goal(words, draft), "goal")),
        (Button(words.say("button.not_that_clock", clock=clock), "ask:clock"),),
    )
    return words.message(
        "start.proposal",
        buttons,
        trail=trail,
        hour=show_hour(draft.hour),
        n=draft.minutes,
        days=day_words(draft.days, words),
        clock=clock,
    )


def _goal(words: Words, draft: Subscription) -> str:
    """What the goal's button says: it goes round when pressed."""
    return words.say("button.weekly_goal", n=draft.weekly) if draft.goal == "week" else words.one_of("goal", draft.goal)
