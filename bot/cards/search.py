"""What a search finds, a page at a time; where the filters leave nothing, searches that ask for less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards.dose import facts_line
from bot.cards.pages import TITLE, TYPED, Page, page_rows
from bot.cards.recall import short
from bot.catalog.entry import Resource
from bot.chat import Button, Message, Span, Text, lines, rows
from bot.i18n.words import Words
from bot.states import Marked

STATES = (Marked.DONE, Marked.KNOWN, Marked.DISMISSED, Marked.SAVED)
"""What somebody can have done with a resource, the most telling first."""


def results_message(
    words: Words, page: Page[Resource], typed: str, lookup: int, marks: Mapping[Marked, frozenset[str]], *, whole: bool
) -> Message:
    """A page of results, each with its facts and what the person did with it already."""
    key = "search.found" if whole else "search.some"
    head = words.text(key, typed=short(typed, TYPED), first=page.first, last=page.last, n=page.total)
    told = [_result(words, place, entry, marks) for place, entry in enumerate(page.items, page.first)]
    turned = page_rows(words, page, lambda entry: f"see:{entry.id}", lambda number: f"found:{lookup}:{number}")
    return Message(lines(head, *told), turned)


def _result(words: Words, place: int, entry: Resource, marks: Mapping[Marked, frozenset[str]]) -> Text:
    return lines(
        (Span(f"{place}. "), Span(short(entry.title, TITLE), bold=True)), _facts_and_state(words, entry, marks)
    )


def _facts_and_state(words: Words, entry: Resource, marks: Mapping[Marked, frozenset[str]]) -> Text:
    """“video · 12 min · English · done”."""
    state = next((name for name in STATES if entry.id in marks.get(name, ())), None)
    facts = facts_line(words, entry)
    return (*facts, Span(" · "), Span(words.one_of("state", state), italic=True)) if state else facts


LOOSER = {"without": "button.search_without", "only": "button.search_only", "no": "button.search_no"}


@dataclass(frozen=True, slots=True)
class Looser:
    """A search that asks for less: `without` one filter, `only` that one, or with `no` filter; what is searched for then is `typed`."""

    how: str
    filter: str
    typed: str


def nothing_message(
    words: Words, typed: str, barren: Sequence[str], offered: Sequence[tuple[tuple[Looser, int], int]]
) -> Message:
    """Nothing passes the filters: those that nothing passes by itself, and the looser searches with how much they find, by lookup."""
    if barren:
        said = words.text("search.barren", filters=short(", ".join(barren), TYPED))
    else:
        said = words.text("search.narrow", typed=short(typed, TYPED))
    buttons = (
        Button(words.say(LOOSER[one.how], filter=short(one.filter, 24), n=count), f"found:{lookup}:0")
        for (one, count), lookup in offered
    )
    return Message(said, rows(buttons, 1))
