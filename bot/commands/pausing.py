"""A pause, coming back, and the end of a subscription; everything learnt stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cards.settings import call_off_button, pause_choice
from bot.chat import Answer, Button, Message, Text, lines
from bot.commands.ask import Ask
from bot.commands.reading.pauses import Away, read_pause
from bot.commands.schedule import day_said, next_dose, next_said, question, sent_today, wall_day
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_dates, show_hour
from bot.learning.pauses import Pause, Stretch, goes_on, is_planned, stretch_around
from bot.learning.schedule import DAY
from bot.states import Goal, SubscriptionState
from bot.store import days_off, people, subscriptions
from bot.store.tables import Subscription


async def pause(ask: Ask) -> Answer:
    """Pause until a day, or from a day to another; without one it asks for how long, and only the button there pauses until they say so."""
    subscription = await ask.subscription()
    if not ask.rest and not ask.incoming.action:
        return ask_how_long(ask)
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    away = _away_said(ask, wall_day(ask, subscription.zone)) if ask.rest else Away(None, None)
    first = today + DAY if await sent_today(ask, subscription, today) else today
    if away.until is None:
        return await _pause_openly(ask, subscription, Pause(first, None, "asked"), today)
    wish = Pause(max(first, away.first or first), away.until, "asked")
    if away.until <= wish.from_day:
        raise UserMistake("pause.nothing_left")
    before = await days_off.pauses(ask.session, subscription.id)
    await days_off.begin_pause(ask.session, subscription.id, wish, today)
    subscription.state = SubscriptionState.ACTIVE
    subscriptions.set_due(subscription, await next_dose(ask, subscription, history))
    return Answer(say=(await _asked_said(ask, subscription, before, wish, today, away),))


async def _pause_openly(ask: Ask, subscription: Subscription, new: Pause, today: date) -> Answer:
    """Pause until they say so."""
    await days_off.begin_pause(ask.session, subscription.id, new, today)
    subscription.state = SubscriptionState.PAUSED
    subscriptions.set_due(subscription, None)
    back = Button(ask.words.say("button.resume"), "resume")
    return Answer(say=(ask.words.message("pause.open", ((back,),), waits=_waits(ask, subscription)),))


def ask_how_long(ask: Ask) -> Answer:
    """For how long? A day, or from when to when, may be typed as well as pressed."""
    return Answer(say=(pause_choice(ask.words),), ask=question(ask, "pause", "pause.prompt"))


def _away_said(ask: Ask, today: date) -> Away:
    """The days they mean; a mistake lets them say it anew."""
    try:
        return read_pause(ask.rest, today)
    except UserMistake as mistake:
        mistake.asks = question(ask, "pause", "pause.prompt")
        raise


async def _asked_said(
    ask: Ask, subscription: Subscription, before: Sequence[Pause], wish: Pause, today: date, away: Away
) -> Message:
    """The days without doses in one piece, what became of what was planned before, and a button that calls off what was asked for."""
    after = await days_off.pauses(ask.session, subscription.id)
    whole = stretch_around(after, wish.from_day, today)
    planned = [one for one in before if is_planned(one, today) and one.to_day and one != wish]
    told = [ask.words.text("pause.from_tomorrow")] if away.first and away.first < wish.from_day else []
    told += [ask.words.text("pause.counted_in", days=span_of(ask, one, today)) for one in planned if one in whole.of]
    told += [ask.words.text("pause.instead", days=span_of(ask, one, today)) for one in planned if one not in after]
    said = (_until_said if away.first is None else _planned_said)(ask, subscription, whole, today)
    own = next((one for one in whole.of if wish.covers(one.from_day) and one not in planned), None)
    if own is None:  # every day of it was planned already
        return Message(lines(said, *told))
    back = Button(ask.words.say("button.resume"), "resume")
    button = back if goes_on(own, today) else call_off_button(ask.words, own)
    return Message(lines(said, *told), ((button,),))


def _until_said(ask: Ask, subscription: Subscription, whole: Stretch, today: date) -> Text:
    """Until when, for a pause that begins now."""
    day = show_date(whole.until, ask.words.language, today=today)
    return ask.words.text("pause.until", day=day, waits=_waits(ask, subscription))


def _planned_said(ask: Ask, subscription: Subscription, whole: Stretch, today: date) -> Text:
    """From its first day to its last, or its only one, and when the next dose comes."""
    last = whole.until - DAY
    facts = {} if whole.first == last else {"last": show_date(last, ask.words.language, today=today)}
    return ask.words.text(
        "pause.planned" if facts else "pause.planned_day",
        first=show_date(whole.first, ask.words.language, today=today),
        when=day_said(ask, subscription.next_day or whole.until, subscription.zone),
        waits=_waits(ask, subscription),
        **facts,
    )


def span_of(ask: Ask, pause: Pause, today: date) -> str:
    """“20 December – 5 January”, from the first day to the last."""
    assert pause.to_day is not None, "a pause that is planned ends"
    return show_dates(pause.from_day, pause.to_day - DAY, ask.words.language, today=today)


def _waits(ask: Ask, subscription: Subscription) -> Text:
    """“Your streak waits.” for those who keep one."""
    return ask.words.text("pause.streak_waits") if subscription.goal == Goal.STREAK else ()


async def resume(ask: Ask) -> Answer:
    """Come back from a pause; a button with a day calls off the one that was planned from that day on."""
    subscription = await ask.subscription()
    today = (await ask.schedules(subscription)).today(ask.now)
    pauses = await days_off.pauses(ask.session, subscription.id)
    planned = [one for one in pauses if is_planned(one, today)]
    meant = ask.rest if ask.incoming.action else ""
    if found := next((one for one in planned if one.from_day.isoformat() == meant), None):
        return await _call_off(ask, subscription, found, today)
    if subscription.is_active and not any(goes_on(one, today) for one in pauses):
        told = _still_planned(ask, planned, today)
        buttons = tuple((call_off_button(ask.words, one),) for one in planned[:3])
        return Answer(say=(Message(lines(ask.words.text("pause.none"), *told), buttons),))
    return await come_back(ask, subscription)


def _still_planned(ask: Ask, planned: Sequence[Pause], today: date) -> list[Text]:
    return [ask.words.text("pause.still_planned", days=span_of(ask, one, today)) for one in planned if one.to_day]


async def _call_off(ask: Ask, subscription: Subscription, planned: Pause, today: date) -> Answer:
    """A pause that was planned will not be."""
    await days_off.call_off(ask.session, subscription.id, planned.from_day)
    if subscription.is_active:
        subscriptions.set_due(subscription, await next_dose(ask, subscription, await ask.schedules(subscription)))
    said = lines(
        ask.words.text("pause.called_off", days=span_of(ask, planned, today)), await next_said(ask, subscription)
    )
    return Answer(edit=Message(said))


async def come_back(ask: Ask, subscription: Subscription) -> Answer:
    """Doses come again, from the next hour of theirs on."""
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    # where they were may be gone: they are here now
    if ask.incoming.private and await _blocked_since(ask, subscription):
        here = ask.incoming.address
        subscription.platform, subscription.chat, subscription.thread = here.platform, here.chat, here.thread
    await days_off.end_pause(ask.session, subscription.id, today)
    subscription.state = SubscriptionState.ACTIVE
    due = await next_dose(ask, subscription, history)
    subscriptions.set_due(subscription, due)
    when = day_said(ask, due.day, subscription.zone) if due else "—"
    buttons = ((Button(ask.words.say("button.today"), "today"),),)
    back = ask.words.text("pause.back", when=when, hour=show_hour(subscription.hour))
    planned = [one for one in await days_off.pauses(ask.session, subscription.id) if is_planned(one, today)]
    said = Message(lines(back, *_still_planned(ask, planned, today)), buttons)
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
    pauses = await days_off.pauses(ask.session, subscription.id)
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
    await days_off.call_off_all(ask.session, subscription.id, first)
    await days_off.begin_pause(ask.session, subscription.id, Pause(first, None, "asked"), today)
    subscription.state = SubscriptionState.STOPPED
    subscriptions.set_due(subscription, None)
    return Answer(edit=ask.words.message("stop.done"))
