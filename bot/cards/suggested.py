"""What a person brought for the catalog, as they see it: where each stands, or what was decided and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.cards.names import topic_name
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Span, Text, lines, rows, shorten
from bot.curation.reasons import Reasons, reason_of
from bot.i18n.words import Words
from bot.states import SuggestionState
from bot.store.suggestions import WholeSuggestion

TITLE = 60


def list_message(words: Words, reasons: Reasons, mine: Sequence[WholeSuggestion], places: Mapping[int, int]) -> Message:
    """All of theirs, the newest first; what waits can be withdrawn."""
    told = [_line(words, reasons, seen, places) for seen in mine]
    withdraw = [
        Button(words.say("button.withdraw_number", number=str(seen.row.id)), f"suggest:withdraw:{seen.row.id}")
        for seen in mine
        if seen.row.is_waiting
    ]
    another = Button(words.say("button.suggest_another"), "suggest")
    return Message(lines(words.text("suggest.head"), *told), (*rows(withdraw, 2), (another,)))


def state_line(words: Words, reasons: Reasons, seen: WholeSuggestion) -> Text:
    """What was decided, as its author reads it; a rejection in the words of its reason, with the curator's own below."""
    title = shorten(seen.title, TITLE)
    if seen.row.state != SuggestionState.REJECTED:
        return words.text(f"suggest.state_{seen.row.state}", title=title)
    said = reason_of(reasons, seen.row.reason).sentence(words.language, title)
    return lines(said, (Span(f"“{seen.row.words}”", italic=True),)) if seen.row.words else said


def verdict_message(words: Words, catalog: Catalog, reasons: Reasons, seen: WholeSuggestion) -> Message | None:
    """What its author hears when somebody decided, or took a decision back."""
    title = shorten(seen.title, TITLE)
    another = ((Button(words.say("button.suggest_another"), "suggest"),),)
    if seen.row.state == SuggestionState.APPROVED:
        entry = catalog.resource(seen.row.resource_id or "")
        topic = topic_name(catalog, words, entry.topic if entry else str(seen.known.get("topic", "")))
        key = "verdict.approved" if entry is None or entry.use == "dose" else "verdict.approved_reference"
        return words.message(key, title=title, topic=topic)
    if seen.row.state == SuggestionState.REJECTED:
        return Message(state_line(words, reasons, seen), another)
    if seen.row.state == SuggestionState.CLOSED:
        return words.message("verdict.closed", another, title=title)
    return words.message("verdict.reopened", title=title) if seen.row.is_waiting else None


def _line(words: Words, reasons: Reasons, seen: WholeSuggestion, places: Mapping[int, int]) -> Text:
    number = str(seen.row.id)
    if seen.row.is_waiting:
        place = places.get(seen.row.id, 0)
        return words.text("suggest.waits", number=number, title=shorten(seen.title, TITLE), n=place)
    return (Span(f"#{number} "), *state_line(words, reasons, seen))
