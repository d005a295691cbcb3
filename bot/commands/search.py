"""Finding things in the catalog by words and filters, a page at a time."""

from __future__ import annotations

import asyncio

from bot.cards.found import results_message
from bot.cards.pages import page_of
from bot.catalog.search import Found, Query
from bot.chat import Answer, Button, Message, Question
from bot.commands.ask import Ask
from bot.commands.reading.search import read_search, without_filters
from bot.errors import UserMistake
from bot.store import doses, lookups

KIND = "search"


async def search(ask: Ask) -> Answer:
    """The entries that have all the words and pass all the filters; alone it asks which."""
    if not ask.rest:
        return Answer(say=(ask.words.message("search.what"),), ask=_question(ask))
    return Answer(say=(await _results(ask, ask.rest, 0),))


async def press_found(ask: Ask) -> Answer:
    """A page of an earlier search, `found:12:3`; without a page the search of what they wrote, said anew."""
    number, _, page = ask.rest.partition(":")
    lookup = await lookups.find(ask.session, page_number(number), ask.person.id, KIND)
    if lookup is None:
        raise UserMistake("search.gone", asks=_question(ask))
    said = await _results(ask, lookup.words, page_number(page))
    return Answer(edit=said) if page else Answer(say=(said,))


async def search_button(ask: Ask, text: str) -> Button | None:
    """The button that searches for what they just wrote; None where there is no word in it."""
    words = without_filters(text)
    if not read_search(words, ask.catalog).words:
        return None
    lookup = await lookups.keep(ask.session, ask.person.id, KIND, words, ask.now)
    return Button(ask.words.say("button.search"), f"found:{lookup.id}")


async def _results(ask: Ask, typed: str, number: int) -> Message:
    try:
        query = read_search(typed, ask.catalog)
    except UserMistake as mistake:
        mistake.asks = _question(ask)
        raise
    if query == Query():
        raise UserMistake("search.empty", asks=_question(ask))
    found = await _find(ask, query)
    if not found.entries:
        raise UserMistake("search.none", typed=typed, asks=_question(ask))
    lookup = await lookups.keep(ask.session, ask.person.id, KIND, typed, ask.now)
    marks = await doses.marks_of(ask.session, ask.person.id)
    page = page_of(found.entries, number)
    return results_message(ask.words, page, typed, lookup.id, marks, whole=found.whole)


async def _find(ask: Ask, query: Query) -> Found:
    """Search beside the loop: the first search of a new catalog builds its index, half a second for 10,000 entries."""
    return await asyncio.to_thread(lambda: ask.catalog.index.find(query))


def _question(ask: Ask) -> Question:
    return Question("search", ask.words.say("search.prompt"))


def page_number(text: str) -> int:
    """A number that stood in a button; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
