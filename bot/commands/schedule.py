"""When doses come: hour, days, zone, pause. What changes acts from today if nothing was sent yet, else from tomorrow."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.cards.choices import (
    city_choice,
    clock_choice,
    day_words,
    days_choice,
    hour_choice,
    local_hour,
)
from bot.cards.preferences import minutes_choice
from bot.chat import Answer, Button, Message, Question, Text
from bot.commands.ask import Ask
from bot.commands.digest import keep_digest
from bot.commands.nudge import keep_nudge
from bot.commands.reading.dates import read_days, read_until
from bot.commands.reading.hours import read_hour
from bot.commands.reading.typed import mistake_about
from bot.commands.window import with_window
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_hour
from bot.learning.places import City, cities_with_clock, clock_screens, find_cities, is_zone, nearest_city
from bot.learning.schedule import DAY, Due, Schedules
from bot.learning.timetable import Timetable
from bot.store import doses, news, outbox, subscriptions
from bot.store.tables import Pause, Subscription

INSTANT = timedelta(microseconds=1)
A_CLOCK = re.compile(r"\d{1,2}(?:[:h.]\d{0,2})?\s*(?:am|pm)?", re.IGNORECASE)
"""Words that are a time of day, not a city."""
FAR_LARGER = 10
"""How many times as large as its namesakes a city is meant without asking."""

# --------------------------------------------------------------------------------------------- hour, days


async def set_hour(ask: Ask) -> Answer:
    """Change the hour of the dose."""
    if not ask.rest:
        return Answer(say=(hour_choice(ask.words),), ask=_question(ask, "hour", "time.prompt"))
    try:
        hour = read_hour(ask.rest)
    except UserMistake as mistake:
        mistake.again, mistake.asks = hour_choice(ask.words), _question(ask, "hour", "time.prompt")
        raise
    return await _change(ask, hour=hour)


async def set_days(ask: Ask) -> Answer:
    """Change the days of the week."""
    if not ask.rest:
        return Answer(say=(days_choice(ask.words),), ask=_question(ask, "days", "days.prompt"))
    try:
        days = frozenset(map(int, ask.rest)) if ask.rest.isascii() and ask.rest.isdecimal() else read_days(ask.rest)
    except UserMistake as mistake:
        mistake.again, mistake.asks = days_choice(ask.words), _question(ask, "days", "days.prompt")
        raise
    if not days or not days <= frozenset(range(1, 8)):
        raise UserMistake("reading.no_such_days", typed=ask.rest, again=days_choice(ask.words))
    return await _change(ask, days=days)


async def ask_for(ask: Ask) -> Answer:
    """A button that asks for one thing: the hour, the minutes, the days or the clock."""
    choices = {
        "hour": (hour_choice, "time.prompt"),
        "minutes": (minutes_choice, "minutes.prompt"),
        "days": (days_choice, "days.prompt"),
    }
    if ask.rest == "clock":
        return which_clock(ask, (await theirs(ask)).zone)
    if ask.rest not in choices:
        raise UserMistake("mistake.stale_button")
    choice, prompt = choices[ask.rest]
    return Answer(edit=choice(ask.words), ask=_question(ask, ask.rest, prompt))


# ------------------------------------------------------------------------------------------------------------- zone


async def set_zone(ask: Ask) -> Answer:
    """Change the zone: by a city, or by the clock."""
    if ask.rest:
        return await read_city(ask)
    return which_clock(ask, (await theirs(ask)).zone)


def which_clock(ask: Ask, near: str, screen: int = 0) -> Answer:
    """Which of these is your time now? The clocks nearest to the guess first, the stranger ones a press away."""
    screens = clock_screens(ask.now, near)
    shown = screens[screen % len(screens)]
    more = f"clock:more:{screen + 1}" if screen + 1 < len(screens) else None
    return Answer(
        edit=clock_choice(ask.words, [clock.time for clock in shown], more), ask=_question(ask, "city", "zone.prompt")
    )


async def press_clock(ask: Ask) -> Answer:
    """They said what time it is there: one zone at once, or one row of cities that differ within a year."""
    subscription = await theirs(ask)
    if ask.rest.startswith("more:"):
        screen = ask.rest.partition(":")[2]
        return which_clock(ask, subscription.zone, int(screen) if screen.isdecimal() and len(screen) < 3 else 0)
    cities = cities_with_clock(read_hour(ask.rest), ask.now, subscription.zone)
    if not cities:  # the message is old and the clocks went on
        return which_clock(ask, subscription.zone)
    if len({city.zone for city in cities}) == 1:
        return await _move_to(ask, cities[0].zone)
    return Answer(edit=city_choice(ask.words, cities), ask=_question(ask, "city", "zone.prompt"))


async def press_zone(ask: Ask) -> Answer:
    """A city's button."""
    return await _move_to(ask, ask.rest)


