"""A streak, a weekly goal, or neither: chosen at the start, changed whenever they like; neither is invisible everywhere."""

from __future__ import annotations

import re

from bot.cards.choices import trail_choice
from bot.cards.streak import goal_choice, goal_line, weekly_choice
from bot.chat import Answer, Message, lines
from bot.commands.ask import Ask
from bot.commands.reading.typed import mistake_about, plain, with_digits
from bot.errors import UserMistake
from bot.learning.standing import Standing, stand
from bot.states import Goal
from bot.store import subscriptions
from bot.store.history import history_of
from bot.store.tables import Subscription

GOALS = tuple(Goal)
_WORDS = {
    Goal.STREAK: frozenset(["on", "yes", "streak", "sim", "ligar", "liga", "sequencia"]),
    Goal.OFF: frozenset(["off", "no", "none", "neither", "nao", "desligar", "desliga", "nenhuma", "nada"]),
    Goal.WEEK: frozenset(["goal", "weekly", "week", "meta", "semana", "semanal"]),
}
_DAYS = re.compile(
    r"(?:(?:goal|meta|week|weekly|semana|semanal) )*([1-7])(?: (?:of|de|/) 7)?(?: ?(?:days?|dias?|x|vezes|times))?"
)


async def standing_of(ask: Ask, subscription: Subscription) -> Standing:
    """Where they stand now; the one place from which commands tell anything about their days."""
    return stand(await history_of(ask.session, subscription, ask.now), ask.now, subscription.weekly)


async def press_goal(ask: Ask) -> Answer:
    """At the start the button goes round: streak, weekly goal, neither. Later it names what they want."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if found is None or not found.trail:
        raise UserMistake("mistake.no_subscription", again=trail_choice(ask.catalog, ask.words))
    if found.is_draft:
        found.goal = GOALS[(GOALS.index(found.goal) + 1) % len(GOALS)]
        found.weekly = min(found.weekly, len(found.days))
        return Answer(edit=ask.proposal(found))
    if not ask.rest:
        return Answer(edit=goal_choice(ask.words))
    return await set_goal(ask, await ask.subscription(), ask.rest)


async def set_goal(ask: Ask, subscription: Subscription, wanted: str) -> Answer:
    """Take a goal by its name or by a number of days; “week” alone asks for the number."""
    goal = read_goal(wanted)
    if isinstance(goal, int):
        subscription.goal, subscription.weekly = Goal.WEEK, goal
        said = await _now(ask, subscription, "streak.week_on")
    elif goal == Goal.WEEK:
        said = weekly_choice(ask.words)
    else:
        subscription.goal = goal
        said = await _now(ask, subscription, "streak.on") if goal == Goal.STREAK else ask.words.message("streak.off")
    return ask.show(said)


async def _now(ask: Ask, subscription: Subscription, key: str) -> Message:
    line = goal_line(ask.words, await standing_of(ask, subscription), subscription.goal)
    return Message(lines(ask.words.text(key), line))


def read_goal(words: str) -> Goal | int:
    """What somebody means by "off", "sim", "5 of 7", "meta 4": a goal, or the number of days of a weekly one.

    Raises UserMistake("reading.no_such_goal", typed=…).
    """
    mistake = mistake_about("goal", words)
    said = with_digits(plain(words, mistake)).replace("/", " / ")
    said = " ".join(said.split())
    for goal, names in _WORDS.items():
        if said in names:
            return goal
    found = _DAYS.fullmatch(said)
    if found is None:
        raise mistake
    return int(found[1])
