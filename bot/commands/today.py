"""The day's dose and its buttons: see it now, done, another one, later."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.cards.dose import Shown, dose_message
from bot.cards.names import topic_name
from bot.cards.news import with_news
from bot.chat import Answer, Button, Message, lines
from bot.commands.ask import Ask
from bot.commands.note import keep_questions, question_about
from bot.commands.schedule import day_said
from bot.commands.streak import note_milestone, streak_line
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_hour
from bot.learning.schedule import DAY, Schedules
from bot.learning.streak import counts_for, first_open_day
from bot.learning.timetable import find_zone
from bot.planning import offer_another, plan
from bot.store import appointments, catalog, doses, news, outbox, subscriptions
from bot.store.tables import Dose, Subscription

EVENING = time(19)
SOON = timedelta(hours=2)


async def today(ask: Ask) -> Answer:
    """Today's dose, now. At the hour nothing more comes."""
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    day = history.today(ask.now)
    dose = await doses.of_day(ask.session, subscription.id, day)
    if dose is None:
        dose = await _make(ask, subscription, history)
    else:
        await outbox.withdraw_dose(ask.session, dose.id)
    return Answer(say=(await show(ask, subscription, dose),))


async def _make(ask: Ask, subscription: Subscription, history: Schedules) -> Dose:
    """Make today's dose before its hour, and let the hour be silent."""
    day = history.today(ask.now)
    _, closes_at = history.bounds(day)
    seen = (await doses.seen_by(ask.session, [subscription]))[subscription.id]
    dose = plan(ask.catalog, subscription, seen, day=day, due_at=ask.now, closes_at=closes_at)
    await news.attach(ask.session, subscription, dose)
    ask.session.add(dose)
    await ask.session.flush()
    doses.offer(ask.session, dose, 0, ask.now)
    if dose.resource_id is None:  # said once; then it is for them to choose a way
        subscriptions.set_due(subscription, None)
    elif subscription.next_day is not None and subscription.next_day <= day:
        subscriptions.set_due(subscription, history.next_due(ask.now, day + DAY))
    return dose


async def show(ask: Ask, subscription: Subscription, dose: Dose) -> Message:
    """A dose's card as it stands now."""
    entry = ask.catalog.resource(dose.resource_id) if dose.resource_id else None
    kept = await catalog.find(ask.session, dose.resource_id) if dose.resource_id else None
    topic = topic_name(ask.catalog, ask.words, kept.topic) if kept else ""
    trail = ask.trail_name(dose.why.get("trail", subscription.trail))
    shown = Shown(entry, kept.title if kept else "", kept.url if kept else "", trail, topic, subscription.minutes)
    return with_news(ask.words, dose_message(ask.words, dose, shown), dose.news or [])


# ------------------------------------------------------------------------------------------------------------ done


async def done(ask: Ask) -> Answer:
    """Done with the newest dose."""
    subscription = await ask.subscription()
    dose = await doses.last_seen(ask.session, subscription.id)
    if dose is None or dose.resource_id is None:
        raise UserMistake("done.no_dose", again=ask.words.message("done.want_one", today_row(ask)))
    await _refuse_if_closed(ask, subscription, dose)
    return await _finish(ask, subscription, dose)


async def press_done(ask: Ask) -> Answer:
    """The Done button of a dose."""
    subscription, dose = await their_dose(ask)
    return await _finish(ask, subscription, dose)