async def read_city(ask: Ask) -> Answer:
    """They typed a city, or an hour to say what time it is there."""
    if is_zone(ask.rest):
        return await _move_to(ask, ask.rest)
    if A_CLOCK.fullmatch(ask.rest):
        return await press_clock(ask)
    cities = find_cities(ask.rest)
    if not cities:
        again = which_clock(ask, (await theirs(ask)).zone)
        mistake = mistake_about("city", ask.rest)
        mistake.again, mistake.asks = again.edit, again.ask
        raise mistake
    zones = {city.zone for city in cities}
    if len(zones) == 1 or cities[0].population > FAR_LARGER * cities[1].population:
        return await _move_to(ask, cities[0].zone)
    return Answer(edit=city_choice(ask.words, cities, "zone.which_namesake"))


async def take_location(ask: Ask) -> Answer:
    """They shared where they are."""
    location = ask.incoming.location
    city: City | None = nearest_city(location.latitude, location.longitude) if location else None
    if city is None:
        raise UserMistake("mistake.no_such_place")
    return await _move_to(ask, city.zone)


async def _move_to(ask: Ask, zone: str) -> Answer:
    if not is_zone(zone):
        raise UserMistake("mistake.stale_button")
    return await _change(ask, zone=zone)


# ------------------------------------------------------------------------------------------------------------ pause


async def pause(ask: Ask) -> Answer:
    """Pause for good, or until a day."""
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    until = read_until(ask.rest, today) if ask.rest else None
    if until is not None and until <= today:
        raise UserMistake("reading.no_such_date", typed=ask.rest)
    first = today + DAY if await _sent_today(ask, subscription, today) else today
    await subscriptions.begin_pause(ask.session, subscription.id, first, until, "asked")
    back = Button(ask.words.say("button.resume"), "resume")
    if until is None:
        subscription.state = "paused"
        subscriptions.set_due(subscription, None)
        said = ask.words.message("pause.open", ((back,),), waits=_waits(ask, subscription))
        return Answer(say=(said,))
    subscription.state = "active"
    subscriptions.set_due(subscription, await next_dose(ask, subscription, history))
    day = show_date(until, ask.words.language, today=today)
    return Answer(say=(ask.words.message("pause.until", ((back,),), day=day, waits=_waits(ask, subscription)),))


def _waits(ask: Ask, subscription: Subscription) -> Text:
    """“Your streak waits.” for those who keep one."""
    return ask.words.text("pause.streak_waits") if subscription.goal == "streak" else ()


async def resume(ask: Ask) -> Answer:
    """Come back from a pause."""
    subscription = await ask.subscription()
    open_pauses = [one for one in await subscriptions.pauses(ask.session, subscription.id) if _goes_on(one, ask)]
    if subscription.state == "active" and not open_pauses:
        return Answer(say=(ask.words.message("pause.none"),))
    return await come_back(ask, subscription)


def _goes_on(pause: Pause, ask: Ask) -> bool:
    return pause.to_day is None or pause.to_day > ask.now.date()


async def come_back(ask: Ask, subscription: Subscription) -> Answer:
    """Doses come again, from the next hour of theirs on."""
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    await subscriptions.end_pause(ask.session, subscription.id, today)
    subscription.state = "active"
    due = await next_dose(ask, subscription, history)
    subscriptions.set_due(subscription, due)
    when = day_said(ask, due.day, today) if due else "—"
    buttons = ((Button(ask.words.say("button.today"), "today"),),)
    said = ask.words.message("pause.back", buttons, when=when, hour=show_hour(subscription.hour))
    return Answer(edit=said) if ask.incoming.action else Answer(say=(said,))


async def come_back_if_blocked(ask: Ask, subscription: Subscription) -> Answer:
    """They let us in again after a block: doses come as before. A pause they asked for goes on."""
    pauses = await subscriptions.pauses(ask.session, subscription.id)
    if not any(pause.why == "blocked" and pause.to_day is None for pause in pauses):
        return Answer()
    return await come_back(ask, subscription)


async def unsubscribe(ask: Ask) -> Answer:
    """Stop doses; asked once more, with a pause beside it."""
    subscription = await ask.subscription()
    buttons = (
        (
            Button(ask.words.say("button.stop"), "stop"),
            Button(ask.words.say("button.pause_instead"), "pause"),
        ),
    )
    waits = ask.words.text("stop.streak_waits") if subscription.goal == "streak" else ()
    return Answer(say=(ask.words.message("stop.sure", buttons, waits=waits),))


