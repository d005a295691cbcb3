"""Approve, reject, undo: by a button under a card, or by numbers. Who was faster is the database's to say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.suggestion import (
    approve_all_the_same,
    likely_topic,
    no_page_line,
    reason_choice,
    see_buttons,
    topic_choice,
    when_words,
)
from bot.cards.unread import how_long, unread_line, what_called
from bot.chat import Answer, Button, Message, Question, Text, lines
from bot.commands.ask import Ask
from bot.commands.desk.mend import undo_deed
from bot.commands.desk.queue import card_of, find, number_in, pressed_card
from bot.curation import decide
from bot.curation.describe import likely_language
from bot.curation.intake import clean
from bot.curation.reasons import OTHER, find_reason, near_reason
from bot.curation.spoken import read_changes, read_numbers
from bot.curation.unread import missing
from bot.errors import CatalogError, UserMistake
from bot.states import Role, SuggestionState
from bot.store import audit, questions, suggestions
from bot.store.suggestions import WholeSuggestion

NO_PAGE = "gone"
"""What is written beside a suggestion at whose address there is no page."""
VERBS = ("approve", "anyway")
"""The buttons that approve: at once, and what leads to no page all the same."""
WORDS = 500
"""Characters of a curator's own words to an author."""


# ------------------------------------------------------------------------------------------------------------ approve


async def approve(ask: Ask) -> Answer:
    """`/approve 3 5 8-11 [topic=…]`: each one that waits goes into the catalog; a line says how it went.

    What leads to no page, or is not known by title and minutes, is left out: alone it is asked about, of several the numbers are said.
    """
    numbers, rest = read_numbers(ask.rest)
    if not numbers:
        raise UserMistake("decide.which_approve")
    changes = read_changes(rest, ask.catalog) if rest else {}
    told: list[Text] = []
    left_out: list[WholeSuggestion] = []
    unread: list[WholeSuggestion] = []
    there, unknown = await _held(ask, numbers)
    for seen in there:
        if changes and seen.row.is_waiting:
            seen.row.edits = {**seen.row.edits, **changes}
        if _leads_nowhere(seen):
            left_out.append(seen)
        elif missing(seen):
            unread.append(seen)
        else:
            told.append(await _approve_one(ask, seen))
    if len(numbers) == 1 and left_out:
        return Answer(say=(approve_all_the_same(ask.words, left_out[0], await card_of(ask, left_out[0])),))
    if len(numbers) == 1 and unread:
        return await _ask_for_missing(ask, unread[0], "approve")
    ends = (
        no_page_line(ask.words, [seen.row.id for seen in left_out]),
        unread_line(ask.words, [seen.row.id for seen in unread]),
        _unknown_line(ask, unknown),
    )
    return Answer(say=(Message(lines(*told, *ends), see_buttons([*left_out, *unread])),))


async def _held(ask: Ask, numbers: Sequence[int]) -> tuple[list[WholeSuggestion], list[int]]:
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


def _leads_nowhere(seen: WholeSuggestion) -> bool:
    """Whether it waits and no page was found at its address: its card says so, and it is approved only on a second word."""
    return seen.row.is_waiting and seen.row.problem == NO_PAGE


async def _approve_one(ask: Ask, seen: WholeSuggestion) -> Text:
    number = str(seen.row.id)
    if not seen.row.is_waiting:
        return _line_decided(ask, seen)
    guess = likely_topic(seen.known)
    if guess is None or ask.catalog.topic(guess[0]) is None:
        return ask.words.text("decide.line_no_topic", number=number)
    await _take(ask, seen, guess[0])
    told = ask.words.text("decide.line_approved", number=number, title=seen.title[:100])
    language = likely_language(seen.known, seen.told_title, seen.row.url)
    if seen.known.get("language") == language:
        return told
    guessed = ask.words.one_of("language", language)
    return (*told, *ask.words.text("decide.line_guessed", language=guessed, number=number))


async def press_approve(ask: Ask) -> Answer:
    """The button on a card; where there is no page at the address, the press asks once more."""
    seen = await pressed_card(ask, hold=True)
    if _leads_nowhere(seen):
        return Answer(edit=approve_all_the_same(ask.words, seen, await card_of(ask, seen)))
    return await go_on(ask, seen, "approve", ask.rest.partition(":")[2])


async def press_anyway(ask: Ask) -> Answer:
    """The second word on what leads to no page."""
    return await go_on(ask, await pressed_card(ask, hold=True), "anyway", ask.rest.partition(":")[2])


async def go_on(ask: Ask, seen: WholeSuggestion, verb: str, wanted: str = "") -> Answer:
    """Approve with the topic that is `wanted`, was set or is likely.

    What is not known yet, title, minutes or topic, is asked for, and `verb` goes on with the answer.
    """
    if not seen.row.is_waiting:
        return await _decided_before(ask, seen)
    if missing(seen):
        return await _ask_for_missing(ask, seen, verb)
    topic = _topic_of(ask, wanted) if wanted and not wanted.startswith("+") else _likely(ask, seen)
    if topic is None:
        page = int(wanted[1:]) if wanted[1:].isdecimal() and len(wanted) < 5 else 0
        card = await card_of(ask, seen)
        action = f"{verb}:{seen.row.id}"
        return Answer(edit=topic_choice(ask.words, ask.catalog, seen, card, action, page))
    await _take(ask, seen, topic)
    return Answer(edit=await _outcome(ask, seen.row.id), toast=ask.words.say("decide.approved"))


