"""When doses come: hour and days. What changes acts from today if nothing was sent yet, else from tomorrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.cards.choices import (
    day_words,
    days_choice,
    hour_choice,
    local_hour,
)
from bot.chat import Answer, Message, Question, Text
from bot.commands.ask import Ask
from bot.commands.digest import keep_digest
from bot.commands.nudge import keep_nudge
from bot.commands.reading.dates import read_days
from bot.commands.reading.hours import read_hour
from bot.commands.window import with_window
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_hour
from bot.learning.schedule import DAY, Due, Schedules
from bot.learning.timetable import Timetable, find_zone
from bot.store import days_off, doses, news, outbox, subscriptions
from bot.store.tables import Subscription

INSTANT = timedelta(microseconds=1)


async def set_hour(ask: Ask) -> Answer:
    """Change the hour of the dose."""
    if not ask.rest:
        return Answer(say=(hour_choice(ask.words),), ask=question(ask, "hour", "time.prompt"))
    try:
        hour = read_hour(ask.rest)
    except UserMistake as mistake:
        mistake.again, mistake.asks = hour_choice(ask.words), question(ask, "hour", "time.prompt")
        raise
    return await change(ask, hour=hour)


async def set_days(ask: Ask) -> Answer:
    """Change the days of the week."""
    if not ask.rest:
        return Answer(say=(days_choice(ask.words),), ask=question(ask, "days", "days.prompt"))
    try:
        days = frozenset(map(int, ask.rest)) if ask.rest.isascii() and ask.rest.isdecimal() else read_days(ask.rest)
    except UserMistake as mistake:
        mistake.again, mistake.asks = days_choice(ask.words), question(ask, "days", "days.prompt")
        raise
    if not days or not days <= frozenset(range(1, 8)):
        raise UserMistake("reading.no_such_days", typed=ask.rest, again=days_choice(ask.words))
    await subscriptions.make_sense(ask.session, await theirs(ask, sound=False), days="".join(map(str, sorted(days))))
    return await change(ask, days=days)


# ----------------------------------------------------------------------------------------------- for zone and pausing too


async def change(ask: Ask, **wish: object) -> Answer:
    """Change the timetable of a draft at once, of a running subscription by the rule."""
    subscription = await theirs(ask)
    timetable: Timetable = replace(subscriptions.timetable_of(subscription), **wish)  # type: ignore[arg-type]
    if subscription.is_draft:
        subscription.hour, subscription.zone = timetable.hour, timetable.zone
        subscription.days = "".join(map(str, sorted(timetable.days)))
        return await answer_or_proposal(ask, subscription, None)
    history = await ask.schedules(subscription)
    today = history.today(ask.now)
    changed = history.changed(timetable, ask.now, sent=await sent_today(ask, subscription, today))
    await subscriptions.keep_schedules(ask.session, subscription, changed)
    await ask.session.flush()
    if subscription.is_active:
        subscriptions.set_due(subscription, await next_dose(ask, subscription, changed))
    await keep_nudge(ask, subscription)
    await keep_digest(ask, subscription)
    said = await with_window(ask, _said(ask, subscription), subscription)
    return await answer_or_proposal(ask, subscription, said)


async def next_dose(ask: Ask, subscription: Subscription, history: Schedules) -> Due | None:
    """The next dose: not on a day that has its own, nor inside a pause."""
    first = history.today(ask.now)
    if await doses.of_day(ask.session, subscription.id, first):
        first += DAY
    ending = (one for one in await days_off.pauses(ask.session, subscription.id) if one.to_day)
    history = replace(history, pauses=tuple(ending))  # as they are now
    after = ask.now
    if subscription.next_day == first and subscription.next_due_at is not None and subscription.next_due_at <= after:
        after = subscription.next_due_at - INSTANT  # its hour has come, but it is not sent yet: it stays due
    return history.next_due(after, first)


async def on_the_way_again(ask: Ask, subscription: Subscription) -> bool:
    """They changed what doses may hold: where nothing was left for them, doses come again. Whether it was so."""
    if subscription.is_draft:
        return False
    today = (await ask.schedules(subscription)).today(ask.now)
    empty = await doses.of_day(ask.session, subscription.id, today)
    if empty and empty.resource_id is None:  # today's is chosen anew, at its hour where that is still to come
        await doses.drop(ask.session, empty)
        if subscription.is_active and subscription.next_day and subscription.next_day > today:
            subscriptions.set_due(subscription, await next_dose(ask, subscription, await ask.schedules(subscription)))
    return await due_again(ask, subscription)


async def due_again(ask: Ask, subscription: Subscription) -> bool:
    """The same where today's dose stays what it is."""
    was_dry = is_dry(subscription)
    if was_dry:
        subscriptions.set_due(subscription, await next_dose(ask, subscription, await ask.schedules(subscription)))
    return was_dry


