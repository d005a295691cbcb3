"""Undo: a decision about a suggestion, or a deed on an entry of the catalog; one's own, and for owners anybody's."""

from __future__ import annotations

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.desk.mend import undo_deed
from bot.commands.desk.outcome import outcome
from bot.commands.desk.queue import card_of, find, number_in, pressed_card
from bot.commands.reading.fields import read_numbers
from bot.curation import decide
from bot.errors import UserMistake
from bot.states import Role, SuggestionState
from bot.store import audit, suggestions
from bot.store.suggestions import WholeSuggestion


async def undo(ask: Ask) -> Answer:
    """`/undo [12]`: one's own last decision, or that of a number; owners undo what anybody decided."""
    numbers, rest = read_numbers(ask.rest)
    if rest or len(numbers) > 1:
        raise UserMistake("decide.which_undo")
    if numbers:
        return await _undo(ask, await find(ask, numbers[0]))
    last = await audit.last_of(ask.session, ask.person.id, ("approve", "reject", "edit", "retire", "restore"))
    if last is None:
        raise UserMistake("decide.nothing_to_undo")
    if last.about.startswith("suggestion:") and last.did in ("approve", "reject"):
        return await _undo(ask, await find(ask, number_in(last.about.partition(":")[2])))
    return await undo_deed(ask, last)


async def press(ask: Ask) -> Answer:
    """The button on an outcome: `undo:41` for a suggestion, `undo:a17` for a deed on an entry of the catalog."""
    if ask.rest.startswith("a") and (deed := await audit.find(ask.session, number_in(ask.rest[1:]))):
        return await undo_deed(ask, deed)
    return await _undo(ask, await pressed_card(ask))


async def _undo(ask: Ask, seen: WholeSuggestion) -> Answer:
    await suggestions.lock(ask.session, seen.row.id)
    seen = await find(ask, seen.row.id)
    if seen.row.state not in (SuggestionState.APPROVED, SuggestionState.REJECTED):
        return await _nothing_to_undo(ask, seen)
    if seen.row.decided_by != ask.person.id and ask.role < Role.OWNER:
        raise UserMistake("decide.not_yours", who=seen.decider or ask.words.say("desk.somebody"))
    await decide.undo(ask.session, seen.row, by=ask.person.id, now=ask.now, but=ask.incoming.on)
    return Answer(edit=await outcome(ask, seen.row.id), toast=ask.words.say("decide.undone"))


async def _nothing_to_undo(ask: Ask, seen: WholeSuggestion) -> Answer:
    """It is taken back already, or was never decided."""
    card = await card_of(ask, seen)
    if ask.incoming.action:
        return Answer(edit=card, toast=ask.words.say("decide.not_decided"))
    raise UserMistake("decide.not_decided", again=card)
