"""Reject: by a reason of the table, or in a curator's own words to the author."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.suggestion import reason_choice
from bot.chat import Answer, Message, Question, Text, lines
from bot.commands.ask import Ask
from bot.commands.desk.outcome import decided_before, held, line_decided, outcome, unknown_line
from bot.commands.desk.queue import card_of, find, number_in, pressed_card
from bot.commands.reading.fields import read_numbers
from bot.curation import decide
from bot.curation.intake import clean
from bot.curation.reasons import OTHER, find_reason, near_reason
from bot.errors import UserMistake
from bot.store.suggestions import WholeSuggestion

WORDS = 500
"""Characters of a curator's own words to an author."""


async def reject(ask: Ask) -> Answer:
    """`/reject 42 paywall its own words`: the first word may be a reason of the table; the rest reaches the author as it is."""
    numbers, rest = read_numbers(ask.rest)
    if not numbers:
        raise UserMistake("decide.which_reject", reasons=tuple(ask.reasons))
    if not rest and len(numbers) == 1:
        seen = await find(ask, numbers[0])
        if seen.row.is_waiting:
            return Answer(say=(reason_choice(ask.words, ask.reasons, seen, await card_of(ask, seen)),))
    reason, words = _reason_and_words(ask, rest)
    return Answer(say=(await _reject_all(ask, numbers, reason, words),))


def _reason_and_words(ask: Ask, rest: str) -> tuple[str, str]:
    """As many first words as name a reason; without one, all of it is the curator's own."""
    typed = rest.split()
    for count in (3, 2, 1):
        if len(typed) >= count and (found := find_reason(ask.reasons, " ".join(typed[:count]).rstrip(":,."))):
            return found.id, clean(" ".join(typed[count:]), WORDS)
    _ask_for_a_slip(ask, typed)
    return OTHER, clean(rest, WORDS)


def _ask_for_a_slip(ask: Ask, typed: Sequence[str]) -> None:
    """A reason that is misspelt, and a word alone that is none, do not go to the author as they are. Raises UserMistake."""
    if not typed:
        return
    if near := near_reason(ask.reasons, typed[0].rstrip(":,.")):
        raise UserMistake("decide.near_reason", typed=typed[0], near=near.id)
    if len(typed) == 1:
        raise UserMistake("decide.no_such_reason", typed=typed[0], reasons=tuple(ask.reasons))


async def _reject_all(ask: Ask, numbers: Sequence[int], reason: str, words: str) -> Message:
    there, unknown = await held(ask, numbers)
    told = [await _reject_one(ask, seen, reason, words) for seen in there]
    return Message(lines(*told, unknown_line(ask, unknown)))


async def _reject_one(ask: Ask, seen: WholeSuggestion, reason: str, words: str) -> Text:
    if not seen.row.is_waiting:
        return line_decided(ask, seen)
    await decide.reject(ask.session, seen.row.id, reason, words, by=ask.person.id, now=ask.now)
    return ask.words.text("decide.line_rejected", number=str(seen.row.id), title=seen.title[:100])


async def press_refuse(ask: Ask) -> Answer:
    """Reject…: the reasons take the place of the buttons."""
    seen = await pressed_card(ask)
    if not seen.row.is_waiting:
        return await decided_before(ask, seen)
    return Answer(edit=reason_choice(ask.words, ask.reasons, seen, await card_of(ask, seen)))


async def press(ask: Ask) -> Answer:
    """One of the reasons, or a curator's own words, which are asked for."""
    _, _, reason = ask.rest.partition(":")
    seen = await pressed_card(ask, hold=True)
    if not seen.row.is_waiting:
        return await decided_before(ask, seen)
    if reason == "words":
        asked = Question("reject_words", ask.words.say("decide.words_prompt"), about=str(seen.row.id))
        said = ask.words.message("decide.words", number=str(seen.row.id))
        return Answer(say=(said,), ask=asked)
    if reason not in ask.reasons:
        raise UserMistake("mistake.stale_button")
    await decide.reject(ask.session, seen.row.id, reason, "", by=ask.person.id, now=ask.now, but=ask.incoming.on)
    return Answer(edit=await outcome(ask, seen.row.id), toast=ask.words.say("decide.rejected"))


async def read_words(ask: Ask) -> Answer:
    """The words that were asked for: they are the reason."""
    waiting = await ask.open_question()
    number = number_in(waiting.about) if waiting else 0
    if not clean(ask.rest, WORDS):
        raise UserMistake("decide.no_words")
    return Answer(say=(await _reject_all(ask, [number], OTHER, clean(ask.rest, WORDS)),))
