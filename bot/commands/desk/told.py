"""What a curator tells of a link whose page told too little; the approval they asked for goes on with it."""

from __future__ import annotations

from typing import Any

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.desk.approve import VERBS, go_on
from bot.commands.desk.queue import find, number_in, pressed_card
from bot.commands.reading.fields import read_value
from bot.curation.unread import read_told
from bot.errors import UserMistake
from bot.store import suggestions
from bot.store.suggestions import WholeSuggestion


async def read_called(ask: Ask) -> Answer:
    """The line that was waited for: a title, perhaps with its minutes."""
    seen, verb = await _waited_for(ask)
    title, minutes = read_told(ask.rest)
    told = {"title": read_value("title", title, ask.catalog)}
    if minutes:
        told["minutes"] = read_value("minutes", minutes, ask.catalog)
    return await _go_on_with(ask, seen, told, verb)


async def read_long(ask: Ask) -> Answer:
    """The minutes that were waited for, perhaps behind another title."""
    seen, verb = await _waited_for(ask)
    title, minutes = read_told(ask.rest)
    try:
        told = {"minutes": read_value("minutes", ask.rest, ask.catalog)}
    except UserMistake:
        if not minutes:
            raise
        told = {"title": title, "minutes": minutes}
        told = {field: read_value(field, value, ask.catalog) for field, value in told.items()}
    return await _go_on_with(ask, seen, told, verb)


async def _waited_for(ask: Ask) -> tuple[WholeSuggestion, str]:
    """The suggestion that the open question is about, held, and the verb that goes on."""
    waiting = await ask.open_question()
    number, _, verb = waiting.about.partition(":") if waiting else ("", "", "")
    await suggestions.lock(ask.session, number_in(number))
    return await find(ask, number_in(number)), verb


async def press_long(ask: Ask) -> Answer:
    """One of the sizes under a card."""
    seen = await pressed_card(ask, hold=True)
    verb, _, minutes = ask.rest.partition(":")[2].partition(":")
    return await _go_on_with(ask, seen, {"minutes": read_value("minutes", minutes, ask.catalog)}, verb)


async def _go_on_with(ask: Ask, seen: WholeSuggestion, told: dict[str, Any], verb: str) -> Answer:
    if verb not in VERBS:
        raise UserMistake("mistake.stale_button")
    if seen.row.is_waiting:
        seen.row.edits = {**seen.row.edits, **told}
        await ask.session.flush()
        await ask.refresh_cards(seen.row.id)
        seen = await find(ask, seen.row.id)
    return await go_on(ask, seen, verb)