def is_dry(subscription: Subscription) -> bool:
    """Whether nothing was left for them when a dose was due: that was said once, and nothing is due since."""
    return subscription.is_active and subscription.silent_since is None and subscription.next_due_at is None


def _said(ask: Ask, subscription: Subscription) -> Message:
    """What holds now, in one sentence, with the day from which it does."""
    return ask.words.message(
        "schedule.set",
        when=day_said(ask, subscription.next_day, subscription.zone) if subscription.next_day else "—",
        hour=show_hour(subscription.hour),
        days=day_words(subscription.days, ask.words),
        clock=show_hour(local_hour(ask.now, subscription.zone)),
    )


async def answer_or_proposal(ask: Ask, subscription: Subscription, said: Message | None) -> Answer:
    """A draft shows its proposal again; a running subscription what holds now."""
    if subscription.is_draft:
        said = ask.proposal(subscription)
    assert said is not None, "only a draft has nothing to say of its own"
    return ask.show(said)


async def theirs(ask: Ask, *, sound: bool = True) -> Subscription:
    """Their subscription, a draft too. Raises UserMistake when there is none, and as `Ask.subscription` does when it is not sound."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    return found if found and found.trail and found.is_draft else await ask.subscription(sound=sound)


async def sent_today(ask: Ask, subscription: Subscription, today: date) -> bool:
    """Is today's dose with the person? One that only waits is taken back and is due again, so that it follows the change."""
    gone = await doses.take_back(ask.session, await outbox.withdraw(ask.session, subscription.id))
    news.take_back(subscription, gone)
    for dose in gone:
        if dose.day == today:
            subscriptions.set_due(subscription, Due(dose.day, dose.due_at))
    return await doses.of_day(ask.session, subscription.id, today) is not None


def question(ask: Ask, kind: str, prompt: str) -> Question:
    """What waits for their words, and how it is put where a door needs a label."""
    return Question(kind, ask.words.say(prompt))


def wall_day(ask: Ask, zone: str) -> date:
    """What the calendar on their wall calls today; past midnight their learning day may still be yesterday's."""
    return ask.now.astimezone(find_zone(zone)).date()


def day_said(ask: Ask, day: date, zone: str) -> str:
    """“today”, “tomorrow”, or the date, as the calendar on their wall has it: past midnight the morning's dose comes today."""
    today = wall_day(ask, zone)
    if day == today:
        return ask.words.say("day.today")
    if day == today + timedelta(days=1):
        return ask.words.say("day.tomorrow")
    return ask.words.say("day.on", day=show_date(day, ask.words.language, today=today))


async def next_said(ask: Ask, subscription: Subscription) -> Text:
    """“See you tomorrow at 08:00.”; nothing where no dose is due."""
    if subscription.next_day is None:
        return ()
    when = day_said(ask, subscription.next_day, subscription.zone)
    return ask.words.text("done.next", when=when, hour=show_hour(subscription.hour))