async def _ask_for_missing(ask: Ask, seen: WholeSuggestion, verb: str) -> Answer:
    """Title and minutes in one line; the minutes alone by buttons."""
    if missing(seen) == ("minutes",):
        return Answer(edit=how_long(ask.words, seen, await card_of(ask, seen), verb))
    asked = Question("called", ask.words.say("unread.prompt"), about=f"{seen.row.id}:{verb}")
    return Answer(say=(what_called(ask.words, seen),), ask=asked)


def _likely(ask: Ask, seen: WholeSuggestion) -> str | None:
    guess = likely_topic(seen.known)
    return guess[0] if guess and ask.catalog.topic(guess[0]) else None


def _topic_of(ask: Ask, begun: str) -> str | None:
    """The topic whose id a button holds, perhaps cut short."""
    if ask.catalog.topic(begun):
        return begun
    found = [topic.id for topic in ask.catalog.topics if topic.id.startswith(begun)]
    return found[0] if len(found) == 1 else None


async def _take(ask: Ask, seen: WholeSuggestion, topic: str) -> None:
    try:
        done = await decide.approve(
            ask.session, ask.catalog, seen, topic, by=ask.person.id, now=ask.now, but=ask.incoming.on
        )
    except CatalogError as error:
        raise UserMistake("decide.no_entry", number=str(seen.row.id), problem=error.problems[0].text) from error
    assert done, "its row is held"


# ------------------------------------------------------------------------------------------------------------- reject


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
    there, unknown = await _held(ask, numbers)
    told = [await _reject_one(ask, seen, reason, words) for seen in there]
    return Message(lines(*told, _unknown_line(ask, unknown)))


async def _reject_one(ask: Ask, seen: WholeSuggestion, reason: str, words: str) -> Text:
    if not seen.row.is_waiting:
        return _line_decided(ask, seen)
    await decide.reject(ask.session, seen.row.id, reason, words, by=ask.person.id, now=ask.now)
    return ask.words.text("decide.line_rejected", number=str(seen.row.id), title=seen.title[:100])


async def press_refuse(ask: Ask) -> Answer:
    """Reject…: the reasons take the place of the buttons."""
    seen = await pressed_card(ask)
    if not seen.row.is_waiting:
        return await _decided_before(ask, seen)
    return Answer(edit=reason_choice(ask.words, ask.reasons, seen, await card_of(ask, seen)))


async def press_reject(ask: Ask) -> Answer:
    """One of the reasons, or a curator's own words, which are asked for."""
    _, _, reason = ask.rest.partition(":")
    seen = await pressed_card(ask, hold=True)
    if not seen.row.is_waiting:
        return await _decided_before(ask, seen)
    if reason == "words":
        asked = Question("reject_words", ask.words.say("decide.words_prompt"), about=str(seen.row.id))
        said = ask.words.message("decide.words", number=str(seen.row.id))
        return Answer(say=(said,), ask=asked)
    if reason not in ask.reasons:
        raise UserMistake("mistake.stale_button")
    await decide.reject(ask.session, seen.row.id, reason, "", by=ask.person.id, now=ask.now, but=ask.incoming.on)
    return Answer(edit=await _outcome(ask, seen.row.id), toast=ask.words.say("decide.rejected"))


async def read_reject_words(ask: Ask) -> Answer:
    """The words that were asked for: they are the reason."""
    waiting = await questions.open_question(ask.session, ask.person.id, ask.incoming.address, ask.now)
    number = number_in(waiting.about) if waiting else 0
    if not clean(ask.rest, WORDS):
        raise UserMistake("decide.no_words")
    return Answer(say=(await _reject_all(ask, [number], OTHER, clean(ask.rest, WORDS)),))


# --------------------------------------------------------------------------------------------------------------- undo


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


async def press_undo(ask: Ask) -> Answer:
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
    return Answer(edit=await _outcome(ask, seen.row.id), toast=ask.words.say("decide.undone"))


async def _nothing_to_undo(ask: Ask, seen: WholeSuggestion) -> Answer:
    """It is taken back already, or was never decided."""
    card = await card_of(ask, seen)
    if ask.incoming.action:
        return Answer(edit=card, toast=ask.words.say("decide.not_decided"))
    raise UserMistake("decide.not_decided", again=card)


# ------------------------------------------------------------------------------------------------------ what was said


async def _outcome(ask: Ask, number: int) -> Message:
    """The card with what has just been decided; alone with us the next one is a press away."""
    card = await card_of(ask, await find(ask, number))
    if not ask.incoming.private or card.shows is None:
        return card
    following = Button(ask.words.say("button.next_suggestion"), "queue:next")
    return Message(card.text, (*card.buttons, (following,)), shows=card.shows)


async def _decided_before(ask: Ask, seen: WholeSuggestion) -> Answer:
    """Somebody was faster: who and when, and the card as it is now."""
    return Answer(edit=await card_of(ask, seen), toast=_who_decided(ask, seen))


def _who_decided(ask: Ask, seen: WholeSuggestion) -> str:
    when = when_words(ask.words, seen.row.decided_at, ask.now, ask.settings.default_zone)
    who = seen.decider or ask.words.say("desk.somebody")
    if seen.row.state in (SuggestionState.APPROVED, SuggestionState.REJECTED):
        key = "decide.was_approved" if seen.row.state == SuggestionState.APPROVED else "decide.was_rejected"
        return ask.words.say(key, who=who, when=when)
    return ask.words.say("decide.is_gone", when=when)


def _unknown_line(ask: Ask, numbers: Sequence[int]) -> Text | None:
    """The numbers nothing has, in the words of every command that is given one."""
    return ask.words.text("queue.no_such_number", number=", #".join(map(str, numbers))) if numbers else None


def _line_decided(ask: Ask, seen: WholeSuggestion) -> Text:
    return ask.words.text("decide.line_decided", number=str(seen.row.id), how=_who_decided(ask, seen))
