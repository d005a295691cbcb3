"""Later: in two hours, this evening, tomorrow."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.chat import Answer, Button
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, their_dose
from bot.i18n.showing import show_hour
from bot.learning.timetable import find_zone
from bot.store import appointments

EVENING = time(19)
SOON = timedelta(hours=2)


async def press_later(ask: Ask) -> Answer:
    """When, then?"""
    subscription, dose = await their_dose(ask)
    if dose.outcome:
        return await already_done(ask, subscription, dose)
    local = ask.now.astimezone(find_zone(subscription.zone))
    buttons = [Button(ask.words.say("button.in_two_hours"), f"snooze:{dose.id}:soon")]
    if local.time() < EVENING:
        buttons.append(Button(ask.words.say("button.this_evening"), f"snooze:{dose.id}:evening"))
    buttons.append(Button(ask.words.say("button.tomorrow"), f"snooze:{dose.id}:tomorrow"))
    return Answer(say=(ask.words.message("later.when", (tuple(buttons),)),))


async def press_snooze(ask: Ask) -> Answer:
    """Later, at the time they pressed."""
    number, _, choice = ask.rest.partition(":")
    subscription, dose = await their_dose(ask, number)
    if dose.outcome:
        return await already_done(ask, subscription, dose)
    if choice == "tomorrow":  # an unanswered dose comes again by itself
        return Answer(edit=ask.words.message("later.tomorrow"))
    rules = find_zone(subscription.zone)
    local = ask.now.astimezone(rules)
    at = ask.now + SOON if choice == "soon" else datetime.combine(local.date(), EVENING, rules).astimezone(UTC)
    at = at.replace(second=0, microsecond=0)
    await appointments.make(ask.session, ask.person.id, "snooze", str(dose.id), at)
    hour = show_hour(at.astimezone(rules).time())
    return Answer(edit=ask.words.message("later.set", hour=hour))
