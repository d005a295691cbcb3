"""A pause on a screen: for how long, the ones there are already, and the buttons that end one, take one back or give it other days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.chat import Button, Message, Text, lines
from bot.i18n.showing import show_date, show_dates, show_dates_short
from bot.i18n.words import Words
from bot.learning.pauses import Pause, is_ahead
from bot.learning.timetable import DAY

PAUSES = (3, 7, 14)
"""The lengths of a pause that are offered, in days."""
SHOWN = 3
"""How many pauses have buttons."""


def pause_choice(words: Words, there: Sequence[Pause], today: date) -> Message:
    """For how long, or until they say so? Pauses that are `there` are named first, each with its buttons."""
    running = any(not is_ahead(one, today) for one in there)
    asks = "pause.how_long_from_now" if running else "pause.one_more" if there else "settings.how_long"
    lengths = [Button(words.say("settings.days_long", n=days), f"pause:{days} days") for days in PAUSES]
    openly = () if any(one.to_day is None for one in there) else ((Button(words.say("settings.until_back"), "pause"),),)
    buttons = (*(row for one in there[:SHOWN] for row in _buttons(words, one, today)), tuple(lengths), *openly)
    ahead = [one for one in there if one.to_day and is_ahead(one, today)]
    told = [_told(words, one, today) for one in there if one not in ahead]
    return Message(lines(*told, still_planned(words, ahead, today), words.text(asks)), buttons)


def _told(words: Words, one: Pause, today: date) -> Text:
    """Until when a pause lasts that goes on, or that has no end."""
    if one.to_day is None:
        return words.text("pause.open_from_tomorrow" if is_ahead(one, today) else "pause.now_open")
    return words.text("pause.now_until", day=show_date(one.to_day, words.language, today=today))


def _buttons(words: Words, one: Pause, today: date) -> Iterator[tuple[Button, ...]]:
    if not is_ahead(one, today):
        yield (back_button(words),)
        return
    yield (call_off_button(words, one),)
    if one.to_day:
        days = show_dates_short(one.from_day, one.to_day - DAY, words.language)
        yield (Button(words.say("button.other_days", days=days), f"move:{one.from_day.isoformat()}"),)


def still_planned(words: Words, ahead: Sequence[Pause], today: date) -> Text | None:
    """Which pauses lie ahead, each from its first day to its last; nothing of one without an end."""
    spans = [show_dates(one.from_day, one.to_day - DAY, words.language, today=today) for one in ahead if one.to_day]
    return words.text("pause.still_planned", n=len(spans), days="; ".join(spans)) if spans else None


def call_off_button(words: Words, ahead: Pause) -> Button:
    """What takes a pause back that has not begun, and says which: there may be several."""
    if ahead.to_day is None:
        return Button(words.say("settings.call_off"), calls_off(ahead))
    days = show_dates_short(ahead.from_day, ahead.to_day - DAY, words.language)
    return Button(words.say("settings.call_off_days", days=days), calls_off(ahead))


def calls_off(ahead: Pause) -> str:
    """The action of that button."""
    return f"resume:{ahead.from_day.isoformat()}"


def back_button(words: Words) -> Button:
    """What ends a pause."""
    return Button(words.say("button.resume"), "resume")
