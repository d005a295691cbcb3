"""What somebody was given and did, newest first, a page at a time."""

from __future__ import annotations

from bot.cards.history import history_message, part_row
from bot.cards.pages import page_of
from bot.chat import Answer, Message
from bot.commands.ask import Ask
from bot.commands.reading.history import read_part
from bot.commands.search import page_number
from bot.errors import UserMistake
from bot.store import history_entries, lookups

KIND = "history"
ALL = "all"


async def show_history(ask: Ask) -> Answer:
    """All of it, or the part they name: done, open, notes, a month, a topic, a kind."""
    said = await _page(ask, ask.rest, 0)
    return ask.show(said)


async def press_past(ask: Ask) -> Answer:
    """A page of a history that was shown before, `past:12:3`."""
    number, _, page = ask.rest.partition(":")
    lookup = await lookups.find(ask.session, page_number(number), ask.person.id, KIND)
    if lookup is None:
        raise UserMistake("mistake.stale_button")
    return Answer(edit=await _page(ask, lookup.words, page_number(page)))


async def _page(ask: Ask, typed: str, number: int) -> Message:
    subscription = await ask.subscription(stopped=True)
    today = (await ask.schedules(subscription)).today(ask.now)
    try:
        part = read_part(typed, ask.catalog, today)
    except UserMistake as mistake:
        mistake.again = Message((), (part_row(ask.words, ""),))
        raise
    shown = "" if typed.casefold() == ALL else typed
    everything = await history_entries.given_to(ask.session, ask.person.id)
    if not everything:
        raise UserMistake("history.empty")
    noted = await history_entries.with_notes(ask.session, ask.person.id)
    chosen = [one for one in everything if part.holds(one, ask.catalog, noted)]
    if not chosen:
        raise UserMistake("history.none", typed=shown, again=Message((), (part_row(ask.words, shown),)))
    page = page_of(history_entries.gathered(chosen), number)
    gave_way = await history_entries.gave_way(ask.session, [dose for one in page.items for dose in one.doses])
    notes = await history_entries.notes_about(ask.session, ask.person.id, {one.resource for one in page.items} & noted)
    lookup = await lookups.keep(ask.session, ask.person.id, KIND, shown, ask.now)
    return history_message(ask.words, ask.catalog, page, notes, gave_way, _part_said(ask, shown), lookup.id, today)


def _part_said(ask: Ask, typed: str) -> str:
    """The part as the head shows it: a button's English word in the person's language, else what they typed."""
    key = f"button.history_{typed}"
    return ask.words.say(key) if ask.words.has(key) else typed
