"""Later: in two hours, this evening, tomorrow."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.chat import Answer, Button, Message
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, their_dose
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.dose import waiting
from bot.learning.timetable import DAY, find_zone
from bot.store import appointments
from bot.store.seen import seen_by
from bot.store.tables import Dose, Subscription

EVENING = time(19)
SOON = timedelta(hours=2)


async def press_later(ask: Ask) -> Answer:
    """When, then?"""
    subscription, dose = await their_dose(ask)
    if dose.outcome:
        return await already_done(ask, subscription, dose)
    return Answer(say=(_when(ask, subscription, dose),))


def _when(ask: Ask, subscription: Subscription, dose: Dose) -> Message:
    buttons = [Button(ask.words.say("button.in_two_hours"), f"snooze:{dose.id}:soon")]
    if ask.now < _evening(ask, subscription):
        buttons.append(Button(ask.words.say("button.this_evening"), f"snooze:{dose.id}:evening"))
    buttons.append(Button(ask.words.say("button.tomorrow"), f"snooze:{dose.id}:tomorrow"))
    return ask.words.message("later.when", (tuple(buttons),))


async def press_snooze(ask: Ask) -> Answer:
    """Later, at the time they pressed; a newer wish takes the place of an older one."""
    number, _, choice = ask.rest.partition(":")
    subscription, dose = await their_dose(ask, number)
    if dose.outcome:
        return await already_done(ask, subscription, dose)
    if choice == "tomorrow":
        await appointments.cancel(ask.session, ask.person.id, "snooze", str(dose.id))
        return Answer(edit=ask.words.message(await _comes_back(ask, subscription, dose)))
    times = {"soon": ask.now + SOON, "evening": _evening(ask, subscription)}
    if choice not in times:
        raise UserMistake("mistake.stale_button")
    if times[choice] <= ask.now:  # the question is older than the evening
        return Answer(edit=_when(ask, subscription, dose))
    at = times[choice].replace(second=0, microsecond=0)
    await appointments.make(ask.session, ask.person.id, "snooze", str(dose.id), at)
    hour = show_hour(at.astimezone(find_zone(subscription.zone)).time())
    return Answer(edit=ask.words.message("later.set", hour=hour))


async def _comes_back(ask: Ask, subscription: Subscription, dose: Dose) -> str:
    """When it comes by itself, as what nobody answered does: the rule is that of `unanswered.py`, the sentence is named here."""
    seen = (await seen_by(ask.session, [subscription], ask.now))[subscription.id]
    waits = waiting(seen.recent, (await ask.schedules(subscription)).today(ask.now) + DAY)
    if waits.again == dose.resource_id:
        return "later.tomorrow"
    return "later.saved" if dose.resource_id in waits.spent else "later.another_day"


def _evening(ask: Ask, subscription: Subscription) -> datetime:
    """The evening of today on their clock, also when it is over."""
    rules = find_zone(subscription.zone)
    return datetime.combine(ask.now.astimezone(rules).date(), EVENING, rules).astimezone(UTC)
