"""A press took the last thing there was: the dose says why, and where that was the day's own the next morning does not say it again."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.learning.dose import NothingFits
from bot.planning.dry import something_again
from bot.planning.offers import leave_empty
from bot.store import subscriptions
from bot.store.seen import seen_by
from bot.store.tables import Dose, Subscription


async def leave_with_nothing(ask: Ask, subscription: Subscription, dose: Dose, nothing: NothingFits) -> None:
    """Let a dose say why it holds nothing. Where the next one would hold nothing either, none is due: it was said."""
    leave_empty(subscription, dose, nothing)
    await ask.session.flush()
    history = await ask.schedules(subscription)
    is_todays = dose.number == 0 and dose.day == history.today(ask.now)  # only the day's own tells that a trail ran dry
    if not is_todays or not subscription.is_active:
        return
    seen = (await seen_by(ask.session, [subscription], ask.now))[subscription.id]
    if something_again(ask.catalog, subscription, seen, history, ask.now) is None:
        subscriptions.set_due(subscription, None)
