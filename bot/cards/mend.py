"""The form with which a curator mends a suggestion or an entry: the card above, its fields as buttons, values to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from bot.cards.dose import facts_line
from bot.cards.names import topic_name
from bot.cards.suggestion import host_of, paged
from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import Kind, Language, Mark
from bot.chat import Button, Message, Rows, Span, lines, rows, shorten
from bot.i18n.showing import show_minutes
from bot.i18n.words import Words

FORM = ("topic", "kind", "level", "minutes", "language", "title", "note.pt", "note.en")
"""The fields of the form, in its order; every other one is there by command."""
CHOSEN = ("topic", "kind", "level", "minutes", "language")
"""Those with values to choose from; the others are written."""
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90)
COMMON = (Language.PT, Language.EN, Language.ES)


def handle_of(resource_id: str) -> str:
    """A short name of an entry that fits into a button with a field and a value."""
    return f"e{blake2b(resource_id.encode(), digest_size=5).hexdigest()}"


def entry_message(words: Words, catalog: Catalog, entry: Resource) -> Message:
    """An entry of the catalog as its curators see it."""
    return Message(
        lines(
            (Span(shorten(entry.title, 160), bold=True),),
            facts_line(words, entry),
            (Span(f"{host_of(entry.url)} · {entry.id}"),),
            words.text("desk.topic", topic=topic_name(catalog, words, entry.topic)),
            (Span(entry.note.in_(words.language), italic=True),) if entry.note else None,
        )
    )


def form(words: Words, card: Message, handle: str) -> Message:
    """The card with its fields as buttons."""
    buttons = [Button(words.say(f"field.{name.replace('.', '_')}"), f"mend:{handle}:{name}") for name in FORM]
    return Message(card.text, (*rows(buttons, 3), _last(words, handle)), shows=card.shows)


def _last(words: Words, handle: str) -> tuple[Button, ...]:
    if handle.startswith("e"):
        return (Button(words.say("button.retire"), f"retire:{handle}"),)
    return (Button(words.say("button.back"), f"suggestion:{handle}"),)


def choices(
    words: Words, catalog: Catalog, card: Message, handle: str, field: str, likely: Sequence[str], page: int
) -> Message:
    """The values a field may take."""
    action = f"mend:{handle}:{field}"
    found: Sequence[tuple[str, str]]
    if field == "topic":
        every = dict.fromkeys([*(one for one in likely if catalog.topic(one)), *(topic.id for topic in catalog.topics)])
        found = [(topic_name(catalog, words, topic), topic) for topic in every]
    elif field == "minutes":
        found = [(show_minutes(n), str(n)) for n in MINUTES]
    elif field == "language":
        codes = dict.fromkeys([*COMMON, *Language])
        found = [(words.one_of("language", code), code) for code in codes]
    elif field == "level":
        found = [*((words.one_of("level", mark), mark.value) for mark in Mark), (words.say("field.none"), "-")]
    else:
        found = [(words.one_of("kind", kind), kind.value) for kind in Kind]
    asks = (
        words.text("unread.how_long")
        if field == "minutes"
        else words.text("desk.which_value", field=words.say(f"field.{field}"))
    )
    return Message(
        lines(card.text, (), asks),
        _with_way_back(paged(words, found, action, page, handle), words, handle),
        shows=card.shows,
    )


def _with_way_back(buttons: Rows, words: Words, handle: str) -> Rows:
    """Back leads to the form, not to the card."""
    *others, last = buttons
    return (*others, (*last[:-1], Button(words.say("button.back"), f"mend:{handle}")))


def with_curators_row(words: Words, card: Message, entry: Resource) -> Message:
    """A learner's card of an entry with what its curators can do."""
    handle = handle_of(entry.id)
    row = (
        Button(words.say("button.edit_it"), f"mend:{handle}"),
        Button(words.say("button.retire"), f"retire:{handle}"),
    )
    return replace(card, buttons=(*card.buttons, row))
