"""`/unsubscribe`: the end of a subscription; everything learnt stays."""

from __future__ import annotations

from bot.chat import Answer, Button
from bot.commands.ask import Ask
from bot.commands.schedule import sent_today
from bot.learning.pauses import Pause
from bot.learning.schedule import DAY
from bot.states import Goal, SubscriptionState
from bot.store import days_off, subscriptions


async def unsubscribe(ask: Ask) -> Answer:
    """Stop doses; asked once more, with a pause beside it."""
    subscription = await ask.subscription()
    buttons = (
        (
            Button(ask.words.say("button.stop"), "stop"),
            Button(ask.words.say("button.pause_instead"), "settings:pause"),
        ),
    )
    waits = ask.words.text("stop.streak_waits") if subscription.goal == Goal.STREAK else ()
    return Answer(say=(ask.words.message("stop.sure", buttons, waits=waits),))


async def stop(ask: Ask) -> Answer:
    """Doses stop; everything learnt stays."""
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    first = today + DAY if await sent_today(ask, subscription, today) else today
    await days_off.call_off_all(ask.session, subscription.id, first)
    await days_off.begin_pause(ask.session, subscription.id, Pause(first, None, "asked"), today)
    subscription.state = SubscriptionState.STOPPED
    subscriptions.set_due(subscription, None)
    return Answer(edit=ask.words.message("stop.done"))
