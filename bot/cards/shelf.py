"""The long things somebody is in the middle of, and those that wait on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.names import short_name
from bot.cards.session import is_by_day
from bot.catalog.entry import Resource
from bot.chat import Button, Message, Rows, Span, Text, lines
from bot.i18n.words import Words
from bot.states import ThreadState
from bot.store.tables import Thread

PAGE = 4


@dataclass(frozen=True, slots=True)
class Long:
    """A thread, what its resource is called, and its entry (None once it left the catalog)."""

    thread: Thread
    title: str
    entry: Resource | None


def shelf_message(words: Words, things: Sequence[Long], page: int) -> Message:
    """What goes on and what waits, each with how far they are, and a button to change that."""
    pages = max(1, -(-len(things) // PAGE))
    page %= pages
    shown = things[page * PAGE : (page + 1) * PAGE]
    told = [_line(words, one) for one in shown]
    turn = []
    if page:
        turn.append(Button(words.say("button.back"), f"shelf:list:{page - 1}"))
    if page + 1 < pages:
        turn.append(Button(words.say("button.more"), f"shelf:list:{page + 1}"))
    buttons: Rows = tuple(_buttons(words, one) for one in shown if one.entry)
    return Message(lines(words.text("shelf.head"), *told), (*buttons, tuple(turn)) if turn else buttons)


def place_of(words: Words, one: Long) -> str:
    """“day 3 of 10”: the part they are in now."""
    part = min(one.thread.part + 1, one.thread.of)
    return words.say("session.day" if is_by_day(one.entry) else "session.part", part=part, of=one.thread.of)


def _line(words: Words, one: Long) -> Text:
    goes_on = one.thread.state == ThreadState.OPEN
    key = "shelf.retired" if one.entry is None else "shelf.goes_on" if goes_on else "shelf.waits"
    head = (Span(one.title, bold=True), Span(f" · {place_of(words, one)} · {words.say(key)}"))
    return lines(head, (Span(f"“{one.thread.note}”", italic=True),)) if one.thread.note else head


def _buttons(words: Words, one: Long) -> tuple[Button, ...]:
    title = short_name(one.title)
    if one.thread.state != ThreadState.OPEN:
        return (Button(words.say("button.take_up", title=title), f"shelf:up:{one.thread.id}"),)
    return (
        Button(words.say("button.go_on_named", title=title), f"shelf:now:{one.thread.id}"),
        Button(words.say("button.shelve_named", title=title), f"shelf:down:{one.thread.id}"),
    )
