"""Undo under the answer to Done, Finished or “I worked on it”: it was a slip, and the dose is as it was before."""

from __future__ import annotations

from bot.cards.slip import press_of
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.dose.card import card_of, new_card, own_dose, title_of
from bot.commands.dose.finish import refresh_elsewhere
from bot.commands.note import LINE
from bot.commands.schedule import due_again
from bot.commands.streak import unsay_milestones
from bot.errors import UserMistake
from bot.learning.slip import why_it_stays
from bot.store import doses, slips
from bot.store.tables import Dose, Subscription

STAYS = {"late": "slip.late", "day_over": "slip.day_over"}


async def press_slip(ask: Ask) -> Answer:
    """Take one press back, for a while; a second Undo of it changes nothing, and one on an older message says what stands now."""
    number, _, press = ask.rest.partition(":")
    subscription, dose = await own_dose(ask, number)
    if dose.resource_id is None:
        raise UserMistake("mistake.stale_button", again=await card_of(ask, subscription, dose))
    title = await title_of(ask, dose.resource_id)
    if dose.outcome_at is None or not dose.was or press != press_of(dose):
        again = await card_of(ask, subscription, dose)
        return Answer(edit=ask.words.message("slip.before", title=title), say=(again,))
    return await _take_back(ask, subscription, dose, title)


async def undo_last(ask: Ask) -> Answer:
    """`/undo` of somebody who decides nothing: their newest press on Done, Finished or “I worked on it”."""
    subscription = await ask.subscription(stopped=True)
    dose = await doses.last_answered(ask.session, subscription.id)
    if dose is None or dose.resource_id is None or not dose.was:
        raise UserMistake("slip.nothing")
    return await _take_back(ask, subscription, dose, await title_of(ask, dose.resource_id))


async def _take_back(ask: Ask, subscription: Subscription, dose: Dose, title: str) -> Answer:
    assert dose.outcome_at is not None, "callers have looked"
    if reason := why_it_stays(dose.outcome_at, dose.day, await ask.schedules(subscription), ask.now):
        raise UserMistake(STAYS[reason], title=title)
    await slips.put_back(ask.session, ask.person.id, dose, ask.now)
    await refresh_elsewhere(ask, subscription, dose)
    await due_again(ask, subscription)
    await unsay_milestones(ask, subscription)
    await _ask_no_more(ask, dose)
    said = ask.words.message("slip.undone", title=title)
    return Answer(edit=said, say=(await new_card(ask, subscription, dose),))


async def _ask_no_more(ask: Ask, dose: Dose) -> None:
    """What the answer asked, for a line or for where they stopped, is asked no more."""
    waiting = await ask.open_question()
    if waiting and (waiting.kind, waiting.about) in ((LINE, dose.resource_id), ("where", str(dose.id))):
        await ask.close_question()
