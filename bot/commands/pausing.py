"""A pause, coming back, and the end of a subscription; everything learnt stays."""

from __future__ import annotations

import re
from datetime import date

from bot.cards.settings import pause_choice
from bot.chat import Answer, Button, Message, Text
from bot.commands.ask import Ask
from bot.commands.reading.dates import read_until
from bot.commands.schedule import day_said, next_dose, sent_today
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_hour
from bot.learning.schedule import DAY
from bot.states import Goal, SubscriptionState
from bot.store import people, subscriptions
from bot.store.tables import Pause, Subscription

_RANGE = re.compile(r"(?:de|do dia|from)\s.+?\s(?:a|ao|até|ate|to|till|until)\s+(?P<end>.+)", re.IGNORECASE)
"""“from 20 Dec to 5 Jan”."""


async def pause(ask: Ask) -> Answer:
    """Pause until a day; without one it asks for how long, and only the button there pauses until they say so."""
    subscription = await ask.subscription()
    if not ask.rest and not ask.incoming.action:
        return Answer(say=(pause_choice(ask.words),))
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    until = _until_said(ask.rest, today) if ask.rest else None
    if until is not None and until <= today:
        raise UserMistake("reading.no_such_date", typed=ask.rest)
    first = today + DAY if await sent_today(ask, subscription, today) else today
    await subscriptions.begin_pause(ask.session, subscription.id, first, until, "asked")
    back = Button(ask.words.say("button.resume"), "resume")
    if until is None:
        subscription.state = SubscriptionState.PAUSED
        subscriptions.set_due(subscription, None)
        said = ask.words.message("pause.open", ((back,),), waits=_waits(ask, subscription))
        return Answer(say=(said,))
    subscription.state = SubscriptionState.ACTIVE
    subscriptions.set_due(subscription, await next_dose(ask, subscription, history))
    day = show_date(until, ask.words.language, today=today)
    return Answer(say=(ask.words.message("pause.until", ((back,),), day=day, waits=_waits(ask, subscription)),))


def _until_said(words: str, today: date) -> date:
    """The day on which a pause ends. Raises UserMistake, which says of one that would begin later that it begins at once."""
    try:
        return read_until(words, today)
    except UserMistake:
        if (found := _RANGE.fullmatch(words)) and read_until(found["end"], today):
            raise UserMistake("pause.begins_now", end=found["end"]) from None
        raise


def _waits(ask: Ask, subscription: Subscription) -> Text:
    """“Your streak waits.” for those who keep one."""
    return ask.words.text("pause.streak_waits") if subscription.goal == Goal.STREAK else ()


async def resume(ask: Ask) -> Answer:
    """Come back from a pause."""
    subscription = await ask.subscription()
    today = (await ask.schedules(subscription)).today(ask.now)
    paused = any(_goes_on(one, today) for one in await subscriptions.pauses(ask.session, subscription.id))
    if subscription.is_active and not paused:
        return Answer(say=(ask.words.message("pause.none"),))
    return await come_back(ask, subscription)


def _goes_on(pause: Pause, today: date) -> bool:
    return pause.to_day is None or pause.to_day > today


async def come_back(ask: Ask, subscription: Subscription) -> Answer:
    """Doses come again, from the next hour of theirs on."""
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    # where they were may be gone: they are here now
    if ask.incoming.private and await _blocked_since(ask, subscription):
        here = ask.incoming.address
        subscription.platform, subscription.chat, subscription.thread = here.platform, here.chat, here.thread
    await subscriptions.end_pause(ask.session, subscription.id, today)
    subscription.state = SubscriptionState.ACTIVE
    due = await next_dose(ask, subscription, history)
    subscriptions.set_due(subscription, due)
    when = day_said(ask, due.day, subscription.zone) if due else "—"
    buttons = ((Button(ask.words.say("button.today"), "today"),),)
    said = ask.words.message("pause.back", buttons, when=when, hour=show_hour(subscription.hour))
    return Answer(edit=said) if ask.incoming.action else Answer(say=(said,))


async def come_back_if_blocked(ask: Ask, subscription: Subscription) -> Answer:
    """They let us in again after a block: doses come as before. A pause they asked for goes on."""
    if await _blocked_since(ask, subscription) is None:
        return Answer()
    return await come_back(ask, subscription)


async def unreached(ask: Ask) -> Message | None:
    """For somebody whose doses are paused because none got through, and who is here: since when, and what to change."""
    if not await people.exists(ask.session, ask.person.id):
        return None
    subscription = await subscriptions.of_person(ask.session, ask.person.id)
    since = await _blocked_since(ask, subscription) if subscription and subscription.is_paused else None
    if subscription is None or since is None:
        return None
    day = show_date(since, ask.words.language, today=(await ask.schedules(subscription)).today(ask.now))
    back = Button(ask.words.say("button.resume"), "resume")
    return ask.words.message("pause.unreached", ((back,),), day=day)


async def _blocked_since(ask: Ask, subscription: Subscription) -> date | None:
    """The first day of a pause that goes on because nothing got through to them."""
    pauses = await subscriptions.pauses(ask.session, subscription.id)
    return next((one.from_day for one in pauses if one.why == "blocked" and one.to_day is None), None)


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
    await subscriptions.begin_pause(ask.session, subscription.id, first, None, "asked")
    subscription.state = SubscriptionState.STOPPED
    subscriptions.set_due(subscription, None)
    return Answer(edit=ask.words.message("stop.done"))
