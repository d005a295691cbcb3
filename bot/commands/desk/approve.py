"""Approve: by the button under a card, or by numbers. What is not known of a link yet is asked first."""

from __future__ import annotations

from bot.cards.suggestion import approve_all_the_same, likely_topic, no_page_line, see_buttons, topic_choice
from bot.cards.unread import how_long, unread_line, what_called
from bot.chat import Answer, Message, Question, Text, lines
from bot.commands.ask import Ask
from bot.commands.desk.misfit import no_entry_of
from bot.commands.desk.outcome import decided_before, held, line_decided, outcome, unknown_line
from bot.commands.desk.queue import card_of, pressed_card
from bot.commands.reading.fields import read_changes, read_numbers
from bot.curation import decide
from bot.curation.describe import likely_language
from bot.curation.unread import missing
from bot.errors import CatalogError, UserMistake
from bot.store.suggestions import WholeSuggestion

NO_PAGE = "gone"
"""What is written beside a suggestion at whose address there is no page."""
VERBS = ("approve", "anyway")
"""The buttons that approve: at once, and what leads to no page all the same."""


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
    there, unknown = await held(ask, numbers)
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
        unknown_line(ask, unknown),
    )
    return Answer(say=(Message(lines(*told, *ends), see_buttons([*left_out, *unread])),))


def _leads_nowhere(seen: WholeSuggestion) -> bool:
    """Whether it waits and no page was found at its address: its card says so, and it is approved only on a second word."""
    return seen.row.is_waiting and seen.row.problem == NO_PAGE


async def _approve_one(ask: Ask, seen: WholeSuggestion) -> Text:
    number = str(seen.row.id)
    if not seen.row.is_waiting:
        return line_decided(ask, seen)
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


async def press(ask: Ask) -> Answer:
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
        return await decided_before(ask, seen)
    if missing(seen):
        return await _ask_for_missing(ask, seen, verb)
    topic = _topic_of(ask, wanted) if wanted and not wanted.startswith("+") else _likely(ask, seen)
    if topic is None:
        page = int(wanted[1:]) if wanted[1:].isdecimal() and len(wanted) < 5 else 0
        card = await card_of(ask, seen)
        action = f"{verb}:{seen.row.id}"
        return Answer(edit=topic_choice(ask.words, ask.catalog, seen, card, action, page))
    await _take(ask, seen, topic)
    return Answer(edit=await outcome(ask, seen.row.id), toast=ask.words.say("decide.approved"))


async def _ask_for_missing(ask: Ask, seen: WholeSuggestion, verb: str) -> Answer:
    """Title and minutes in one line; the minutes alone by buttons, or in words as well."""
    if missing(seen) == ("minutes",):
        asked = Question("long", ask.words.say("unread.minutes_prompt"), about=f"{seen.row.id}:{verb}")
        return Answer(edit=how_long(ask.words, seen, await card_of(ask, seen), verb), ask=asked)
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
        raise no_entry_of(ask.words, seen.row.id, error) from error
    assert done, "its row is held"
