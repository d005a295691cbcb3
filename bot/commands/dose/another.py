"""Another resource in the same dose."""

from __future__ import annotations

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, their_dose
from bot.planning.offers import offer_another
from bot.store import outbox


async def press_another(ask: Ask) -> Answer:
    """Another resource in the same dose."""
    subscription, dose = await their_dose(ask)
    if dose.outcome:
        return await already_done(ask, subscription, dose)
    await outbox.withdraw_dose(ask.session, dose.id)
    found = await offer_another(ask.session, ask.catalog, subscription, dose, ask.now)
    await ask.session.flush()
    card = await card_of(ask, subscription, dose)
    return Answer(edit=card) if found else Answer(edit=card, say=(ask.words.message("another.none"),))
