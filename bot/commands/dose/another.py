"""Another resource in the same dose."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.nothing import nothing_message
from bot.chat import Answer, Message, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, their_dose
from bot.learning.dose import NothingFits
from bot.planning.choice import why_of
from bot.planning.offers import offer_another
from bot.store import outbox
from bot.store.tables import Subscription


async def press_another(ask: Ask) -> Answer:
    """Another resource in the same dose."""
    subscription, dose = await their_dose(ask)
    if dose.outcome:
        return await already_done(ask, subscription, dose)
    await outbox.withdraw_dose(ask.session, dose.id)
    nothing = await offer_another(ask.session, ask.catalog, subscription, dose, ask.now)
    await ask.session.flush()
    card = await card_of(ask, subscription, dose)
    return Answer(edit=card, say=(_no_other(ask, subscription, nothing),)) if nothing else Answer(edit=card)


def _no_other(ask: Ask, subscription: Subscription, nothing: NothingFits) -> Message:
    """Why there is no other, and the ways on; what they have stays with them."""
    trail = subscription.trail
    why = nothing_message(ask.words, ask.catalog, why_of(nothing, trail), ask.trail_name(trail))
    return replace(why, text=lines(why.text, ask.words.text("another.none")))
