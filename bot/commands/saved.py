"""What waits for somebody: saved by them, let pass three times, or a long thing on the shelf."""

from __future__ import annotations

from bot.cards.history import SavedThing, saved_message
from bot.cards.pages import page_of
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.search import page_number
from bot.errors import UserMistake
from bot.states import Marked, ThreadState
from bot.store import catalog, marks, threads

KEPT = (Marked.SAVED, Marked.SKIPPED)
"""The marks of what waits: kept by them, or by us because it came three times unanswered."""


async def show_saved(ask: Ask) -> Answer:
    """What waits, the newest first; from a button `saved:2` the third page."""
    waiting = await _waiting(ask)
    if not waiting:
        raise UserMistake("saved.empty")
    said = saved_message(ask.words, page_of(waiting, page_number(ask.rest)))
    return ask.show(said)


async def _waiting(ask: Ask) -> list[SavedThing]:
    marked = await marks.all_of(ask.session, ask.person.id)
    behind = {mark.resource_id for mark in marked if mark.mark in marks.BEHIND}
    shelf = await threads.of_person(ask.session, ask.person.id, [ThreadState.SHELVED, ThreadState.RETIRED])
    shelved = {thread.resource_id: thread for thread in shelf}
    skipped = {mark.resource_id for mark in marked if mark.mark == Marked.SKIPPED}
    why = dict.fromkeys(shelved, "shelved")
    for mark in reversed(marked):
        if mark.mark in KEPT:
            why.setdefault(mark.resource_id, "skipped" if mark.resource_id in skipped else "saved")
    left = [resource for resource in why if resource not in behind]
    titles = await catalog.titles(ask.session, left)
    return [
        SavedThing(
            id=resource,
            title=titles.get(resource, resource),
            entry=ask.catalog.resource(resource),
            why=why[resource],
            part=shelved[resource].part if resource in shelved else 0,
            of=shelved[resource].of if resource in shelved else 0,
        )
        for resource in left
    ]
