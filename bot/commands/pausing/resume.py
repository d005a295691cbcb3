"""Coming back from a pause, or after a block; and calling off a pause that is still to begin."""

from __future__ import annotations

from datetime import date

from bot.cards.pauses import back_button, call_off_button, still_planned
from bot.chat import Answer, Button, Message, lines
from bot.commands.ask import Ask
from bot.commands.pausing.block import let_in
from bot.commands.pausing.said import span_of
from bot.commands.schedule import day_said, next_dose, next_said
from bot.i18n.showing import show_hour
from bot.learning.pauses import Pause, asked_ahead, blocked_since, current
from bot.states import SubscriptionState
from bot.store import days_off, subscriptions
from bot.store.tables import Subscription


async def resume(ask: Ask) -> Answer:
    """Come back from a pause; a button with a day calls off the one that was planned from that day on."""
    subscription = await ask.subscription()
    today = (await ask.schedules(subscription)).today(ask.now)
    meant = ask.rest if ask.incoming.action else ""
    pauses = await days_off.pauses(ask.session, subscription.id)
    ahead = asked_ahead(pauses, today)
    if found := next((one for one in ahead if one.from_day.isoformat() == meant), None):
        return await _call_off(ask, subscription, found, today)
    if subscription.is_active and not current(pauses, today):
        said = lines(ask.words.text("pause.none"), still_planned(ask.words, ahead, today))
        return Answer(say=(Message(said, tuple((call_off_button(ask.words, one),) for one in ahead[:3])),))
    return await come_back(ask, subscription)


async def _call_off(ask: Ask, subscription: Subscription, planned: Pause, today: date) -> Answer:
    """A pause that was still to begin will not be."""
    await days_off.call_off(ask.session, subscription.id, planned.from_day)
    if planned.to_day is None:
        subscription.state = SubscriptionState.ACTIVE
    if subscription.is_active:
        subscriptions.set_due(subscription, await next_dose(ask, subscription, await ask.schedules(subscription)))
    called_off = (
        ask.words.text("pause.called_off", days=span_of(ask, planned, today))
        if planned.to_day
        else ask.words.text("pause.open_called_off")
    )
    return Answer(edit=Message(lines(called_off, await next_said(ask, subscription))))


async def come_back(ask: Ask, subscription: Subscription) -> Answer:
    """Doses come again, from the next hour of theirs on. After a block a pause they asked for goes on, and they may end that as well."""
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    if blocked_since(await days_off.pauses(ask.session, subscription.id)):
        await let_in(ask, subscription, today)
    else:
        await days_off.end_pause(ask.session, subscription.id, today)
        subscription.state = SubscriptionState.ACTIVE
    due = await next_dose(ask, subscription, history)
    subscriptions.set_due(subscription, due)
    said = await _back_said(ask, subscription, today)
    return ask.show(said)


async def come_back_if_blocked(ask: Ask, subscription: Subscription) -> Answer:
    """They let us in again after a block: doses come as before. A pause they asked for goes on."""
    if blocked_since(await days_off.pauses(ask.session, subscription.id)) is None:
        return Answer()
    return await come_back(ask, subscription)


async def _back_said(ask: Ask, subscription: Subscription, today: date) -> Message:
    """When the next dose comes, and which pauses there are all the same."""
    when = day_said(ask, subscription.next_day, subscription.zone) if subscription.next_day else "—"
    pauses = await days_off.pauses(ask.session, subscription.id)
    now = current(pauses, today)
    ahead = [one for one in asked_ahead(pauses, today) if one != now]
    if now and now.to_day:
        said = ask.words.text("pause.back_within", days=span_of(ask, now, today), when=when)
    else:
        said = ask.words.text("pause.back", when=when, hour=show_hour(subscription.hour))
    first = back_button(ask.words) if now else Button(ask.words.say("button.today"), "today")
    told = lines(said, still_planned(ask.words, ahead, today))
    return Message(told, ((first,), *((call_off_button(ask.words, one),) for one in ahead[:3])))
