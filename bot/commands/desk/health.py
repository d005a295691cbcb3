"""`/health`: whether doses go out, and what needs an owner. The facts are those of the web page (`bot/condition.py`)."""

from __future__ import annotations

from importlib.metadata import version

from bot.cards.health import Facts, health_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.condition import queue_of, troubles, upkeep_of
from bot.learning.timetable import MIDNIGHT, find_zone, first_instant
from bot.store import subscriptions
from bot.store.database import sqlite_file
from bot.store.soundness import is_zone


async def show_health(ask: Ask) -> Answer:
    """How things stand just now; the button looks again."""
    here = ask.here()
    queue = await queue_of(ask.session, here, ask.now)
    zone = await _zone(ask)
    rules = find_zone(zone)
    midnight = first_instant(ask.now.astimezone(rules).date(), MIDNIGHT, rules)
    facts = Facts(
        here=here,
        queue=queue,
        upkeep=await upkeep_of(ask.session, ask.catalog, midnight, ask.now),
        troubles=troubles(here, queue, ask.now),
        version=version("trilha"),
        copies_itself=sqlite_file(ask.settings.database) is None,
    )
    return Answer(edit=health_message(ask.words, facts, ask.now, zone))


async def _zone(ask: Ask) -> str:
    """Where the owner's clock is, if they told."""
    found = await subscriptions.of_person(ask.session, ask.person.id, lock=False)
    return found.zone if found and is_zone(found.zone) else ask.settings.default_zone
