"""Done with a dose: by its button, or by /done for the newest one."""

from __future__ import annotations

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.dose.card import card_of, of_several, refuse_if_closed, their_dose, today_row
from bot.commands.dose.finish import finish
from bot.commands.dose.session import work
from bot.errors import UserMistake
from bot.store import doses


async def done(ask: Ask) -> Answer:
    """Done with the newest dose; of something long, with today's session of it."""
    subscription = await ask.subscription()
    dose = await doses.last_seen(ask.session, subscription.id)
    if dose and (dose.is_done or dose.resource_id is None):  # an earlier one of the same day may still be open
        dose = of_several(await doses.all_of_day(ask.session, subscription.id, dose.day))
    if dose is None or dose.resource_id is None:
        raise UserMistake("done.no_dose", again=ask.words.message("done.want_one", today_row(ask)))
    await refuse_if_closed(ask, subscription, dose)
    if ask.rest:
        raise UserMistake("done.takes_no_word", typed=ask.rest, again=await card_of(ask, subscription, dose))
    if dose.part is not None and not dose.is_done:
        return await work(ask, subscription, dose)
    return await finish(ask, subscription, dose)


async def press_done(ask: Ask) -> Answer:
    """The Done button of a dose."""
    subscription, dose = await their_dose(ask)
    return await finish(ask, subscription, dose)
