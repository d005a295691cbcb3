"""Other days for a pause that is planned: a button asks for them, and the next words are read for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.chat import Answer, Question
from bot.commands.ask import Ask
from bot.commands.pausing.said import moved_said, span_of
from bot.commands.schedule import question
from bot.errors import UserMistake
from bot.i18n.showing import show_date
from bot.learning.pauses import Pause, asked_ahead, is_planned
from bot.learning.timetable import DAY
from bot.store import days_off
from bot.store.tables import Subscription


async def press_move(ask: Ask) -> Answer:
    """Other days for a pause that has not begun: from when to when?"""
    subscription = await ask.subscription()
    today = (await ask.schedules(subscription)).today(ask.now)
    found = _planned_from(ask.rest, await days_off.pauses(ask.session, subscription.id), today)
    if found is None:
        raise UserMistake("mistake.stale_button")
    said = ask.words.message("pause.other_days", days=span_of(ask, found, today))
    return Answer(edit=said, ask=which_days(ask, found))


def which_days(ask: Ask, moved: Pause | None) -> Question:
    """What the next words are read for: the days of a pause, or other days for one that is planned."""
    asked = question(ask, "pause", "pause.prompt")
    return replace(asked, about=moved.from_day.isoformat()) if moved else asked


async def being_moved(ask: Ask, subscription: Subscription, today: date) -> Pause | None:
    """The planned pause that these words are other days for."""
    if ask.incoming.action:
        return None
    waiting = await ask.open_question()
    if waiting is None or waiting.kind != "pause" or not waiting.about:
        return None
    return _planned_from(waiting.about, await days_off.pauses(ask.session, subscription.id), today)


async def move_beside(ask: Ask, subscription: Subscription, planned: Pause, wish: Pause, today: date) -> Answer:
    """Other days while a pause without an end goes on. That stays as it is; the planned one is for whoever is back before it begins."""
    if not is_planned(wish, today):
        earliest, until = (
            show_date(day, ask.words.language, today=today) for day in (today + 2 * DAY, planned.from_day)
        )
        raise UserMistake("pause.open_already", asks=which_days(ask, planned), day=earliest, until=until)
    before = await days_off.pauses(ask.session, subscription.id)
    await days_off.move_pause(ask.session, subscription.id, planned, wish, today)
    others = [one for one in before if one.to_day and one != planned]
    return Answer(say=(await moved_said(ask, subscription, others, wish, today),))


def _planned_from(day: str, pauses: Sequence[Pause], today: date) -> Pause | None:
    """The planned pause that begins on a day, such as “2026-03-20”."""
    return next((one for one in asked_ahead(pauses, today) if one.to_day and one.from_day.isoformat() == day), None)
