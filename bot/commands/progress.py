"""How far somebody is, in words."""

from __future__ import annotations

from bot.catalog.kinds import Use
from bot.chat import Answer, Message, Text, lines
from bot.commands.ask import Ask
from bot.commands.streak import history_of
from bot.learning.streak import Status, classify, streak
from bot.learning.timetable import DAY
from bot.planning import SETTLING
from bot.store import doses

BAR = 10


async def show_progress(ask: Ask) -> Answer:
    """The trail, its topics, this week and the streak."""
    subscription = await ask.subscription()
    settled = {row.resource_id for row in await doses.marks(ask.session, ask.person.id) if row.mark in SETTLING}
    days = classify(await history_of(ask, subscription), ask.now)
    monday = days[-1].date - (days[-1].date.isoweekday() - 1) * DAY
    this_week = sum(day.status is Status.DONE and day.date >= monday for day in days)
    done = await doses.completions(ask.session, ask.person.id)
    total = ask.words.text("progress.total", n=len(done))
    if subscription.goal != "off":
        total += ask.words.text("progress.streak", n=streak(days).length)
    return Answer(
        say=(
            Message(
                lines(
                    *_trail(ask, subscription.trail, settled),
                    (),
                    total,
                    ask.words.text("progress.week", n=this_week),
                )
            ),
        )
    )


def _trail(ask: Ask, trail_id: str, settled: set[str]) -> list[Text]:
    """The trail's name and its topics begun, each with a bar; the first one not begun comes last."""
    trail = ask.catalog.trail(trail_id)
    if trail is None:
        return [ask.words.text("progress.no_trail", trail=trail_id)]
    told: list[Text] = []
    all_done = all_core = 0
    for stop in trail.topics:
        core = [entry for entry in ask.catalog.core_of(stop.id, stop.lists, stop.order) if entry.use is Use.DOSE]
        done = sum(entry.id in settled for entry in core)
        topic = ask.catalog.topic(stop.id)
        if topic and core and (done or all_done == all_core):
            filled = round(BAR * done / len(core))
            bar = "▰" * filled + "▱" * (BAR - filled)
            told.append(
                ask.words.text(
                    "progress.topic", bar=bar, topic=topic.name.in_(ask.words.language), done=done, of=len(core)
                )
            )
        all_done, all_core = all_done + done, all_core + len(core)
    head = ask.words.text("progress.trail", trail=trail.name.in_(ask.words.language), done=all_done, of=all_core)
    return [head, *told]
