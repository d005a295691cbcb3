"""Questions answered by a press: which trail, which hour, how long, which days, which clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Rows, rows
from bot.i18n.showing import show_days, show_hour, show_place
from bot.i18n.words import Words
from bot.learning.places import City

FIRST_TRAILS = 3
"""How many trails the first screen shows; the rest is one press away."""
HOURS = (time(7), time(8), time(12), time(18), time(20), time(22))
EVENINGS = (time(19), time(20), time(21), time(22))
DAY_CHOICES = ("1234567", "12345", "135", "67")


def trail_choice(catalog: Catalog, words: Words, *, every: bool = False, now: str = "") -> Message:
    """Which trail? The first few, or all of them with what each is about; the one they are on is ticked."""
    shown = catalog.trails if every else catalog.trails[:FIRST_TRAILS]
    buttons = [
        Button(f"{'✓ ' if trail.id == now else ''}{trail.name.in_(words.language)}", f"trail:{trail.id}")
        for trail in shown
    ]
    if len(shown) < len(catalog.trails):
        buttons.append(Button(words.say("button.all_trails"), "trails"))
    if every:
        buttons.append(Button(words.say("button.pick_topics"), "topics"))
    if not every:
        return words.message("start.which_trail", rows(buttons, 1))
    return Message(
        words.text("trail.choose")
        + tuple(
            span
            for trail in shown
            for span in words.text(
                "trail.line", name=trail.name.in_(words.language), about=trail.about.in_(words.language)
            )
        ),
        rows(buttons, 1),
    )


def hour_choice(words: Words) -> Message:
    """At what hour?"""
    return words.message("time.choose", rows((Button(show_hour(hour), f"hour:{hour:%H:%M}") for hour in HOURS), 3))


def nudge_choice(words: Words, now: time | None) -> Message:
    """A word in the evening, at what hour? Or none."""
    buttons = rows((Button(show_hour(hour), f"nudge:{hour:%H:%M}") for hour in EVENINGS), 4)
    off = Button(words.say("button.no_nudge"), "nudge:off")
    key = "nudge.choose" if now is None else "nudge.choose_other"
    return words.message(key, (*buttons, (off,)), hour=show_hour(now) if now else "")


def days_choice(words: Words) -> Message:
    """On which days?"""
    return words.message(
        "days.choose",
        rows((Button(day_words(days, words), f"days:{days}") for days in DAY_CHOICES), 2),
    )


def language_choice(words: Words, languages: Sequence[tuple[str, str]]) -> Message:
    """Which language? Each under its own name for itself."""
    return words.message("language.choose", rows(Button(name, f"language:{code}") for code, name in languages))


def clock_choice(words: Words, clocks: Sequence[time], more: str | None) -> Message:
    """What time is it there? Also by a shared location or a typed city. `more` is the action that shows other clocks."""
    buttons: Rows = rows((Button(show_hour(clock), f"clock:{clock:%H:%M}") for clock in clocks), 4)
    if more:
        buttons += ((Button(words.say("button.other_clock"), more),),)
    return Message(words.text("zone.which_clock"), buttons, location_label=words.say("button.location"))


def city_choice(words: Words, cities: Sequence[City], asks: str = "zone.which_city") -> Message:
    """Which of these cities is yours?"""
    return words.message(
        asks,
        rows((Button(_place(city, words.language), f"zone:{city.zone}") for city in cities), 2),
    )


def day_words(days: str, words: Words) -> str:
    """“seg a sex”, “every day”."""
    return show_days(frozenset(map(int, days)), words.language)


def local_hour(now: datetime, zone: str, ahead: timedelta = timedelta()) -> time:
    """The wall clock somewhere, to the minute."""
    return (now + ahead).astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)


def _place(city: City, language: str) -> str:
    """A city with what tells it from its namesakes."""
    return show_place(city.called(language), city.country, language, city.region)
