"""The streak and how it came about. Everything shown derives from `bot.learning.streak`."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.chat import Answer, Button, Message, Text, lines
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.i18n.showing import show_date, show_hour
from bot.learning.streak import Completion, Day, Excuse, History, Pause, Streak, classify, explain, streak
from bot.learning.timetable import find_zone
from bot.store import doses, subscriptions
from bot.store.tables import Subscription

MORNING = time(6)
SHOWN = 7
"""How many days `/streak why` tells at once, so that they fit a phone."""


async def history_of(ask: Ask, subscription: Subscription) -> History:
    """All that is known about a person's days."""
    schedules = await ask.schedules(subscription)
    done = await doses.completions(ask.session, ask.person.id)
    pauses = await subscriptions.pauses(ask.session, subscription.id)
    excuses = await subscriptions.excuses(ask.session, subscription.id)
    return History(
        began_on=subscription.began_on or schedules.today(ask.now),
        schedules=schedules,
        completions=[Completion(row.day, row.at, row.zone) for row in done],
        pauses=[Pause(row.from_day, row.to_day, row.why) for row in pauses],
        excuses=[Excuse(row.day, row.why, row.since, row.until) for row in excuses],
    )


async def show_streak(ask: Ask) -> Answer:
    """The streak in one line; with “why”, the last days and what each counted as."""
    if ask.rest.casefold() in ("why", "por que", "porque", "por quê", "porquê"):
        return await why(ask)
    subscription = await ask.subscription()
    if ask.rest.casefold() in ("off", "nao", "não", "desligar"):
        return await switch_off(ask)
    if ask.rest.casefold() in ("on", "sim", "ligar"):
        return await _switch_on(ask, subscription)
    if subscription.goal == "off":
        return Answer(say=(ask.words.message("streak.is_off"),))
    now = streak(classify(await history_of(ask, subscription), ask.now))
    buttons = (
        Button(ask.words.say("button.why"), "streak:why"),
        Button(ask.words.say("button.streak_off"), "streak:off"),
    )
    return Answer(say=(Message(_line(ask, now), (buttons,)),))


async def why(ask: Ask) -> Answer:
    """The last days, each with what it counted as and the reason."""
    subscription = await ask.subscription()
    days = classify(await history_of(ask, subscription), ask.now)
    told = [_tell(ask, day, subscription) for day in reversed(explain(days, SHOWN))]
    rule = ask.words.text("streak.rule")
    message = Message(lines(_line(ask, streak(days)), rule, *told))
    return Answer(say=(message,))


async def press(ask: Ask) -> Answer:
    """The buttons under a streak."""
    actions = {"why": why, "off": switch_off}
    if ask.rest not in actions:
        raise UserMistake("mistake.stale_button")
    return await actions[ask.rest](ask)


async def switch_off(ask: Ask) -> Answer:
    """No streak is shown any more; the days are kept."""
    subscription = await ask.subscription()
    subscription.goal = "off"
    return Answer(say=(ask.words.message("streak.off"),))


async def _switch_on(ask: Ask, subscription: Subscription) -> Answer:
    subscription.goal = "streak"
    now = streak(classify(await history_of(ask, subscription), ask.now))
    return Answer(say=(Message(lines(ask.words.text("streak.on"), _line(ask, now))),))


async def streak_line(ask: Ask, subscription: Subscription) -> Text:
    """“Day 6.” for the answer to Done; nothing for those who want no streak."""
    if subscription.goal == "off":
        return ()
    now = streak(classify(await history_of(ask, subscription), ask.now))
    return ask.words.text("streak.day", n=now.length)


def _line(ask: Ask, now: Streak) -> Text:
    """Say “14 days, best 21. One miss forgiven”."""
    head = ask.words.text("streak.days", n=now.length, best=now.best)
    if not now.forgiven_now:
        return head
    return head + ask.words.text("streak.forgiven", n=now.forgiven_now)


def _done_key(day: date, done: datetime) -> str:
    """Done on the day itself, in the night after it, or on the day after."""
    if done.date() == day:
        return "streak.day_done"
    return "streak.day_done_late" if done.time() < MORNING else "streak.day_done_after"


def _tell(ask: Ask, day: Day, subscription: Subscription) -> Text:
    """One day in one line."""
    words, label = ask.words, show_date(day.date, ask.words.language, weekday=True)
    match day.because:
        case Completion() as done:
            local = done.at.astimezone(find_zone(done.zone))
            return words.text(_done_key(day.date, local), day=label, hour=show_hour(local.time()))
        case Pause() as pause:
            return words.text(f"streak.day_paused_{pause.why}", day=label)
        case Excuse(since=since, until=until) as excuse if since and until:
            rules = find_zone(subscription.zone)
            begin, end = since.astimezone(rules), until.astimezone(rules)
            return words.text(
                f"streak.day_excused_{excuse.why}",
                day=label,
                since=show_hour(begin.time()),
                until=show_hour(end.time()),
            )
        case Excuse():
            return words.text("streak.day_excused_skipped", day=label)
        case _:
            return words.text(f"streak.day_{day.status}", day=label)
