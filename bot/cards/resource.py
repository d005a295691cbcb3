"""One resource of the catalog: what it is, what somebody did with it, and what they can do now."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.dose import facts_line
from bot.cards.names import topic_name
from bot.cards.recall import short
from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import Use
from bot.chat import Button, Message, Rows, Span, Text, lines
from bot.i18n.words import Words
from bot.states import Marked
from bot.store.marks import BEHIND
from bot.store.tables import Thread

TITLE, LINE = 180, 160
"""Characters of a title and of a note that fit a phone."""


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
            (Span(short(known.title, TITLE), bold=True),),
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
