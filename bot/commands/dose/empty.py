"""A person heard why there is nothing for them: the next dose, where it would hold nothing either, does not say it again."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.learning.dose import NothingFits
from bot.planning.dry import holds_something
from bot.planning.offers import leave_empty
from bot.store import doses, subscriptions
from bot.store.seen import seen_by
from bot.store.tables import Dose, Subscription


async def leave_with_nothing(ask: Ask, subscription: Subscription, dose: Dose, nothing: NothingFits) -> None:
    """A press took the last thing there was: let the dose say why it holds nothing, and say so once."""
    leave_empty(subscription, dose, nothing)
    await ask.session.flush()
    today = (await ask.schedules(subscription)).today(ask.now)
    if dose.day == today or not await doses.of_day(ask.session, subscription.id, today):
        await say_it_once(ask, subscription)


async def say_it_once(ask: Ask, subscription: Subscription) -> bool:
    """Let no dose be due where the next one would hold nothing either; whether it is so.

    That this is no mistake is told by an empty dose, of the day of their last own one or later (`store/invariants.py`).
    """
    if not subscription.is_active or subscription.next_day is None:
        return False
    seen = (await seen_by(ask.session, [subscription], ask.now))[subscription.id]
    if holds_something(ask.catalog, subscription, seen, subscription.next_day, ask.now):
        return False
    subscriptions.set_due(subscription, None)
    return True
