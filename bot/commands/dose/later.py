"""Later: in two hours, this evening, tomorrow.

Each changes what comes next: the same thing comes at that time, tomorrow before anything else; and what is put off and not done that day
after all says, gently, that quicker things may suit better (`learning/taste.py`).
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.chat import Answer, Button, Message
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, their_dose
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.dose import Choice
from bot.learning.taste import LATER
from bot.learning.timetable import DAY, find_zone
from bot.planning.choice import decide
from bot.planning.slot import Slot
from bot.store import appointments, doses, feedback
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
        return Answer(edit=ask.words.message(await _wish_for_tomorrow(ask, subscription, dose)))
    times = {"soon": ask.now + SOON, "evening": _evening(ask, subscription)}
    if choice not in times:
        raise UserMistake("mistake.stale_button")
    if times[choice] <= ask.now:  # the question is older than the evening
        return Answer(edit=_when(ask, subscription, dose))
    at = times[choice].replace(second=0, microsecond=0)
    await appointments.make(ask.session, ask.person.id, "snooze", str(dose.id), at)
    if dose.put_off:
        dose.wished, dose.put_off = None, False
    await _put_off(ask, subscription, dose)
    hour = show_hour(at.astimezone(find_zone(subscription.zone)).time())
    return Answer(edit=ask.words.message("later.set", hour=hour))


async def _wish_for_tomorrow(ask: Ask, subscription: Subscription, dose: Dose) -> str:
    """Keep the wish; name the sentence that says when it comes true. What comes next is what would be chosen now, so it is no guess."""
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    same = [
        one
        for one in await doses.all_of_day(ask.session, subscription.id, today)
        if one.resource_id == dose.resource_id
    ]
    newest = same[-1] if same else dose
    newest.wished, newest.put_off = dose.resource_id, True
    await _put_off(ask, subscription, dose)
    await ask.session.flush()
    due = history.next_due(ask.now, today + DAY)
    if due is None:
        return "later.tomorrow"
    seen = (await seen_by(ask.session, [subscription], ask.now))[subscription.id]
    choice, _ = decide(ask.catalog, subscription, seen, Slot(due.day, ask.now, ask.now))
    is_next = isinstance(choice, Choice) and choice.resource.id == dose.resource_id
    return "later.tomorrow" if is_next else "later.another_day"


async def _put_off(ask: Ask, subscription: Subscription, dose: Dose) -> None:
    """Write down that it was put off, once for a dose; what is done the same day after all takes that back."""
    if dose.resource_id is None:
        return
    today = (await ask.schedules(subscription)).today(ask.now)
    await feedback.take_back(ask.session, ask.person.id, dose.resource_id, LATER, dose.id)
    feedback.add(
        ask.session,
        person_id=ask.person.id,
        resource_id=dose.resource_id,
        kind=LATER,
        at=ask.now,
        day=today,
        dose_id=dose.id,
    )


def _evening(ask: Ask, subscription: Subscription) -> datetime:
    """The evening of today on their clock, also when it is over."""
    rules = find_zone(subscription.zone)
    return datetime.combine(ask.now.astimezone(rules).date(), EVENING, rules).astimezone(UTC)
