"""What a search finds: a page of results, and one resource with everything known about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cards.dose import facts_line
from bot.cards.names import topic_name
from bot.cards.pages import Page, page_rows
from bot.cards.recall import short
from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import Use
from bot.chat import Button, Message, Rows, Span, Text, lines, rows
from bot.i18n.words import Words
from bot.states import Marked
from bot.store.marks import BEHIND
from bot.store.tables import Thread

TITLE, TYPED, LINE = 90, 60, 160
"""Characters of a title, of what was looked for and of a note that fit a phone."""
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
    return lines((Span(f"{place}. "), Span(short(entry.title, TITLE), bold=True)), facts_and_state(words, entry, marks))


def facts_and_state(words: Words, entry: Resource, marks: Mapping[Marked, frozenset[str]]) -> Text:
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


@dataclass(frozen=True, slots=True)
class Known:
    """A resource and what the person did with it.

    `entry` is None once it left the catalog, `done_on` a date in their words, `shelved` how far they are if it waits on the shelf.
    """

    id: str
    title: str
    url: str
    topic: str
    entry: Resource | None
    marks: frozenset[Marked]
    done_on: str = ""
    notes: tuple[str, ...] = ()
    shelved: Thread | None = None

    @property
    def waits(self) -> bool:
        """Whether it is in Saved."""
        return Marked.SAVED in self.marks or (Marked.SKIPPED in self.marks and not self.marks.intersection(BEHIND))


def resource_message(words: Words, catalog: Catalog, known: Known) -> Message:
    """One resource: what it is, what they did with it, and what they can do now."""
    entry = known.entry
    return Message(
        lines(
            (Span(short(known.title, 2 * TITLE), bold=True),),
            facts_line(words, entry) if entry else words.text("found.retired"),
            words.text("found.topic", topic=topic_name(catalog, words, known.topic)),
            (Span(entry.note.in_(words.language), italic=True),) if entry and entry.note else None,
            *_states(words, known),
            *(words.text("found.note", note=short(note, LINE)) for note in known.notes),
        ),
        resource_rows(words, known),
    )


def _states(words: Words, known: Known) -> list[Text]:
    said = []
    if Marked.DONE in known.marks:
        said.append(words.text("found.done_on", day=known.done_on) if known.done_on else words.text("found.done"))
    said += [words.text(f"found.{name}") for name in (Marked.KNOWN, Marked.DISMISSED) if name in known.marks]
    if known.shelved:
        said.append(words.text("found.shelved", part=known.shelved.part, of=known.shelved.of))
    return [*said, words.text("found.saved")] if known.waits else said


def resource_rows(words: Words, known: Known) -> Rows:
    """Open it, keep it for later or no longer, take it now. What may be done with an entry of the catalog goes below."""
    keep = (
        Button(words.say("button.unsave"), f"out:{known.id}")
        if known.waits
        else Button(words.say("button.save"), f"put:{known.id}")
    )
    first = (Button(words.say("button.open"), url=known.url), keep)
    if known.shelved:
        return (first, (Button(words.say("button.take_up_again"), f"shelf:up:{known.shelved.id}"),))
    if known.entry and known.entry.use is Use.DOSE and Marked.DONE not in known.marks:
        return (first, (Button(words.say("button.take_now"), f"get:{known.id}"),))
    return (first,)
