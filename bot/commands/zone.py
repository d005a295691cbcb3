"""Where somebody is, by a city, by what their clock shows, or by a place they share."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cards.choices import city_choice, clock_choice, local_hour
from bot.chat import Answer, Button, Message, lines
from bot.commands.ask import Ask
from bot.commands.reading.hours import read_hour
from bot.commands.reading.typed import mistake_about
from bot.commands.schedule import change, question, theirs
from bot.errors import UserMistake
from bot.i18n.showing import show_hour, show_place
from bot.learning.cities import fold
from bot.learning.places import City, cities_with_clock, clock_screens, find_cities, is_name, is_zone, nearest_city
from bot.states import SubscriptionState
from bot.store import subscriptions
from bot.store.soundness import WEEK

A_CLOCK = re.compile(r"\d{1,2}(?:[:h.]\d{0,2})?\s*(?:am|pm)?", re.IGNORECASE)
"""Words that are a time of day, not a city."""
SHORT = 3
"""Letters of a word that may be a city's code or nothing at all."""
FAR_LARGER = 10
"""How many times as large as its namesakes a city is meant without asking."""


async def set_zone(ask: Ask) -> Answer:
    """Change the zone: by a city, or by the clock."""
    if ask.rest:
        return await read_city(ask)
    return which_clock(ask, await zone_so_far(ask))


async def zone_so_far(ask: Ask) -> str:
    """Where they are as far as we know; the usual zone where theirs means nothing any more."""
    zone = (await theirs(ask, sound=False)).zone
    return zone if is_zone(zone) else ask.settings.default_zone


def which_clock(ask: Ask, near: str, screen: int = 0) -> Answer:
    """Which of these is your time now? The clocks nearest to the guess first, the stranger ones a press away."""
    screens = clock_screens(ask.now, near)
    shown = screens[screen % len(screens)]
    more = f"clock:more:{screen + 1}" if screen + 1 < len(screens) else None
    return Answer(
        edit=clock_choice(ask.words, [clock.time for clock in shown], more), ask=question(ask, "city", "zone.prompt")
    )


async def press_clock(ask: Ask) -> Answer:
    """They said what time it is there: one zone at once, or one row of cities that differ within a year."""
    near = await zone_so_far(ask)
    if ask.rest.startswith("more:"):
        screen = ask.rest.partition(":")[2]
        return which_clock(ask, near, int(screen) if screen.isdecimal() and len(screen) < 3 else 0)
    cities = cities_with_clock(read_hour(ask.rest), ask.now, near)
    if not cities:  # the message is old and the clocks went on
        return which_clock(ask, near)
    if len({city.zone for city in cities}) == 1:
        return await _move_to(ask, cities[0].zone)
    if (draft := await theirs(ask, sound=False)).state == SubscriptionState.DRAFT:
        draft.zone = cities[0].zone  # whoever goes on without naming a city keeps the clock they said
    return Answer(edit=city_choice(ask.words, cities), ask=question(ask, "city", "zone.prompt"))


async def press_zone(ask: Ask) -> Answer:
    """A city's button."""
    return await _move_to(ask, ask.rest)


async def read_city(ask: Ask) -> Answer:
    """They typed a city, or an hour to say what time it is there."""
    if is_zone(ask.rest):
        return await _move_to(ask, ask.rest)
    if A_CLOCK.fullmatch(ask.rest):
        return await _read_clock(ask)
    cities = find_cities(ask.rest)
    if not cities:
        raise await _asked_again(ask, mistake_about("city", ask.rest))
    zones = {city.zone for city in cities}
    if not _is_too_short(ask.rest) and (len(zones) == 1 or cities[0].population > FAR_LARGER * cities[1].population):
        return await _move_to_city(ask, cities[0])
    choice = city_choice(ask.words, cities, "zone.which_namesake" if len(cities) > 1 else "zone.is_it_this")
    if is_name(ask.rest):
        return Answer(edit=choice, ask=question(ask, "city", "zone.prompt"))
    mistake = mistake_about("city_called_so", ask.rest)
    mistake.again, mistake.asks = replace(choice, text=()), question(ask, "city", "zone.prompt")
    raise mistake


async def _read_clock(ask: Ask) -> Answer:
    try:
        return await press_clock(ask)
    except UserMistake as mistake:
        raise await _asked_again(ask, mistake_about("clock", ask.rest)) from mistake


async def _asked_again(ask: Ask, mistake: UserMistake) -> UserMistake:
    """A mistake that shows the clocks again, and listens."""
    again = which_clock(ask, await zone_so_far(ask))
    mistake.again, mistake.asks = again.edit, again.ask
    return mistake


async def take_location(ask: Ask) -> Answer:
    """They shared where they are."""
    location = ask.incoming.location
    city: City | None = nearest_city(location.latitude, location.longitude) if location else None
    if city is None:
        raise UserMistake("mistake.no_such_place")
    return await _move_to_city(ask, city)


def _is_too_short(typed: str) -> bool:
    """“abc” is somebody's name for Albacete and three letters of the alphabet: such words ask before they move a clock."""
    return len(fold(typed)) <= SHORT


async def _move_to_city(ask: Ask, city: City) -> Answer:
    """Go by the clock of a city, and say which one was understood, with a way back."""
    answer = await _move_to(ask, city.zone)
    place = show_place(city.called(ask.words.language), city.country, ask.words.language, city.region)
    clock = show_hour(local_hour(ask.now, city.zone))
    understood = ask.words.text("zone.understood", place=place, clock=clock)
    back = (Button(ask.words.say("button.not_there"), "ask:clock"),)

    def named(message: Message) -> Message:
        is_draft = any(button.action == "begin" for row in message.buttons for button in row)
        buttons = message.buttons if is_draft else (*message.buttons, back)  # a proposal has its own way back
        return replace(message, text=lines(understood, message.text), buttons=buttons)

    if answer.edit:
        return replace(answer, edit=named(answer.edit))
    first, *others = answer.say
    return replace(answer, say=(named(first), *others))


async def _move_to(ask: Ask, zone: str) -> Answer:
    if not is_zone(zone):
        raise UserMistake("mistake.stale_button")
    await subscriptions.make_sense(ask.session, await theirs(ask, sound=False), zone=zone, days=WEEK)
    return await change(ask, zone=zone)