async def _finish(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    history = await ask.schedules(subscription)
    day = counts_for(ask.now, dose.day, history)
    new = await doses.complete(
        ask.session,
        person_id=ask.person.id,
        key=f"dose:{dose.id}",
        kind="done",
        dose=dose,
        at=ask.now,
        zone=subscription.zone,
        day=day,
    )
    if not new:
        return await _already(ask, subscription, dose)
    assert dose.resource_id is not None, "a dose without a resource has no Done"
    await doses.mark(ask.session, ask.person.id, dose.resource_id, "done", ask.now)
    await outbox.withdraw_dose(ask.session, dose.id)
    await appointments.cancel(ask.session, ask.person.id, "snooze", str(dose.id))
    await outbox.withdraw_kind(ask.session, ask.person.id, "nudge")
    dose.outcome, dose.outcome_at = "done", ask.now
    await ask.session.flush()
    await note_milestone(ask, subscription, day)
    await keep_questions(ask, subscription, dose.resource_id, day)
    said = await _congratulate(ask, subscription, history)
    line = await question_about(ask, dose.resource_id)
    said = Message(lines(said.text, ask.words.text("note.ask")), said.buttons)
    card = await show(ask, subscription, dose)
    return Answer(edit=card, say=(said,), ask=line) if ask.incoming.action else Answer(say=(said,), ask=line)


async def _congratulate(ask: Ask, subscription: Subscription, history: Schedules) -> Message:
    """Say “Done. Day 6. See you tomorrow at 08:00”."""
    now_done = await streak_line(ask, subscription)
    today = history.today(ask.now)
    if subscription.next_day is None:
        return ask.words.message("done.said", streak=now_done)
    when = day_said(ask, subscription.next_day, today)
    return ask.words.message("done.said_until", streak=now_done, when=when, hour=show_hour(subscription.hour))


async def _already(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    card = await show(ask, subscription, dose)
    toast = ask.words.say("done.already")
    return Answer(edit=card, toast=toast) if ask.incoming.action else Answer(say=(ask.words.message("done.already"),))


# --------------------------------------------------------------------------------------------------- another, later


async def press_another(ask: Ask) -> Answer:
    """Another resource in the same dose."""
    subscription, dose = await their_dose(ask)
    if dose.outcome:
        return await _already(ask, subscription, dose)
    await outbox.withdraw_dose(ask.session, dose.id)
    found = await offer_another(ask.session, ask.catalog, subscription, dose, ask.now)
    await ask.session.flush()
    card = await show(ask, subscription, dose)
    return Answer(edit=card) if found else Answer(edit=card, say=(ask.words.message("another.none"),))


async def press_later(ask: Ask) -> Answer:
    """When, then?"""
    subscription, dose = await their_dose(ask)
    if dose.outcome:
        return await _already(ask, subscription, dose)
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
        return await _already(ask, subscription, dose)
    if choice == "tomorrow":  # an unanswered dose comes again by itself
        return Answer(edit=ask.words.message("later.tomorrow"))
    rules = find_zone(subscription.zone)
    local = ask.now.astimezone(rules)
    at = ask.now + SOON if choice == "soon" else datetime.combine(local.date(), EVENING, rules).astimezone(UTC)
    at = at.replace(second=0, microsecond=0)
    await appointments.make(ask.session, ask.person.id, "snooze", str(dose.id), at)
    hour = show_hour(at.astimezone(rules).time())
    return Answer(edit=ask.words.message("later.set", hour=hour))


# --------------------------------------------------------------------------------------------------- what they share


async def their_dose(ask: Ask, number: str | None = None) -> tuple[Subscription, Dose]:
    """The dose of a button, if it is the presser's own and not closed. Raises UserMistake otherwise.

    A number of somebody else's dose gives the same answer as one that never was.
    """
    subscription = await ask.subscription(stopped=True)
    number = ask.rest if number is None else number
    dose = await doses.find(ask.session, int(number)) if number.isdecimal() and len(number) < 18 else None
    if dose is None or dose.subscription_id != subscription.id:
        raise UserMistake("mistake.stale_button", again=ask.words.message("done.want_one", today_row(ask)))
    await _refuse_if_closed(ask, subscription, dose)
    return subscription, dose


async def _refuse_if_closed(ask: Ask, subscription: Subscription, dose: Dose) -> None:
    if not dose.outcome and dose.day < first_open_day(await ask.schedules(subscription), ask.now):
        again = ask.words.message("done.today_is_here", today_row(ask))
        raise UserMistake("mistake.closed_dose", day=show_date(dose.day, ask.words.language), again=again)


def today_row(ask: Ask) -> tuple[tuple[Button, ...], ...]:
    """One button that shows today's dose."""
    return ((Button(ask.words.say("button.today"), "today"),),)
