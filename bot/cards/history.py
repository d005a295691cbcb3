"""What somebody was given and did, a page at a time, and what waits in Saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.cards.dose import facts_line
from bot.cards.names import topic_name
from bot.cards.pages import TITLE, TYPED, Page, page_rows
from bot.cards.recall import short
from bot.cards.resource import LINE
from bot.catalog.entry import Catalog, Resource
from bot.chat import Button, Message, Span, Text, lines
from bot.i18n.showing import show_date
from bot.i18n.words import Words
from bot.store.history_entries import HistoryEntry

FILTERS = ("done", "open", "notes")
"""The parts of a history that are one press away."""


def history_message(
    words: Words,
    catalog: Catalog,
    page: Page[HistoryEntry],
    notes: Mapping[str, str],
    gave_way: Mapping[int, Sequence[str]],
    part: str,
    lookup: int,
    today: date,
) -> Message:
    """A page of the history, each thing with the line they wrote about it and what it came in place of, by dose.

    `part` is the filter as they typed it.
    """
    typed: Text = (*words.text("history.part", part=short(part, TYPED)),) if part else ()
    head = words.text("history.head", part=typed, first=page.first, last=page.last, n=page.total)
    written = _written(page, notes)
    told = [
        _given(words, catalog, place, given, written.get(place, ""), _instead(given, gave_way), today)
        for place, given in enumerate(page.items, page.first)
    ]
    turned = page_rows(
        words,
        page,
        lambda given: f"see:{given.resource}" if given.resource else "",
        lambda number: f"past:{lookup}:{number}",
    )
    return Message(lines(head, *told), (*turned, part_row(words, part)))


def part_row(words: Words, part: str) -> tuple[Button, ...]:
    """The parts to choose from; where one was chosen, the way back to all of it."""
    if part:
        return (Button(words.say("button.history_all"), "history:all"),)
    return tuple(Button(words.one_of("button", f"history_{name}"), f"history:{name}") for name in FILTERS)


def _written(page: Page[HistoryEntry], notes: Mapping[str, str]) -> dict[int, str]:
    """The line about each thing, by the place where it came last: of a thing that is there twice it stands once."""
    last: dict[str, int] = {}
    for place, given in enumerate(page.items, page.first):
        last.setdefault(given.resource, place)
    return {place: notes[resource] for resource, place in last.items() if resource in notes}


def _instead(given: HistoryEntry, gave_way: Mapping[int, Sequence[str]]) -> list[str]:
    """The titles that a thing's doses held before it, each once."""
    return list(dict.fromkeys(title for dose in given.doses for title in gave_way.get(dose, ())))


def _given(
    words: Words, catalog: Catalog, place: int, given: HistoryEntry, note: str, instead: Sequence[str], today: date
) -> Text:
    day = show_date(given.day, words.language, weekday=True, today=today)
    if not given.resource:
        key = f"history.{given.what}"
        return words.text(key if words.has(key) else "history.besides", n=given.count, day=day)
    facts = words.text(
        "history.facts",
        day=day,
        what=words.one_of("outcome", given.what),
        topic=topic_name(catalog, words, given.topic),
    )
    return lines(
        (Span(f"{place}. "), Span(short(given.title, TITLE), bold=True)),
        (*facts, *_before(words, given, today)),
        _in_place_of(words, instead) if instead else None,
        (Span("“"), Span(short(note, LINE), italic=True), Span("”")) if note else None,
    )


def _before(words: Words, given: HistoryEntry, today: date) -> Text:
    days = ", ".join(show_date(day, words.language, weekday=True, today=today) for day in given.before)
    return words.text("history.before", days=days) if days else ()


def _in_place_of(words: Words, titles: Sequence[str]) -> Text:
    shown = short(titles[-1], LINE // 2)
    if len(titles) == 1:
        return words.text("history.instead", title=shown)
    return words.text("history.instead_of_more", title=shown, n=len(titles) - 1)


# --------------------------------------------------------------------------------------------------------------- saved


@dataclass(frozen=True, slots=True)
class SavedThing:
    """Something that waits in Saved: saved by them, skipped (it came three times unanswered), or shelved at a `part` of its `of`."""

    id: str
    title: str
    entry: Resource | None
    why: str
    part: int = 0
    of: int = 0


def saved_message(words: Words, page: Page[SavedThing]) -> Message:
    """A page of what waits, with why it is here."""
    head = words.text("saved.head", first=page.first, last=page.last, n=page.total)
    told = [_waiting(words, place, waiting) for place, waiting in enumerate(page.items, page.first)]
    turned = page_rows(words, page, lambda waiting: f"see:{waiting.id}", lambda number: f"saved:{number}")
    return Message(lines(head, *told), turned)


def _waiting(words: Words, place: int, waiting: SavedThing) -> Text:
    facts = facts_line(words, waiting.entry) if waiting.entry else words.text("saved.retired")
    why = words.text(f"saved.why_{waiting.why}", part=waiting.part, of=waiting.of) if waiting.why != "saved" else ()
    return lines(
        (Span(f"{place}. "), Span(short(waiting.title, TITLE), bold=True)),
        (*facts, *((Span(" · "), *why) if why else ())),
    )
