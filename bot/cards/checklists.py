"""Checklists as lists to press: which there are with how much is ticked off, and one with its steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.cards.names import handle
from bot.catalog.entry import Checklist
from bot.chat import Button, Message, Rows, Span, Text, lines, rows
from bot.i18n.words import Words

PAGE = 8
"""How many checklists, or steps, a screen shows."""

Ticked = Collection[tuple[str, str]]
"""What is ticked off, as (checklist, step)."""


def checklists_message(words: Words, checklists: Sequence[Checklist], ticked: Ticked, page: int) -> Message:
    """A page of checklists, each with how far it is."""
    pages = max(1, -(-len(checklists) // PAGE))
    page %= pages
    shown = list(enumerate(checklists, 1))[page * PAGE : (page + 1) * PAGE]
    told = [(Span(f"{number}. {one.name.in_(words.language)} · {_state(one, ticked)}"),) for number, one in shown]
    buttons = rows((Button(str(number), f"checklist:{handle(one.id)}:0") for number, one in shown), 4)
    return Message(lines(words.text("checklist.choose"), *told), (*buttons, *_turn(words, "checklists", page, pages)))


def checklist_message(words: Words, checklist: Checklist, ticked: Ticked, page: int) -> Message:
    """The steps in order, those ticked off marked, a button for each."""
    pages = max(1, -(-len(checklist.steps) // PAGE))
    page %= pages
    shown = list(enumerate(checklist.steps, 1))[page * PAGE : (page + 1) * PAGE]
    done = {step.id for step in checklist.steps if (checklist.id, step.id) in ticked}
    told: list[Text] = [
        (Span(f"{'✓' if step.id in done else '☐'} {number}. {step.in_(words.language)}"),) for number, step in shown
    ]
    buttons = [
        Button(
            f"{'✓ ' if step.id in done else ''}{number}",
            f"step:{handle(checklist.id)}:{handle(step.id)}:{'off' if step.id in done else 'on'}:{page}",
        )
        for number, step in shown
    ]
    all_of_them = Button(words.say("button.checklists"), "checklists:0")
    head = words.text("checklist.head", name=checklist.name.in_(words.language), n=len(done), of=len(checklist.steps))
    turn = _turn(words, f"checklist:{handle(checklist.id)}", page, pages)
    return Message(lines(head, *told), (*rows(buttons, 4), *turn, (all_of_them,)))


def _state(checklist: Checklist, ticked: Ticked) -> str:
    done = sum((checklist.id, step.id) in ticked for step in checklist.steps)
    return "✓" if done == len(checklist.steps) else f"{done}/{len(checklist.steps)}"


def _turn(words: Words, verb: str, page: int, pages: int) -> Rows:
    turn = []
    if page:
        turn.append(Button(words.say("button.back"), f"{verb}:{page - 1}"))
    if page + 1 < pages:
        turn.append(Button(words.say("button.more"), f"{verb}:{page + 1}"))
    return (tuple(turn),) if turn else ()
