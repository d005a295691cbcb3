"""The streak or the weekly goal in words: one line, and day by day with the reason for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.chat import Button, Message, Rows, Span, Text, lines, rows
from bot.i18n.showing import show_date, show_hour
from bot.i18n.words import Words
from bot.learning.pauses import Pause
from bot.learning.standing import Standing
from bot.learning.streak import Completion, Day, Excuse
from bot.learning.timetable import find_zone
from bot.states import Goal
from bot.store.tables import Subscription

MORNING = time(6)
SHOWN = 14
"""How many days one page of `/streak why` tells: the days over which misses are forgiven."""


def goal_line(words: Words, standing: Standing, goal: Goal) -> Text:
    """“14 days, best 21. One miss forgiven”, or “3 of 5 days this week”; nothing for those who want neither."""
    if goal == Goal.OFF:
        return ()
    if goal == Goal.WEEK:
        line = words.text("streak.week", n=standing.week.done, of=standing.week.goal)
        began = _began_line(words, standing)
        return (*line, Span(" "), *began) if began else line
    if not standing.streak.best:
        return words.text("streak.none")
    head = words.text("streak.days", n=standing.streak.length, best=standing.streak.best)
    forgiven = standing.streak.forgiven_now
    return head + (words.text("streak.forgiven", n=forgiven) if forgiven else ())


def done_line(words: Words, standing: Standing, goal: Goal) -> Text:
    """“Day 6.” for the answer to Done."""
    if goal == Goal.OFF:
        return ()
    if goal == Goal.WEEK:
        line = words.text("streak.week_done", n=standing.week.done, of=standing.week.goal)
        began = _began_line(words, standing) if standing.week.done == 1 else ()
        return (*line, *began, Span(" ")) if began else line
    return words.text("streak.day", n=standing.streak.length)


def _began_line(words: Words, standing: Standing) -> Text:
    """Why the goal of somebody's first week is smaller than what they asked for; nothing in any other."""
    began = standing.week.began
    return words.text("streak.week_began", day=show_date(began, words.language, weekday=True)) if began else ()


def why_message(words: Words, standing: Standing, subscription: Subscription, back: int) -> Message:
    """Fourteen days, newest first, `back` days ago and earlier, each with what it counted as and why."""
    days = standing.told(subscription.goal)
    back = min(back, max(0, len(days) - 1))
    page = days[max(0, len(days) - back - SHOWN) : len(days) - back]
    told = [day_line(words, day, subscription.zone, standing.open_until.get(day.date)) for day in reversed(page)]
    return Message(
        lines(
            goal_line(words, standing, subscription.goal),
            words.text("streak.rule_week" if subscription.goal == Goal.WEEK else "streak.rule"),
            *told,
        ),
        _why_buttons(words, subscription.goal, back, len(days)),
    )


def _why_buttons(words: Words, goal: Goal, back: int, days: int) -> Rows:
    turn = []
    if days > back + SHOWN:
        turn.append(Button(words.say("button.earlier"), f"streak:why:{back + SHOWN}"))
    if back:
        turn.append(Button(words.say("button.newer"), f"streak:why:{max(0, back - SHOWN)}"))
    off = Button(words.say("button.week_off" if goal == Goal.WEEK else "button.streak_off"), "goal:off")
    return (tuple(turn), (off,)) if turn else ((off,),)


def day_line(words: Words, day: Day, zone: str, open_until: datetime | None = None) -> Text:
    """One day in one line. Hours are the clock's where it was done, else in `zone`.

    A day before today may be open yet: `open_until` is the instant until which it can be done.
    """
    label = show_date(day.date, words.language, weekday=True)
    match day.because:
        case Completion() as done:
            local = done.at.astimezone(find_zone(done.zone))
            return words.text(_done_key(day.date, local), day=label, hour=show_hour(local.time()))
        case Pause() as pause:
            return words.text(f"streak.day_paused_{pause.why}", day=label)
        case Excuse(since=since, until=until) as excuse if since and until:
            rules = find_zone(zone)
            begin, end = since.astimezone(rules), until.astimezone(rules)
            until_said = show_hour(end.time())
            if end.date() != begin.date():
                until_said = f"{show_date(end.date(), words.language, weekday=True)} {until_said}"
            return words.text(
                f"streak.day_excused_{excuse.why}", day=label, since=show_hour(begin.time()), until=until_said
            )
        case Excuse():
            return words.text("streak.day_excused_skipped", day=label)
        case None if open_until:
            end = open_until.astimezone(find_zone(zone))
            until_said = f"{show_date(end.date(), words.language, weekday=True)} {show_hour(end.time())}"
            return words.text("streak.day_open_until", day=label, until=until_said)
        case _:
            return words.text(f"streak.day_{day.status}", day=label)


def _done_key(day: date, done: datetime) -> str:
    """Done on the day itself, in the night after it, or on the day after."""
    if done.date() == day:
        return "streak.day_done"
    return "streak.day_done_late" if done.time() < MORNING else "streak.day_done_after"


# ------------------------------------------------------------------------------------------------------- the choice


def goal_choice(words: Words) -> Message:
    """A streak, a weekly goal, or neither?"""
    buttons = (
        Button(words.say("button.goal_streak"), "goal:streak"),
        Button(words.say("button.goal_week"), "goal:week"),
        Button(words.say("button.goal_off"), "goal:off"),
    )
    return words.message("goal.choose", rows(buttons, 1))


def weekly_choice(words: Words, offered: Sequence[int] = tuple(range(1, 8))) -> Message:
    """How many days of the week?"""
    return words.message("goal.how_many", rows((Button(str(n), f"goal:{n}") for n in offered), 7))
