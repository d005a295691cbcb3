"""Today's dose, now; at the hour nothing more comes."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import Answer, Button, Message, Rows, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import new_card, of_several, today_row
from bot.learning.schedule import DAY
from bot.planning.dose import plan_now
from bot.planning.slot import Slot
from bot.store import doses, news, outbox, subscriptions
from bot.store.tables import Dose, Subscription


async def today(ask: Ask) -> Answer:
    """Today's dose, now, and at the hour nothing more comes; of several the newest open one. Where all is done, one more is offered."""
    subscription = await ask.subscription()
    given = await _given_today(ask, subscription)
    if not given or given[0].number:  # what they asked for beyond it leaves the day's own to come
        dose = await make_today(ask, subscription)
        return Answer(say=(await new_card(ask, subscription, dose),))
    dose = of_several(given)
    await outbox.withdraw_dose(ask.session, dose.id)
    card = await new_card(ask, subscription, dose)
    return Answer(say=(_with_one_more(ask, card) if dose.outcome else card,))


async def _given_today(ask: Ask, subscription: Subscription) -> list[Dose]:
    day = (await ask.schedules(subscription)).today(ask.now)
    return await doses.all_of_day(ask.session, subscription.id, day)


def _with_one_more(ask: Ask, card: Message) -> Message:
    """A finished card, and the way on from it."""
    said = lines(card.text, (), ask.words.text("today.done"))
    return replace(card, text=said, buttons=(*card.buttons, *_more_row(ask)))


def _more_row(ask: Ask) -> Rows:
    return ((Button(ask.words.say("button.one_more"), "more"),),)


async def now_row(ask: Ask, subscription: Subscription) -> Rows:
    """One button for something to learn now: today's dose or, where that is done, one more."""
    given = await _given_today(ask, subscription)
    done = bool(given) and given[0].number == 0 and of_several(given).outcome is not None
    return _more_row(ask) if done else today_row(ask)


async def make_today(ask: Ask, subscription: Subscription, minutes: int | None = None) -> Dose:
    """Make today's dose before its hour, and let the hour be silent. `minutes` is the time they have, if it is another."""
    history = await ask.schedules(subscription)
    day = history.today(ask.now)
    _, closes_at = history.bounds(day)
    dose = await plan_now(ask.session, ask.catalog, subscription, Slot(day, ask.now, closes_at, minutes))
    await news.attach(ask.session, [(subscription, dose)])
    if dose.resource_id is None:  # said once; then it is for them to choose a way
        subscriptions.set_due(subscription, None)
    elif subscription.is_active and (subscription.next_day is None or subscription.next_day <= day):
        subscriptions.set_due(subscription, history.next_due(ask.now, day + DAY))
    return dose
