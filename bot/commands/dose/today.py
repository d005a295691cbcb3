"""Today's dose, now; at the hour nothing more comes."""

from __future__ import annotations

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.dose.card import card_of
from bot.learning.schedule import DAY
from bot.planning.dose import plan_now
from bot.planning.slot import Slot
from bot.store import doses, news, outbox, subscriptions
from bot.store.tables import Dose, Subscription


async def today(ask: Ask) -> Answer:
    """Today's dose, now. At the hour nothing more comes."""
    subscription = await ask.subscription()
    day = (await ask.schedules(subscription)).today(ask.now)
    dose = await doses.of_day(ask.session, subscription.id, day)
    if dose is None:
        dose = await make_today(ask, subscription)
    else:
        await outbox.withdraw_dose(ask.session, dose.id)
    return Answer(say=(await card_of(ask, subscription, dose),))


async def make_today(ask: Ask, subscription: Subscription, minutes: int | None = None) -> Dose:
    """Make today's dose before its hour, and let the hour be silent. `minutes` is the time they have, if it is another."""
    history = await ask.schedules(subscription)
    day = history.today(ask.now)
    _, closes_at = history.bounds(day)
    dose = await plan_now(ask.session, ask.catalog, subscription, Slot(day, ask.now, closes_at, minutes))
    await news.attach(ask.session, [(subscription, dose)])
    if dose.resource_id is None:  # said once; then it is for them to choose a way
        subscriptions.set_due(subscription, None)
    elif subscription.next_day is not None and subscription.next_day <= day:
        subscriptions.set_due(subscription, history.next_due(ask.now, day + DAY))
    return dose
