"""A pause, coming back, and the end of a subscription; everything learnt stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.cards.pauses import back_button, call_off_button, pause_choice, still_planned
from bot.chat import Answer, Button, Message, Question, Text, lines
from bot.commands.ask import Ask
from bot.commands.reading.pauses import Away, read_pause
from bot.commands.schedule import day_said, next_dose, next_said, question, sent_today, wall_day
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_dates, show_hour
from bot.learning.pauses import Pause, Stretch, goes_on, is_ahead, is_planned, stands_for_a_block, stretch_around
from bot.learning.schedule import DAY
from bot.states import Goal, SubscriptionState
from bot.store import days_off, people, questions, subscriptions
from bot.store.tables import Subscription


async def pause(ask: Ask) -> Answer:
    """Pause until a day, or from a day to another; without one it asks for how long, and only the button there pauses until they say so."""
    subscription = await ask.subscription()
    if not ask.rest and not ask.incoming.action:
        return await ask_how_long(ask, subscription)
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    moved = await _being_moved(ask, subscription, today)
    away = _away_said(ask, wall_day(ask, subscription.zone), moved) if ask.rest else Away(None, None)
    first = today + DAY if await sent_today(ask, subscription, today) else today
    before = await days_off.pauses(ask.session, subscription.id)
    if moved:
        await days_off.call_off(ask.session, subscription.id, moved.from_day)
    if blocked_since(before):  # they are here
        await let_in(ask, subscription, today)
    if away.until is None:
        return await _pause_openly(ask, subscription, Pause(first, None, "asked"), today)
    wish = Pause(max(first, away.first or first), away.until, "asked")
    if away.until <= wish.from_day:
        raise UserMistake("pause.nothing_left")
    await days_off.begin_pause(ask.session, subscription.id, wish, today)
    subscription.state = SubscriptionState.ACTIVE
    subscriptions.set_due(subscription, await next_dose(ask, subscription, history))
    return Answer(say=(await _asked_said(ask, subscription, before, wish, today, away),))


async def _pause_openly(ask: Ask, subscription: Subscription, new: Pause, today: date) -> Answer:
    """Pause until they say so."""
    await days_off.begin_pause(ask.session, subscription.id, new, today)
    subscription.state = SubscriptionState.PAUSED
    subscriptions.set_due(subscription, None)
    back = ((back_button(ask.words),),)
    return Answer(say=(ask.words.message("pause.open", back, waits=_waits(ask, subscription)),))


async def ask_how_long(ask: Ask, subscription: Subscription) -> Answer:
    """For how long? A day, or from when to when, may be typed as well. A pause that is there already is named, with ways to change it."""
    today = (await ask.schedules(subscription)).today(ask.now)
    current, ahead = await _current(ask, subscription, today), await _ahead(ask, subscription, today)
    there = [current, *(one for one in ahead if one != current)] if current else ahead
    return Answer(say=(pause_choice(ask.words, there, today),), ask=question(ask, "pause", "pause.prompt"))


async def press_move(ask: Ask) -> Answer:
    """Other days for a pause that has not begun: from when to when?"""
    subscription = await ask.subscription()
    today = (await ask.schedules(subscription)).today(ask.now)
    ahead = await _ahead(ask, subscription, today)
    found = next((one for one in ahead if one.to_day and one.from_day.isoformat() == ask.rest), None)
    if found is None:
        raise UserMistake("mistake.stale_button")
    said = ask.words.message("pause.other_days", days=span_of(ask, found, today))
    return Answer(edit=said, ask=_which_days(ask, found))


def _which_days(ask: Ask, moved: Pause | None) -> Question:
    """What the next words are read for: the days of a pause, or other days for one that is planned."""
    asked = question(ask, "pause", "pause.prompt")
    return replace(asked, about=moved.from_day.isoformat()) if moved else asked


async def _being_moved(ask: Ask, subscription: Subscription, today: date) -> Pause | None:
    """The planned pause that these words are other days for."""
    if ask.incoming.action:
        return None
    waiting = await questions.open_question(ask.session, ask.person.id, ask.incoming.address, ask.now)
    about = waiting.about if waiting and waiting.kind == "pause" else ""
    ahead = await _ahead(ask, subscription, today) if about else []
    return next((one for one in ahead if one.to_day and one.from_day.isoformat() == about), None)


def _away_said(ask: Ask, today: date, moved: Pause | None) -> Away:
    """The days they mean; a day alone is until when a pause goes that is given other days. A mistake lets them say it anew."""
    try:
        away = read_pause(ask.rest, today)
        if not moved or (away.first and away.until):
            return away
        if not away.until or away.until <= moved.from_day:
            raise UserMistake("pause.no_end")
        return Away(moved.from_day, away.until)
    except UserMistake as mistake:
        mistake.asks = _which_days(ask, moved)
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
    button = call_off_button(ask.words, own) if is_ahead(own, today) else back_button(ask.words)
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
    meant = ask.rest if ask.incoming.action else ""
    ahead = await _ahead(ask, subscription, today)
    if found := next((one for one in ahead if one.from_day.isoformat() == meant), None):
        return await _call_off(ask, subscription, found, today)
    if subscription.is_active and not await _current(ask, subscription, today):
        told = [still_planned(ask.words, one, today) for one in ahead]
        buttons = tuple((call_off_button(ask.words, one),) for one in ahead[:3])
        return Answer(say=(Message(lines(ask.words.text("pause.none"), *told), buttons),))
    return await come_back(ask, subscription)


async def _ahead(ask: Ask, subscription: Subscription, today: date) -> list[Pause]:
    """The pauses they asked for that have not begun."""
    pauses = await days_off.pauses(ask.session, subscription.id)
    return [one for one in pauses if is_ahead(one, today) and not stands_for_a_block(one)]


async def _current(ask: Ask, subscription: Subscription, today: date) -> Pause | None:
    """The pause that goes on."""
    pauses = await days_off.pauses(ask.session, subscription.id)
    return next((one for one in pauses if goes_on(one, today)), None)


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
    return Answer(edit=said) if ask.incoming.action else Answer(say=(said,))


async def _back_said(ask: Ask, subscription: Subscription, today: date) -> Message:
    """When the next dose comes, and which pauses there are all the same."""
    when = day_said(ask, subscription.next_day, subscription.zone) if subscription.next_day else "—"
    current = await _current(ask, subscription, today)
    ahead = [one for one in await _ahead(ask, subscription, today) if one != current]
    if current and current.to_day:
        said = ask.words.text("pause.back_within", days=span_of(ask, current, today), when=when)
    else:
        said = ask.words.text("pause.back", when=when, hour=show_hour(subscription.hour))
    first = back_button(ask.words) if current else Button(ask.words.say("button.today"), "today")
    told = [still_planned(ask.words, one, today) for one in ahead]
    return Message(lines(said, *told), ((first,), *((call_off_button(ask.words, one),) for one in ahead[:3])))


async def come_back_if_blocked(ask: Ask, subscription: Subscription) -> Answer:
    """They let us in again after a block: doses come as before. A pause they asked for goes on."""
    if blocked_since(await days_off.pauses(ask.session, subscription.id)) is None:
        return Answer()
    return await come_back(ask, subscription)


async def let_in(ask: Ask, subscription: Subscription, today: date) -> None:
    """What stood for a block ends. Where they were may be gone: they are here now."""
    if ask.incoming.private:
        here = ask.incoming.address
        subscription.platform, subscription.chat, subscription.thread = here.platform, here.chat, here.thread
    await days_off.end_block(ask.session, subscription.id, today)
    subscription.state = SubscriptionState.ACTIVE


async def unreached(ask: Ask) -> Message | None:
    """For somebody whose doses are paused because none got through, and who is here: since when, and what to change."""
    if not await people.exists(ask.session, ask.person.id):
        return None
    subscription = await subscriptions.of_person(ask.session, ask.person.id)
    if subscription is None or not subscription.is_paused:
        return None
    since = blocked_since(await days_off.pauses(ask.session, subscription.id))
    if since is None:
        return None
    today = (await ask.schedules(subscription)).today(ask.now)
    day = show_date(min(since, today), ask.words.language, today=today)
    return ask.words.message("pause.unreached", ((back_button(ask.words),),), day=day)


def blocked_since(pauses: Sequence[Pause]) -> date | None:
    """The first day of a pause that goes on because nothing got through to them; after a pause they asked for, where it was within one."""
    return next((one.from_day for one in pauses if stands_for_a_block(one)), None)


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
