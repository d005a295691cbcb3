"""Finding things in the catalog by words and filters, a page at a time."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.pages import page_of
from bot.cards.search import Looser, nothing_message, results_message
from bot.catalog.search import Query
from bot.chat import Answer, Button, Message, Question
from bot.commands.ask import Ask
from bot.commands.reading.search import filters_in, read_search, without_filters, without_spans
from bot.errors import UserMistake
from bot.store import lookups, marks

KIND = "search"
MOST_OFFERED = 5
"""Filters that can be dropped with a press where nothing is found."""


async def search(ask: Ask) -> Answer:
    """The entries that have all the words and pass all the filters; alone it asks which."""
    if not ask.rest:
        return Answer(say=(ask.words.message("search.what"),), ask=_question(ask))
    return await _answer(ask, ask.rest, 0)


async def press_found(ask: Ask) -> Answer:
    """A page of an earlier search, `found:12:3`; without a page the search of what they wrote, said anew."""
    number, _, page = ask.rest.partition(":")
    lookup = await lookups.find(ask.session, page_number(number), ask.person.id, KIND)
    if lookup is None:
        raise UserMistake("search.gone", asks=_question(ask))
    answer = await _answer(ask, lookup.words, page_number(page))
    return replace(answer, edit=answer.say[0], say=()) if page else answer


async def search_button(ask: Ask, text: str) -> Button | None:
    """The button that searches for what they just wrote; None where there is no word in it."""
    words = without_filters(text)
    if not read_search(words, ask.catalog).words:
        return None
    lookup = await lookups.keep(ask.session, ask.person.id, KIND, words, ask.now)
    return Button(ask.words.say("button.search"), f"found:{lookup.id}")


async def _answer(ask: Ask, typed: str, number: int) -> Answer:
    try:
        query = read_search(typed, ask.catalog)
    except UserMistake as mistake:
        mistake.asks = _question(ask)
        raise
    if query == Query():
        raise UserMistake("search.empty", asks=_question(ask))
    found = ask.catalog.index.find(query)
    if not found.entries:
        return Answer(say=(await _nothing(ask, typed),), ask=_question(ask))
    lookup = await lookups.keep(ask.session, ask.person.id, KIND, typed, ask.now)
    marked = await marks.by_name(ask.session, ask.person.id)
    page = page_of(found.entries, number)
    return Answer(say=(results_message(ask.words, page, typed, lookup.id, marked, whole=found.whole),))


async def _nothing(ask: Ask, typed: str) -> Message:
    """Nothing was found: which filters leave nothing, and what is found with one of them less."""
    filters = filters_in(typed)[:MOST_OFFERED]
    words = without_spans(typed, filters)
    looser = [Looser("without", typed[begin:end], without_spans(typed, [(begin, end)])) for begin, end in filters]
    alone = [Looser("only", typed[begin:end], typed[begin:end]) for begin, end in filters]
    barren = [one.filter for one in alone if not _count(ask, one.typed)]
    offered = _counted(ask, looser) or _counted(ask, [Looser("no", "", words)] if words else alone)
    if not offered:
        raise UserMistake("search.none", typed=words or typed, asks=_question(ask))
    ids = [(await lookups.keep(ask.session, ask.person.id, KIND, one.typed, ask.now)).id for one, _ in offered]
    return nothing_message(ask.words, typed, barren, list(zip(offered, ids, strict=True)))


def _counted(ask: Ask, searches: list[Looser]) -> list[tuple[Looser, int]]:
    """Those that find something, with how much."""
    counted = [(one, _count(ask, one.typed)) for one in searches]
    return [(one, count) for one, count in counted if count]


def _count(ask: Ask, typed: str) -> int:
    query = read_search(typed, ask.catalog)
    return len(ask.catalog.index.find(query).entries) if query != Query() else 0


def _question(ask: Ask) -> Question:
    return Question("search", ask.words.say("search.prompt"))


def page_number(text: str) -> int:
    """A number that stood in a button; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
