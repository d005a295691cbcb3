"""More…: save, why this, and the way back to the card. What passes the dose over is in `passing.py`, another size in `extra.py`."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.options import back_button, option_rows
from bot.cards.why import why_message
from bot.chat import Answer, Message
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, own_dose, shown_of, their_dose
from bot.states import Marked
from bot.store import marks
from bot.store.tables import Dose, Subscription


async def press_options(ask: Ask) -> Answer:
    """Show what else can be done, in place of the buttons."""
    subscription, dose = await their_dose(ask)
    if dose.outcome or dose.resource_id is None:
        return await already_done(ask, subscription, dose)
    return Answer(edit=await _with_options(ask, subscription, dose))


async def press_face(ask: Ask) -> Answer:
    """Back to the card with its own buttons."""
    subscription, dose = await own_dose(ask, ask.rest)
    return Answer(edit=await card_of(ask, subscription, dose))


async def press_keep(ask: Ask) -> Answer:
    """Save the resource for some other time; the dose stays as it is."""
    subscription, dose = await own_dose(ask, ask.rest)
    if dose.resource_id:
        await marks.mark(ask.session, ask.person.id, dose.resource_id, Marked.SAVED, ask.now)
    return await _kept(ask, subscription, dose, "option.saved")


async def press_unkeep(ask: Ask) -> Answer:
    """Not saved after all."""
    subscription, dose = await own_dose(ask, ask.rest)
    if dose.resource_id:
        await marks.unmark(ask.session, ask.person.id, dose.resource_id, Marked.SAVED)
    return await _kept(ask, subscription, dose, "option.unsaved")


async def _kept(ask: Ask, subscription: Subscription, dose: Dose, toast: str) -> Answer:
    await ask.session.flush()
    card = await (card_of if dose.outcome else _with_options)(ask, subscription, dose)
    return Answer(edit=card, toast=ask.words.say(toast))


async def press_why(ask: Ask) -> Answer:
    """Everything that spoke for this one, the reason that decided first."""
    subscription, dose = await own_dose(ask, ask.rest)
    if dose.resource_id is None:
        return Answer(edit=await card_of(ask, subscription, dose))
    shown = await shown_of(ask, subscription, dose)
    back = back_button(ask.words, dose)
    return Answer(edit=why_message(ask.words, dose.why, shown.title, shown.topic, back))


async def _with_options(ask: Ask, subscription: Subscription, dose: Dose) -> Message:
    marked = await marks.by_name(ask.session, ask.person.id)
    saved = dose.resource_id in marked.get(Marked.SAVED, frozenset())
    card = await card_of(ask, subscription, dose)
    return replace(card, buttons=option_rows(ask.words, dose, saved=saved))
