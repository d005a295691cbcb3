"""The weeks ahead from their real pace; with “md” the study plan as a document of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from bot.cards.choices import trail_choice
from bot.cards.plan import Ahead, Doing, plan_markdown, plan_message
from bot.chat import Answer, Button, File, Message
from bot.commands.ask import Ask
from bot.commands.my_data import JOURNAL
from bot.errors import UserMistake
from bot.learning.pauses import goes_on, is_planned
from bot.learning.plan import WINDOW, Did, LearningPace, Plan, pace_of, plan_of
from bot.learning.preferences import SIZES, minutes_for
from bot.learning.streak import LET_OFF, classify
from bot.learning.way import stops_of
from bot.states import Goal, SubscriptionState, ThreadState
from bot.store import days_off, doses, history_entries, marks, threads
from bot.store.history import history_of
from bot.store.journal import journal_of
from bot.store.tables import Subscription

WEEK = 7


async def show_plan(ask: Ask) -> Answer:
    """The topics ahead with when each ends at their pace; “md” gives a document: learnt, doing, next, by month."""
    subscription = await ask.subscription(stopped=True)
    if ask.rest and ask.rest.casefold() not in JOURNAL:
        again = Message((), ((Button(ask.words.say("button.plan_md"), "plan:md"),),))
        raise UserMistake("reading.no_such_plan", typed=ask.rest, again=again)
    ahead = await _ahead(ask, subscription)
    if ask.rest:
        return await _document(ask, subscription, ahead)
    return Answer(say=(plan_message(ask.words, ask.catalog, ahead),))


async def _ahead(ask: Ask, subscription: Subscription) -> Ahead:
    today = (await ask.schedules(subscription)).today(ask.now)
    minutes = _usual_minutes(subscription, today)
    planned = await _plans(ask, subscription, await _pace(ask, subscription, today, minutes))
    pauses = await days_off.pauses(ask.session, subscription.id)
    until = next((one.to_day for one in pauses if one.to_day and goes_on(one, today)), None)
    start = None if subscription.state in (SubscriptionState.PAUSED, SubscriptionState.STOPPED) else until or today
    longer = next((size for size in SIZES if size > minutes), minutes)
    return Ahead(
        planned(minutes),
        ask.trail_name(subscription.trail),
        minutes,
        today,
        start,
        until,
        longer,
        planned(longer).weeks,
        varies=len(set(_sizes(subscription, today))) > 1,
        breaks=tuple(one for one in pauses if is_planned(one, today) and one.to_day),
    )


async def _plans(ask: Ask, subscription: Subscription, pace: LearningPace) -> Callable[[int], Plan]:
    """Plans of what is left of their way, each for doses of so many minutes. Raises UserMistake where the way is gone."""
    stops = stops_of(ask.catalog, subscription.trail, subscription.topics)
    if stops is None:
        key = "nothing.no_trail"
        raise UserMistake(key, trail=subscription.trail, again=trail_choice(ask.catalog, ask.words, every=True))
    rows = await threads.of_person(ask.session, ask.person.id)
    settled = marks.settled_in(await marks.by_name(ask.session, ask.person.id))
    return partial(
        plan_of,
        ask.catalog,
        [stop for stop in stops if stop.id not in subscription.known_topics],
        settled | {row.resource_id for row in rows if row.state == ThreadState.SHELVED},
        {row.resource_id: threads.thread_of(row) for row in rows if row.state == ThreadState.OPEN},
        pace,
    )


def _usual_minutes(subscription: Subscription, today: date) -> int:
    """The minutes of a dose, on average over the days they have doses."""
    sizes = _sizes(subscription, today)
    return max(1, round(sum(sizes) / len(sizes)))


def _sizes(subscription: Subscription, today: date) -> list[int]:
    """The minutes of each of their days."""
    week = [today + timedelta(days=ahead) for ahead in range(WEEK)]
    theirs = [day for day in week if str(day.isoweekday()) in subscription.days] or week
    return [minutes_for(day, subscription.minutes, subscription.minutes_on or {}) for day in theirs]


async def _pace(ask: Ask, subscription: Subscription, today: date, minutes: int) -> LearningPace:
    first = today - timedelta(days=WINDOW - 1)
    days = classify(await history_of(ask.session, subscription, ask.now), ask.now, first, today)
    did = [
        Did(day, min(entry.minutes, minutes) if (entry := ask.catalog.resource(resource)) else minutes)
        for day, resource in await history_entries.learnt_since(ask.session, ask.person.id, first)
    ]
    return pace_of(
        did,
        subscription.began_on or today,
        today,
        {day.date for day in days if day.status in LET_OFF},
        weekly=subscription.weekly if subscription.goal == Goal.WEEK else len(subscription.days),
        minutes=minutes,
    )


async def _document(ask: Ask, subscription: Subscription, ahead: Ahead) -> Answer:
    learnt = await journal_of(ask.session, ask.person.id)
    text = plan_markdown(ask.words, ask.catalog, ahead, ask.person.name, learnt, await _doing(ask, subscription))
    name = f"{ask.words.say('plan.file')}.md"
    return Answer(say=(Message(ask.words.text("plan.document"), file=File(name, text.encode())),))


async def _doing(ask: Ask, subscription: Subscription) -> list[Doing]:
    """Long things under way, and today's dose if it is open."""
    over = marks.settled_in(await marks.by_name(ask.session, ask.person.id))
    rows = await threads.of_person(ask.session, ask.person.id, [ThreadState.OPEN])
    going = {row.resource_id: row for row in rows if row.resource_id not in over}
    dose = await doses.last_seen(ask.session, subscription.id)
    if dose and dose.resource_id and dose.outcome is None and dose.resource_id not in going:
        resources = [dose.resource_id, *going]
    else:
        resources = list(going)
    entries = [entry for resource in resources if (entry := ask.catalog.resource(resource))]
    return [
        Doing(entry.id, entry.title, entry.url, threads.thread_of(going[entry.id]) if entry.id in going else None)
        for entry in entries
    ]
