"""The streak and how it came about. Everything shown derives from `bot.learning.standing`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.cards.streak import done_line, goal_choice, goal_line, why_message
from bot.chat import Answer, Button, Message, Text
from bot.commands.ask import Ask
from bot.commands.goal import set_goal, standing_of
from bot.commands.progress import picture_now
from bot.errors import UserMistake
from bot.learning.standing import milestone_passed
from bot.learning.streak import classify, streak
from bot.states import Goal
from bot.store import completions, news
from bot.store.history import history_of
from bot.store.tables import Dose, Subscription

WHY = ("why", "why?", "por que", "por que?", "porque", "por quê", "por quê?", "porquê")


async def show_streak(ask: Ask) -> Answer:
    """The streak or the weekly goal in one line; with “why” day by day; with another word a change of the goal."""
    subscription = await ask.subscription()
    if ask.rest.casefold() in WHY:
        return await _why(ask, subscription, 0)
    if ask.rest:
        try:
            return await set_goal(ask, subscription, ask.rest)
        except UserMistake as mistake:
            mistake.again = goal_choice(ask.words)
            raise
    if subscription.goal == Goal.OFF:
        return Answer(say=(goal_choice(ask.words),))
    line = goal_line(ask.words, await standing_of(ask, subscription), subscription.goal)
    buttons = (
        Button(ask.words.say("button.why"), "streak:why"),
        Button(ask.words.say("button.change"), "goal"),
    )
    return Answer(say=(Message(line, (buttons,)),))


async def press(ask: Ask) -> Answer:
    """The buttons under a streak: why, and the pages of it."""
    what, _, back = ask.rest.partition(":")
    if what == "off":
        return await set_goal(ask, await ask.subscription(), what)
    if what != "why":
        raise UserMistake("mistake.stale_button")
    return await _why(ask, await ask.subscription(), int(back) if back.isdecimal() and len(back) < 6 else 0)


async def _why(ask: Ask, subscription: Subscription, back: int) -> Answer:
    if subscription.goal == Goal.OFF:
        return Answer(say=(goal_choice(ask.words),))
    said = why_message(ask.words, await standing_of(ask, subscription), subscription, back)
    return Answer(edit=said) if ask.rest.startswith("why:") else Answer(say=(said,))


async def streak_line(ask: Ask, subscription: Subscription) -> Text:
    """“Day 6.” or “3 of 5 this week.” for the answer to Done; nothing for those who want neither."""
    if subscription.goal == Goal.OFF:
        return ()
    return done_line(ask.words, await standing_of(ask, subscription), subscription.goal)


async def count(ask: Ask, subscription: Subscription, day: date, key: str, kind: str, dose: Dose | None = None) -> bool:
    """Let something learnt count for a day; False if it counted already. What else follows from it is the caller's."""
    return await completions.complete(
        ask.session,
        person_id=ask.person.id,
        key=key,
        kind=kind,
        dose=dose,
        at=ask.now,
        zone=subscription.zone,
        day=day,
    )


async def note_milestone(ask: Ask, subscription: Subscription, day: date) -> None:
    """If the day just done brought the streak to a milestone, the next dose says so."""
    if subscription.goal != Goal.STREAK:
        return
    history = await history_of(ask.session, subscription, ask.now)
    without = replace(history, completions=[done for done in history.completions if done.day != day])
    before, after = (streak(classify(known, ask.now)).length for known in (without, history))
    if len(history.completions) - len(without.completions) == 1 and (n := milestone_passed(before, after)):
        picture = await picture_now(ask, subscription)
        news.add(subscription, {"kind": "milestone", "n": n, "alt": picture.alt, "drawing": picture.drawing})


async def unsay_milestones(ask: Ask, subscription: Subscription) -> None:
    """After a slip was undone: a milestone that is not reached without it is not told."""
    if any(piece["kind"] == "milestone" for piece in subscription.news or []):
        length = streak(classify(await history_of(ask.session, subscription, ask.now), ask.now)).length
        news.unsay_milestones(subscription, length)
