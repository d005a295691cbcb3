"""A resource that somebody picked themselves, from a search, from what waits or from the shelf: one more dose, now."""

from __future__ import annotations

from bot.catalog.entry import Resource
from bot.chat import Answer, Message, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import card_of, new_card
from bot.commands.dose.extra import OPEN_AT_ONCE
from bot.errors import UserMistake
from bot.planning.offers import put_in
from bot.store import doses


async def press_get(ask: Ask) -> Answer:
    """The button that takes it now."""
    entry = ask.catalog.resource(ask.rest)
    if entry is None:
        raise UserMistake("mistake.stale_button")
    return await take_now(ask, entry, "chosen")


async def take_now(ask: Ask, entry: Resource, reason: str) -> Answer:
    """A dose beyond the day's with a resource of their choice, unless it lies open already, or too much does."""
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    given = await doses.all_of_day(ask.session, subscription.id, today)
    still = [dose for dose in given if dose.resource_id and not dose.outcome]
    same = next((dose for dose in still if dose.resource_id == entry.id), None)
    if same:
        return Answer(say=(await new_card(ask, subscription, same),))
    if len(still) >= OPEN_AT_ONCE:
        card = await card_of(ask, subscription, still[0])
        enough = ask.words.text("more.enough", n=len(still))
        return Answer(say=(Message(lines(enough, (), card.text), card.buttons),))
    dose = doses.beyond(subscription, today, given, now=ask.now, closes_at=history.bounds(today)[1])
    ask.session.add(dose)
    await ask.session.flush()
    await put_in(ask.session, ask.catalog, subscription, dose, entry, reason, ask.now)
    await ask.session.flush()
    return Answer(say=(await new_card(ask, subscription, dose),))
