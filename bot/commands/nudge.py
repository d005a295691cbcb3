"""The evening nudge: off, or an hour at which an open day is mentioned, once and in plain words."""

from __future__ import annotations

from bot.cards.choices import nudge_choice
from bot.chat import Answer, Message, Question
from bot.commands.ask import Ask
from bot.commands.reading.hours import read_hour
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.appointment import next_at
from bot.store import appointments
from bot.store.tables import Subscription

OFF = frozenset(["off", "no", "none", "nao", "não", "desligar", "nenhum", "sem", "never", "nunca"])


async def set_nudge(ask: Ask) -> Answer:
    """Choose the hour of the nudge, or none."""
    subscription = await ask.subscription()
    if not ask.rest:
        return Answer(
            say=(nudge_choice(ask.words, subscription.nudge_at),), ask=Question("nudge", ask.words.say("nudge.prompt"))
        )
    try:
        subscription.nudge_at = None if ask.rest.casefold() in OFF else read_hour(ask.rest)
    except UserMistake as mistake:
        mistake.again = nudge_choice(ask.words, subscription.nudge_at)
        raise
    await keep_nudge(ask, subscription)
    said = _said(ask, subscription)
    return ask.show(said)


async def keep_nudge(ask: Ask, subscription: Subscription) -> None:
    """Make, move or strike the appointment, so that it follows the hour and the person's clock."""
    if subscription.nudge_at is None:
        await appointments.cancel(ask.session, ask.person.id, "nudge")
        return
    at = next_at(await ask.schedules(subscription), subscription.nudge_at, ask.now)
    await appointments.make(ask.session, ask.person.id, "nudge", "", at)


def _said(ask: Ask, subscription: Subscription) -> Message:
    if subscription.nudge_at is None:
        return ask.words.message("nudge.off")
    return ask.words.message("nudge.set", hour=show_hour(subscription.nudge_at))
