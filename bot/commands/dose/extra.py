"""More than the day's dose, or another size of it: /more, and “I have 5 minutes”."""

from __future__ import annotations

from bot.cards.options import time_rows
from bot.chat import Answer, Message, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, new_card, their_dose
from bot.commands.dose.empty import say_it_once
from bot.commands.dose.today import make_today
from bot.commands.reading.minutes import exact_minutes
from bot.errors import UserMistake
from bot.planning.dose import plan_now
from bot.planning.offers import offer_of_size
from bot.planning.slot import Slot
from bot.store import doses, outbox
from bot.store.tables import Dose, Subscription

OPEN_AT_ONCE = 3
"""How many doses of a day may lie open before another one comes: what is more is a pile."""


async def more(ask: Ask) -> Answer:
    """One more dose today; “/more 5” one of that size."""
    subscription = await ask.subscription()
    budget = exact_minutes(ask.rest) if ask.rest else None
    return await _one_more(ask, subscription, budget)


async def _one_more(ask: Ask, subscription: Subscription, budget: int | None) -> Answer:
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    given = await doses.all_of_day(ask.session, subscription.id, today)
    if not given:
        return Answer(say=(await new_card(ask, subscription, await make_today(ask, subscription, budget)),))
    still = [dose for dose in given if dose.resource_id and not dose.outcome]
    if len(still) >= OPEN_AT_ONCE:
        said = ask.words.text("more.enough", n=len(still))
        card = await card_of(ask, subscription, still[0])
        return Answer(say=(Message(lines(said, (), card.text), card.buttons),))
    slot = Slot(today, ask.now, history.bounds(today)[1], budget, number=given[-1].number + 1)
    dose = await plan_now(ask.session, ask.catalog, subscription, slot)
    if dose.resource_id is None:
        nothing = await card_of(ask, subscription, dose)
        if not await say_it_once(ask, subscription):  # nothing to give is no dose beyond the day's
            await doses.drop(ask.session, dose)
        return Answer(say=(nothing,))
    if budget and dose.part == 1:  # something whole, if there is any
        await offer_of_size(ask.session, ask.catalog, subscription, dose, ask.now, budget)
        await ask.session.flush()
    return Answer(say=(await new_card(ask, subscription, dose),))


# ------------------------------------------------------------------------------------------------ the time they have


async def press_size(ask: Ask) -> Answer:
    """“My time today…”: the sizes to choose from, then a dose of that size in place of this one."""
    number, _, minutes = ask.rest.partition(":")
    subscription, dose = await their_dose(ask, number)
    if dose.outcome or dose.resource_id is None:
        return await already_done(ask, subscription, dose)
    if not minutes:
        card = await card_of(ask, subscription, dose)
        return Answer(edit=Message(lines(card.text, (), ask.words.text("size.how_long")), time_rows(ask.words, dose)))
    if not minutes.isdecimal() or not 0 < int(minutes[:4]) <= 240:
        raise UserMistake("mistake.stale_button")
    return Answer(edit=await _resize(ask, subscription, dose, int(minutes)))


async def have_time(ask: Ask, minutes: int) -> Answer:
    """“I have 5 minutes”: today's dose in that size; where it is done, one more."""
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    given = await doses.all_of_day(ask.session, subscription.id, today)
    still = [dose for dose in given if dose.resource_id and not dose.outcome]
    if not still:
        return await _one_more(ask, subscription, minutes)
    return Answer(say=(await _resize(ask, subscription, still[-1], minutes),))


async def _resize(ask: Ask, subscription: Subscription, dose: Dose, minutes: int) -> Message:
    """A dose of another size in place of one that is open: the same, where it fits and uses the time."""
    await outbox.withdraw_dose(ask.session, dose.id)
    entry = ask.catalog.resource(dose.resource_id or "")
    if entry and dose.part is None and entry.minutes <= minutes <= 2 * entry.minutes:
        dose.minutes = minutes
        said = ask.words.text("size.fits", n=minutes)
    elif await offer_of_size(ask.session, ask.catalog, subscription, dose, ask.now, minutes):
        said = ask.words.text("size.none", n=minutes)
    else:
        said = ask.words.text("size.here", n=minutes)
    await ask.session.flush()
    card = await card_of(ask, subscription, dose)
    return Message(lines(said, (), card.text), card.buttons, card.picture)