async def stop(ask: Ask) -> Answer:
    """Doses stop; everything learnt stays."""
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    first = today + DAY if await _sent_today(ask, subscription, today) else today
    await subscriptions.begin_pause(ask.session, subscription.id, first, None, "asked")
    subscription.state = "stopped"
    subscriptions.set_due(subscription, None)
    return Answer(edit=ask.words.message("stop.done"))


# ----------------------------------------------------------------------------------------------------- what they share


async def _change(ask: Ask, **wish: object) -> Answer:
    """Change the timetable of a draft at once, of a running subscription by the rule."""
    subscription = await theirs(ask)
    timetable: Timetable = replace(subscriptions.timetable_of(subscription), **wish)  # type: ignore[arg-type]
    if subscription.state == "draft":
        subscription.hour, subscription.zone = timetable.hour, timetable.zone
        subscription.days = "".join(map(str, sorted(timetable.days)))
        return await answer_or_proposal(ask, subscription, None)
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    changed = history.changed(timetable, ask.now, sent=await _sent_today(ask, subscription, today))
    await subscriptions.keep_schedules(ask.session, subscription, changed)
    await ask.session.flush()
    if subscription.state == "active":
        subscriptions.set_due(subscription, await next_dose(ask, subscription, changed))
    await keep_nudge(ask, subscription)
    await keep_digest(ask, subscription)
    said = await with_window(ask, _said(ask, subscription, today), subscription)
    return await answer_or_proposal(ask, subscription, said)


async def next_dose(ask: Ask, subscription: Subscription, history: Schedules) -> Due | None:
    """The next dose: not on a day that has its own, nor inside a pause that ends on a day."""
    first = history.today(ask.now)
    if await doses.of_day(ask.session, subscription.id, first):
        first += DAY
    for pause in await subscriptions.pauses(ask.session, subscription.id):
        if pause.to_day and pause.from_day <= first < pause.to_day:
            first = pause.to_day
    after = ask.now
    if subscription.next_day == first and subscription.next_due_at is not None and subscription.next_due_at <= after:
        after = subscription.next_due_at - INSTANT  # its hour has come, but it is not sent yet: it stays due
    return history.next_due(after, first)


def _said(ask: Ask, subscription: Subscription, today: date) -> Message:
    """What holds now, in one sentence, with the day from which it does."""
    return ask.words.message(
        "schedule.set",
        when=day_said(ask, subscription.next_day, today) if subscription.next_day else "—",
        hour=show_hour(subscription.hour),
        days=day_words(subscription.days, ask.words),
        clock=show_hour(local_hour(ask.now, subscription.zone)),
    )


async def answer_or_proposal(ask: Ask, subscription: Subscription, said: Message | None) -> Answer:
    """A draft shows its proposal again; a running subscription what holds now."""
    if subscription.state == "draft":
        said = ask.proposal(subscription)
    assert said is not None, "only a draft has nothing to say of its own"
    return Answer(edit=said) if ask.incoming.action else Answer(say=(said,))


async def theirs(ask: Ask) -> Subscription:
    """Their subscription, a draft too. Raises UserMistake when there is none."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    return found if found and found.trail and found.state == "draft" else await ask.subscription()


async def _sent_today(ask: Ask, subscription: Subscription, today: date) -> bool:
    """Is today's dose with the person? One that only waits is taken back and is due again, so that it follows the change."""
    gone = await doses.take_back(ask.session, await outbox.withdraw(ask.session, subscription.id))
    news.take_back(subscription, gone)
    for dose in gone:
        if dose.day == today:
            subscriptions.set_due(subscription, Due(dose.day, dose.due_at))
    return await doses.of_day(ask.session, subscription.id, today) is not None


def _question(ask: Ask, kind: str, prompt: str) -> Question:
    return Question(kind, ask.words.say(prompt))


def day_said(ask: Ask, day: date, today: date) -> str:
    """“today”, “tomorrow”, or the date."""
    if day == today:
        return ask.words.say("day.today")
    if day == today + timedelta(days=1):
        return ask.words.say("day.tomorrow")
    return ask.words.say("day.on", day=show_date(day, ask.words.language, today=today))


async def next_said(ask: Ask, subscription: Subscription) -> Text:
    """“See you tomorrow at 08:00.”; nothing where no dose is due."""
    if subscription.next_day is None:
        return ()
    today = (await ask.schedules(subscription)).today(ask.now)
    when = day_said(ask, subscription.next_day, today)
    return ask.words.text("done.next", when=when, hour=show_hour(subscription.hour))
