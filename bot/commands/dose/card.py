"""A dose's card as it stands now, and the dose that a button belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.dose import Shown, dose_message
from bot.cards.names import handle
from bot.cards.news import with_news
from bot.chat import Answer, Button, Message, Rows
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.i18n.showing import show_date
from bot.learning.streak import first_open_day
from bot.store import catalog, doses, outbox, people
from bot.store.beside import beside
from bot.store.tables import Dose, Subscription


async def card_of(ask: Ask, subscription: Subscription, dose: Dose) -> Message:
    """A dose's card as it stands now."""
    message = dose_message(ask.words, ask.catalog, dose, await shown_of(ask, subscription, dose))
    return with_news(ask.words, message, dose.news or [])


async def new_card(ask: Ask, subscription: Subscription, dose: Dose) -> Message:
    """The same where it is said anew. With more than one account it says what it shows, so that what is pressed elsewhere shows there."""
    card = await card_of(ask, subscription, dose)
    linked = len(await people.identities(ask.session, ask.person.id)) > 1
    return replace(card, shows=outbox.named(dose)) if linked else card


async def shown_of(ask: Ask, subscription: Subscription, dose: Dose) -> Shown:
    """The facts of a dose's card."""
    kept = await catalog.find(ask.session, dose.resource_id) if dose.resource_id else None
    besides = await beside(ask.session, dose, ask.person.id)
    return Shown.of(ask.words, ask.catalog, dose, kept, besides, trail=subscription.trail)


async def already_done(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    """The answer to a press on a dose that is done: the card, and a word. Who typed /done is offered one more."""
    card = await card_of(ask, subscription, dose)
    toast = ask.words.say("done.already")
    if ask.incoming.action:
        return Answer(edit=card, toast=toast)
    more = Button(ask.words.say("button.one_more"), "more")
    return Answer(say=(ask.words.message("done.already", ((more,),)),))


async def their_dose(ask: Ask, button: str | None = None) -> tuple[Subscription, Dose]:
    """The dose of a button (its number, and what it held), if it is the presser's own and not closed. Raises UserMistake otherwise.

    Where the day is closed but the very same resource is today's dose as well, that dose is meant: it is still here. Where the dose
    holds something else by now, because of a second tap or on another copy of the card, that is shown instead.
    """
    number, _, held = (ask.rest if button is None else button).partition(":")
    subscription, dose = await own_dose(ask, number)
    if held and dose.resource_id and held != handle(dose.resource_id):
        raise UserMistake("dose.other_now", again=await card_of(ask, subscription, dose))
    if await _is_closed(ask, subscription, dose):
        today = (await ask.schedules(subscription)).today(ask.now)
        newer = await doses.of_day(ask.session, subscription.id, today)
        if newer and newer.resource_id and newer.resource_id == dose.resource_id:
            return subscription, newer
    await refuse_if_closed(ask, subscription, dose)
    return subscription, dose


def of_several(given: Sequence[Dose]) -> Dose:
    """Which of a day's doses is meant: the newest that is open, else the newest; one that holds nothing only where none holds anything."""
    holding = [dose for dose in given if dose.resource_id] or given
    return next((dose for dose in reversed(holding) if not dose.outcome), holding[-1])


async def own_dose(ask: Ask, number: str) -> tuple[Subscription, Dose]:
    """The dose of a number, of whatever day, if it is the presser's. Raises UserMistake otherwise.

    A number of somebody else's dose gives the same answer as one that never was.
    """
    subscription = await ask.subscription(stopped=True)
    dose = await doses.find(ask.session, int(number)) if number.isdecimal() and len(number) < 18 else None
    if dose is None or dose.subscription_id != subscription.id:
        raise UserMistake("mistake.stale_button", again=ask.words.message("done.want_one", today_row(ask)))
    return subscription, dose


async def refuse_if_closed(ask: Ask, subscription: Subscription, dose: Dose) -> None:
    """Raise UserMistake where a dose's day is closed and nothing was done with it."""
    if await _is_closed(ask, subscription, dose):
        again = ask.words.message("done.today_is_here", today_row(ask))
        raise UserMistake("mistake.closed_dose", day=show_date(dose.day, ask.words.language), again=again)


async def _is_closed(ask: Ask, subscription: Subscription, dose: Dose) -> bool:
    return not dose.outcome and dose.day < first_open_day(await ask.schedules(subscription), ask.now)


async def title_of(ask: Ask, resource_id: str) -> str:
    """What a resource is called, also after it left the catalog."""
    kept = await catalog.find(ask.session, resource_id)
    return kept.title if kept else resource_id


def today_row(ask: Ask) -> Rows:
    """One button that shows today's dose."""
    return ((Button(ask.words.say("button.today"), "today"),),)
