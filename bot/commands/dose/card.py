"""A dose's card as it stands now, and the dose that a button belongs to."""

from __future__ import annotations

from bot.cards.dose import Shown, dose_message
from bot.cards.names import topic_name
from bot.cards.news import with_news
from bot.chat import Answer, Button, Message, Rows
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.i18n.showing import show_date
from bot.learning.streak import first_open_day
from bot.store import catalog, doses
from bot.store.tables import Dose, Subscription


async def card_of(ask: Ask, subscription: Subscription, dose: Dose) -> Message:
    """A dose's card as it stands now."""
    entry = ask.catalog.resource(dose.resource_id) if dose.resource_id else None
    kept = await catalog.find(ask.session, dose.resource_id) if dose.resource_id else None
    topic = topic_name(ask.catalog, ask.words, kept.topic) if kept else ""
    trail = ask.trail_name(dose.why.get("trail", subscription.trail))
    nearest = ask.trail_name(dose.why["nearest"]) if dose.why.get("nearest") else ""
    shown = Shown(entry, kept.title if kept else "", kept.url if kept else "", trail, topic, nearest)
    return with_news(ask.words, dose_message(ask.words, dose, shown), dose.news or [])


async def already_done(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    """The answer to a press on a dose that is done: the card, and a word."""
    card = await card_of(ask, subscription, dose)
    toast = ask.words.say("done.already")
    return Answer(edit=card, toast=toast) if ask.incoming.action else Answer(say=(ask.words.message("done.already"),))


async def their_dose(ask: Ask, number: str | None = None) -> tuple[Subscription, Dose]:
    """The dose of a button, if it is the presser's own and not closed. Raises UserMistake otherwise.

    A number of somebody else's dose gives the same answer as one that never was.
    """
    subscription = await ask.subscription(stopped=True)
    number = ask.rest if number is None else number
    dose = await doses.find(ask.session, int(number)) if number.isdecimal() and len(number) < 18 else None
    if dose is None or dose.subscription_id != subscription.id:
        raise UserMistake("mistake.stale_button", again=ask.words.message("done.want_one", today_row(ask)))
    await refuse_if_closed(ask, subscription, dose)
    return subscription, dose


async def refuse_if_closed(ask: Ask, subscription: Subscription, dose: Dose) -> None:
    """Raise UserMistake where a dose's day is closed and nothing was done with it."""
    if not dose.outcome and dose.day < first_open_day(await ask.schedules(subscription), ask.now):
        again = ask.words.message("done.today_is_here", today_row(ask))
        raise UserMistake("mistake.closed_dose", day=show_date(dose.day, ask.words.language), again=again)


def today_row(ask: Ask) -> Rows:
    """One button that shows today's dose."""
    return ((Button(ask.words.say("button.today"), "today"),),)
