"""`/pause`: until a day, from a day to another, or until they say so; everything learnt stays."""

from __future__ import annotations

from datetime import date

from bot.cards.pauses import back_button, pause_choice
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.pausing.block import let_in, unreached
from bot.commands.pausing.move import being_moved, move_beside, which_days
from bot.commands.pausing.said import asked_said, streak_waits
from bot.commands.reading.pauses import Away, is_for_how_long, read_pause
from bot.commands.schedule import next_dose, question, sent_today, wall_day
from bot.errors import UserMistake
from bot.learning.pauses import Pause, asked_ahead, blocked_since, current, open_ended
from bot.learning.schedule import DAY
from bot.states import SubscriptionState
from bot.store import days_off, subscriptions
from bot.store.tables import Subscription


async def pause(ask: Ask) -> Answer:
    """Pause until a day, or from a day to another; without one it asks for how long, and only the button there pauses until they say so."""
    subscription = await ask.subscription()
    if not ask.rest and not ask.incoming.action:
        return await ask_how_long(ask, subscription)
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    moved = await being_moved(ask, subscription, today)
    wall = wall_day(ask, subscription.zone)
    away = _away_said(ask, wall, moved) if ask.rest else Away(None, None)
    first = today + DAY if await sent_today(ask, subscription, today) else today
    if away.until and first > wall and not moved and is_for_how_long(ask.rest, wall):
        away = away._replace(until=away.until + (first - wall))  # so many days without a dose: today's came already
    before = await days_off.pauses(ask.session, subscription.id)
    if blocked_since(before):  # they are here
        await let_in(ask, subscription, today)
    if away.until is None:
        return await _pause_openly(ask, subscription, Pause(first, None, "asked"), today)
    wish = Pause(max(first, away.first or first), away.until, "asked")
    if away.until <= wish.from_day:
        raise UserMistake("pause.nothing_left", asks=which_days(ask, moved))
    if moved and open_ended(before):
        return await move_beside(ask, subscription, moved, wish, today)
    if moved:
        await days_off.move_pause(ask.session, subscription.id, moved, wish, today)
    else:
        await days_off.begin_pause(ask.session, subscription.id, wish, today)
    subscription.state = SubscriptionState.ACTIVE
    subscriptions.set_due(subscription, await next_dose(ask, subscription, history))
    return Answer(say=(await asked_said(ask, subscription, before, wish, today, away),))


async def _pause_openly(ask: Ask, subscription: Subscription, new: Pause, today: date) -> Answer:
    """Pause until they say so."""
    await days_off.begin_pause(ask.session, subscription.id, new, today)
    subscription.state = SubscriptionState.PAUSED
    subscriptions.set_due(subscription, None)
    back = ((back_button(ask.words),),)
    return Answer(say=(ask.words.message("pause.open", back, waits=streak_waits(ask, subscription)),))


async def ask_how_long(ask: Ask, subscription: Subscription) -> Answer:
    """For how long? A day, or from when to when, may be typed as well. A pause that is there already is named, with ways to change it.

    Whose doses are paused because none got through hears that first, however often: the question alone would sound as if they came.
    """
    today = (await ask.schedules(subscription)).today(ask.now)
    pauses = await days_off.pauses(ask.session, subscription.id)
    now, ahead = current(pauses, today), asked_ahead(pauses, today)
    there = [now, *(one for one in ahead if one != now)] if now else ahead
    choice = pause_choice(ask.words, there, today)
    first = await unreached(ask)
    return Answer(say=(first, choice) if first else (choice,), ask=question(ask, "pause", "pause.prompt"))


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
        mistake.asks = which_days(ask, moved)
        raise
