"""How the days without doses are told: in one piece, with what became of what was planned before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cards.pauses import back_button, call_off_button
from bot.chat import Message, Text, lines
from bot.commands.ask import Ask
from bot.commands.reading.pauses import Away
from bot.commands.schedule import day_said
from bot.i18n.showing import show_date, show_dates
from bot.learning.pauses import Pause, Stretch, is_ahead, is_planned, stretch_around
from bot.learning.schedule import DAY
from bot.states import Goal
from bot.store import days_off
from bot.store.tables import Subscription


async def asked_said(
    ask: Ask, subscription: Subscription, before: Sequence[Pause], wish: Pause, today: date, away: Away
) -> Message:
    """The days without doses in one piece, what became of what was planned before, and a button that calls off what was asked for."""
    after = await days_off.pauses(ask.session, subscription.id)
    whole = stretch_around(after, wish.from_day, today)
    planned = [one for one in before if is_planned(one, today) and one.to_day and one != wish]
    told = [ask.words.text("pause.from_tomorrow")] if away.first and away.first < wish.from_day else []
    told += _became_of(ask, planned, after, whole, today)
    said = (_until_said if away.first is None else _planned_said)(ask, subscription, whole, today)
    own = next((one for one in whole.of if wish.covers(one.from_day) and one not in planned), None)
    if own is None:  # every day of it was planned already
        return Message(lines(said, *told))
    button = call_off_button(ask.words, own) if is_ahead(own, today) else back_button(ask.words)
    return Message(lines(said, *told), ((button,),))


async def moved_said(
    ask: Ask, subscription: Subscription, others: Sequence[Pause], wish: Pause, today: date
) -> Message:
    """The other days of a planned pause beside one without an end, what became of the `others`, and a button that calls it off."""
    after = [one for one in await days_off.pauses(ask.session, subscription.id) if one.to_day]
    whole = stretch_around(after, wish.from_day, today)
    planned = [one for one in others if is_planned(one, today) and one != wish]
    said = ask.words.text("pause.moved", days=span_of(ask, Pause(whole.first, whole.until, "asked"), today))
    own = next((one for one in whole.of if wish.covers(one.from_day) and one not in planned), None)
    buttons = ((call_off_button(ask.words, own),),) if own else ()
    return Message(lines(said, *_became_of(ask, planned, after, whole, today)), buttons)


def _became_of(ask: Ask, planned: Sequence[Pause], after: Sequence[Pause], whole: Stretch, today: date) -> list[Text]:
    """Which of the pauses that were planned before are part of these days, and which are gone."""
    part = [ask.words.text("pause.counted_in", days=span_of(ask, one, today)) for one in planned if one in whole.of]
    return part + [
        ask.words.text("pause.instead", days=span_of(ask, one, today)) for one in planned if one not in after
    ]


def _until_said(ask: Ask, subscription: Subscription, whole: Stretch, today: date) -> Text:
    """Until when, for a pause that begins now."""
    day = show_date(whole.until, ask.words.language, today=today)
    return ask.words.text("pause.until", day=day, waits=streak_waits(ask, subscription))


def _planned_said(ask: Ask, subscription: Subscription, whole: Stretch, today: date) -> Text:
    """From its first day to its last, or its only one, and when the next dose comes."""
    last = whole.until - DAY
    facts = {} if whole.first == last else {"last": show_date(last, ask.words.language, today=today)}
    return ask.words.text(
        "pause.planned" if facts else "pause.planned_day",
        first=show_date(whole.first, ask.words.language, today=today),
        when=day_said(ask, subscription.next_day or whole.until, subscription.zone),
        waits=streak_waits(ask, subscription),
        **facts,
    )


def span_of(ask: Ask, pause: Pause, today: date) -> str:
    """“20 December – 5 January”, from the first day to the last."""
    assert pause.to_day is not None, "a pause that is planned ends"
    return show_dates(pause.from_day, pause.to_day - DAY, ask.words.language, today=today)


def streak_waits(ask: Ask, subscription: Subscription) -> Text:
    """“Your streak waits.” for those who keep one."""
    return ask.words.text("pause.streak_waits") if subscription.goal == Goal.STREAK else ()
