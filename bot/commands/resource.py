"""One resource of the catalog: its card, and what somebody does with it."""

from __future__ import annotations

from bot.cards.mend import with_curators_row
from bot.cards.resource import Known, resource_message
from bot.chat import Answer, Message
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.i18n.showing import show_date
from bot.states import Marked, Role, ThreadState
from bot.store import catalog, journal, marks, threads
from bot.store.tables import Resource


async def press_see(ask: Ask) -> Answer:
    """The card of a resource, below the list it was pressed in."""
    return Answer(say=(await resource_card(ask, ask.rest),))


async def press_put(ask: Ask) -> Answer:
    """Keep it for later."""
    await _kept(ask, ask.rest)
    await marks.mark(ask.session, ask.person.id, ask.rest, Marked.SAVED, ask.now)
    return await _changed(ask, "saved.put")


async def press_out(ask: Ask) -> Answer:
    """Keep it no longer; what waited because it came three times unanswered does not come again."""
    await _kept(ask, ask.rest)
    marked = await marks.by_name(ask.session, ask.person.id)
    if ask.rest in marked.get(Marked.SKIPPED, ()):
        await marks.mark(ask.session, ask.person.id, ask.rest, Marked.DISMISSED, ask.now)
    await marks.unmark(ask.session, ask.person.id, ask.rest, Marked.SAVED)
    return await _changed(ask, "saved.out")


async def _changed(ask: Ask, toast: str) -> Answer:
    await ask.session.flush()
    return Answer(edit=await resource_card(ask, ask.rest), toast=ask.words.say(toast))


async def resource_card(ask: Ask, resource_id: str) -> Message:
    """A resource as it stands now; also one that has left the catalog since it was listed. Raises UserMistake for none."""
    row = await _kept(ask, resource_id)
    entry = ask.catalog.resource(resource_id)
    marked = await marks.by_name(ask.session, ask.person.id)
    day, notes = await journal.of_resource(ask.session, ask.person.id, resource_id)
    thread = await threads.find(ask.session, ask.person.id, resource_id)
    card = resource_message(
        ask.words,
        ask.catalog,
        Known(
            id=resource_id,
            title=entry.title if entry else row.title,
            url=entry.url if entry else row.url,
            topic=entry.topic if entry else row.topic,
            entry=entry,
            marks=frozenset(name for name, ids in marked.items() if resource_id in ids),
            done_on=show_date(day, ask.words.language, today=ask.now.date()) if day else "",
            notes=notes,
            shelved=thread if thread and thread.state == ThreadState.SHELVED else None,
        ),
    )
    return with_curators_row(ask.words, card, entry) if entry and ask.role >= Role.CURATOR else card


async def _kept(ask: Ask, resource_id: str) -> Resource:
    row = await catalog.find(ask.session, resource_id) if 0 < len(resource_id) <= 60 else None
    if row is None:
        raise UserMistake("mistake.stale_button")
    return row
