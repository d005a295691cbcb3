"""What is said of a decision: just made, or made before by somebody faster, which the database tells; and of numbers nothing has."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.suggestion import when_words
from bot.chat import Answer, Button, Message, Text
from bot.commands.ask import Ask
from bot.commands.desk.queue import card_of, find
from bot.states import SuggestionState
from bot.store import suggestions
from bot.store.suggestions import WholeSuggestion


async def held(ask: Ask, numbers: Sequence[int]) -> tuple[list[WholeSuggestion], list[int]]:
    """The suggestions of some numbers, their rows held, and the numbers that nothing has."""
    there, unknown = [], []
    for number in numbers:
        await suggestions.lock(ask.session, number)
        seen = await suggestions.see(ask.session, number)
        if seen:
            there.append(seen)
        else:
            unknown.append(number)
    return there, unknown


async def outcome(ask: Ask, number: int) -> Message:
    """The card with what has just been decided; alone with us the next one is a press away."""
    card = await card_of(ask, await find(ask, number))
    if not ask.incoming.private or card.shows is None:
        return card
    following = Button(ask.words.say("button.next_suggestion"), "queue:next")
    return Message(card.text, (*card.buttons, (following,)), shows=card.shows)


async def decided_before(ask: Ask, seen: WholeSuggestion) -> Answer:
    """Somebody was faster: who and when, and the card as it is now."""
    return Answer(edit=await card_of(ask, seen), toast=_who_decided(ask, seen))


def _who_decided(ask: Ask, seen: WholeSuggestion) -> str:
    when = when_words(ask.words, seen.row.decided_at, ask.now, ask.settings.default_zone)
    who = seen.decider or ask.words.say("desk.somebody")
    if seen.row.state in (SuggestionState.APPROVED, SuggestionState.REJECTED):
        key = "decide.was_approved" if seen.row.state == SuggestionState.APPROVED else "decide.was_rejected"
        return ask.words.say(key, who=who, when=when)
    return ask.words.say("decide.is_gone", when=when)


def unknown_line(ask: Ask, numbers: Sequence[int]) -> Text | None:
    """The numbers nothing has, in the words of every command that is given one."""
    return ask.words.text("queue.no_such_number", number=", #".join(map(str, numbers))) if numbers else None


def line_decided(ask: Ask, seen: WholeSuggestion) -> Text:
    """The same in a line, where several are decided at once."""
    return ask.words.text("decide.line_decided", number=str(seen.row.id), how=_who_decided(ask, seen))
