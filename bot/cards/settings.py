"""Everything somebody can change, on one screen: what holds now, and a button to the command that changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.cards.choices import day_words, local_hour
from bot.cards.pauses import calls_off
from bot.cards.preferences import show_languages, show_sizes
from bot.chat import Button, Message, Span, lines, rows
from bot.i18n.showing import show_dates, show_hour
from bot.i18n.words import Words
from bot.learning.pauses import Pause, is_ahead, stands_for_a_block
from bot.learning.preferences import languages_for
from bot.learning.timetable import DAY
from bot.store.tables import Subscription


@dataclass(frozen=True, slots=True)
class Held:
    """What holds now: the subscription, the name of its way, the language we speak, and the pause that goes on, or the next one ahead.

    What stands for a block is a pause that goes on. `window` is between which hours a dose comes, where many people share its minute.
    """

    subscription: Subscription
    way: str
    language: str
    today: date
    now: datetime
    pause: Pause | None = None
    window: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing to change: its name under `settings.`, what holds now, the action of its button, and its words if they are others."""

    name: str
    value: str
    action: str
    button: str = ""


def settings_message(words: Words, held: Held) -> Message:
    """The screen: a line for each with what holds now, and below them the buttons in the same order."""
    settings = _lines(words, held)
    told = [(Span(f"{words.one_of('settings', one.name)}: "), Span(one.value, bold=True)) for one in settings]
    buttons = [Button(words.one_of("settings", one.button or one.name), one.action) for one in settings]
    buttons.append(Button(words.say("button.taste"), "taste"))  # nothing they set: what their presses say
    return Message(lines(words.text("settings.head"), *told), rows(buttons, 3))


def _lines(words: Words, held: Held) -> list[_Line]:
    theirs = held.subscription
    other = "light" if theirs.picture == "dark" else "dark"
    nudge = show_hour(theirs.nudge_at) if theirs.nudge_at else words.say("settings.none")
    return [
        _Line("hour", _hour(words, held), "hour"),
        _Line("minutes", show_sizes(words, theirs.minutes, theirs.minutes_on), "minutes"),
        _Line("days", day_words(theirs.days, words), "days"),
        _Line("clock", show_hour(local_hour(held.now, theirs.zone)), "ask:clock"),
        _Line("way", held.way, "trails"),
        _Line("level", words.one_of("depth", str(theirs.level)), "level"),
        _Line("languages", _languages(words, theirs), "languages"),
        _Line("goal", _goal(words, theirs), "goal"),
        _Line("nudge", nudge, "nudge"),
        _Line("digest", _digest(words, theirs), "digest"),
        _Line("recall", f"{theirs.retention}%", "recall:aim"),
        _Line("picture", words.one_of("settings", theirs.picture), f"progress:{other}"),
        _Line("language", held.language, "language"),
        _pause(words, held),
    ]


def _hour(words: Words, held: Held) -> str:
    if held.window is None or held.window[0] != held.subscription.hour:  # today's dose may still have the hour before
        return show_hour(held.subscription.hour)
    first, last = map(show_hour, held.window)
    return words.say("window.in_settings", first=first, last=last)


def _languages(words: Words, theirs: Subscription) -> str:
    return show_languages(words, languages_for(theirs.resource_languages, words.language)) or words.say("settings.none")


def _goal(words: Words, theirs: Subscription) -> str:
    return words.say(f"settings.goal_{theirs.goal}", n=theirs.weekly)


def _digest(words: Words, theirs: Subscription) -> str:
    if theirs.digest_day is None or theirs.digest_at is None:
        return words.say("settings.none")
    return f"{day_words(str(theirs.digest_day), words)} {show_hour(theirs.digest_at)}"


def _pause(words: Words, held: Held) -> _Line:
    """From when to when, before it begins as well as within it; the button takes it back, or ends it."""
    pause = held.pause
    if pause is None:
        return _Line("pause", words.say("settings.none"), "settings:pause")
    if stands_for_a_block(pause):
        return _Line("pause", words.say("settings.unreached"), "resume", "back")
    ahead = is_ahead(pause, held.today)
    if pause.to_day:
        days = show_dates(pause.from_day, pause.to_day - DAY, words.language, today=held.today)
    else:
        days = words.say("settings.from_tomorrow" if ahead else "settings.until_you_return")
    return _Line("pause", days, calls_off(pause), "call_off") if ahead else _Line("pause", days, "resume", "back")
