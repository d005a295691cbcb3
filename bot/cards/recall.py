"""A card that comes back: the prompt, the answer with its four buttons, and what one can do with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import Button, Message, Rows, Span, Text, lines, rows, shorten
from bot.i18n.words import Words
from bot.learning.recall import RATINGS, RETENTIONS
from bot.store.tables import Card

PAGE = 5
SHORT = 80


@dataclass(frozen=True, slots=True)
class Faced:
    """A card and the title of what it is about, empty for a question of their own."""

    card: Card
    title: str


def prompt_message(words: Words, faced: Faced) -> Message:
    """What do you remember? One button shows the answer."""
    card = faced.card
    return Message(
        _prompt(words, faced), ((Button(words.say("button.show"), f"recall:show:{card.id}:{card.reviewed}"),),)
    )


def answer_message(words: Words, faced: Faced) -> Message:
    """The answer under the prompt: how was it?"""
    card = faced.card
    rating = [
        Button(words.say(f"button.recall_{name}"), f"recall:{name}:{card.id}:{card.reviewed}") for name in RATINGS
    ]
    more = Button(words.say("button.edit_card"), f"card:see:{card.id}")
    return Message(lines(_prompt(words, faced), (), (Span(card.answer),)), (*rows(rating, 2), (more,)))


def _prompt(words: Words, faced: Faced) -> Text:
    if faced.card.prompt:
        about = (Span(faced.title, bold=True),) if faced.title else None
        return lines(about, (Span(faced.card.prompt),))
    return words.text("recall.your_line", title=faced.title)


def card_message(words: Words, faced: Faced, due: str) -> Message:
    """A card as it is kept, and what can be done with it."""
    card = faced.card
    aside = Button(
        words.say("button.bring_back" if card.suspended else "button.set_aside"),
        f"card:{'back' if card.suspended else 'aside'}:{card.id}",
    )
    buttons: Rows = (
        (Button(words.say("button.rewrite"), f"card:edit:{card.id}"), aside),
        (
            Button(words.say("button.delete"), f"card:delete:{card.id}"),
            Button(words.say("button.all_notes"), "card:list:0"),
        ),
    )
    state = words.text("recall.aside") if card.suspended else words.text("recall.comes", day=due)
    return Message(lines(_prompt(words, faced), (Span(card.answer),), state), buttons)


def notes_message(words: Words, page: Sequence[tuple[Card, str | None]], number: int, *, more: bool) -> Message:
    """A page of what they keep, each with a button."""
    told = [
        lines(
            (Span(f"{place}. "), Span(short(title or card.prompt, SHORT), bold=True)),
            (Span(short(card.answer, SHORT)),),
        )
        for place, (card, title) in enumerate(page, number * PAGE + 1)
    ]
    chosen = tuple(Button(str(place), f"card:see:{card.id}") for place, (card, _) in enumerate(page, number * PAGE + 1))
    turn = []
    if number:
        turn.append(Button(words.say("button.newer_notes"), f"card:list:{number - 1}"))
    if more:
        turn.append(Button(words.say("button.older_notes"), f"card:list:{number + 1}"))
    return Message(lines(words.text("note.head"), *told), (chosen, tuple(turn)) if turn else (chosen,))


def aim_rows(words: Words, now: int) -> Rows:
    """Which share of them do you want to know when they come back?"""
    return (tuple(Button(f"{'✓ ' if share == now else ''}{share}%", f"recall:aim:{share}") for share in RETENTIONS),)


def short(words: str, most: int) -> str:
    """The words on one line, cut."""
    return shorten(" ".join(words.split()), most)
