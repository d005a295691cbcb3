"""How far somebody is, in words."""

from __future__ import annotations

from bot.cards.names import topic_name
from bot.catalog.kinds import Use
from bot.chat import Answer, Message, Text, lines
from bot.commands.ask import Ask
from bot.commands.goal import standing_of
from bot.learning.streak import Status
from bot.learning.timetable import DAY
from bot.learning.way import stops_of
from bot.planning import SETTLING
from bot.store import doses
from bot.store.tables import Subscription

BAR = 10


async def show_progress(ask: Ask) -> Answer:
    """The trail, its topics, this week and the streak."""
    subscription = await ask.subscription(stopped=True)
    settled = {row.resource_id for row in await doses.marks(ask.session, ask.person.id) if row.mark in SETTLING}
    standing = await standing_of(ask, subscription)
    days = standing.days
    today = standing.today
    monday = today - (today.isoweekday() - 1) * DAY
    this_week = sum(day.status is Status.DONE and day.date >= monday for day in days)
    done = await doses.completions(ask.session, ask.person.id)
    total = ask.words.text("progress.total", n=len(done))
    if subscription.goal == "streak":
        total += ask.words.text("progress.streak", n=standing.streak.length)
    return Answer(
        say=(
            Message(
                lines(
                    *_way(ask, subscription, settled),
                    (),
                    total,
                    ask.words.text("progress.week", n=this_week),
                )
            ),
        )
    )


def _way(ask: Ask, subscription: Subscription, settled: set[str]) -> list[Text]:
    """The trail's name and its topics begun, each with a bar; the first one not begun comes last."""
    stops = stops_of(ask.catalog, subscription.trail, subscription.topics)
    if stops is None:
        return [ask.words.text("progress.no_trail", trail=subscription.trail)]
    told: list[Text] = []
    all_done = all_core = 0
    for stop in stops:
        core = [entry for entry in ask.catalog.core_of(stop.id, stop.lists, stop.order) if entry.use is Use.DOSE]
        done = sum(entry.id in settled for entry in core)
        if core and (done or all_done == all_core):
            told.append(_topic_line(ask, stop.id, done, len(core)))
        all_done, all_core = all_done + done, all_core + len(core)
    name = ask.trail_name(subscription.trail)
    return [ask.words.text("progress.trail", trail=name, done=all_done, of=all_core), *told]


def _topic_line(ask: Ask, topic_id: str, done: int, of: int) -> Text:
    filled = round(BAR * done / of)
    bar = "▰" * filled + "▱" * (BAR - filled)
    topic = topic_name(ask.catalog, ask.words, topic_id)
    return ask.words.text("progress.topic", bar=bar, topic=topic, done=done, of=of)
