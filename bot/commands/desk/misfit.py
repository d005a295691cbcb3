"""What a curator wanted of an entry and cannot have, said in their language; the catalog's own words go to the log."""

from __future__ import annotations

import structlog

from bot.cards.names import topic_name
from bot.catalog.check import LARGEST_CORE
from bot.catalog.entry import Resource
from bot.catalog.overlay import refusal
from bot.commands.ask import Ask
from bot.errors import CatalogError, UserMistake
from bot.i18n.words import Words

log = structlog.get_logger("curation")


def must_fit(ask: Ask, entry: Resource) -> None:
    """Raise UserMistake where an entry, as it would be now, would be set aside by the catalog."""
    refused = refusal(ask.catalog, entry)
    if refused is None:
        return
    log.info("entry.refused", entry=entry.id, problem=refused.said)
    if refused.of == "core_full":
        topic = topic_name(ask.catalog, ask.words, entry.topic)
        raise UserMistake("mend.core_full", topic=topic, most=LARGEST_CORE)
    if refused.of == "core_dose":
        raise UserMistake("mend.core_dose")
    raise UserMistake("mend.does_not_fit", field=_called(ask.words, refused.of))


def unfit(words: Words, error: CatalogError) -> UserMistake:
    """The mistake for an entry that is gone, or for the first of its fields that do not fit."""
    log.info("entry.refused", problem=str(error))
    entry_id, field = _place(error)
    if not field:
        return UserMistake("mend.no_such_entry", typed=entry_id)
    return UserMistake("mend.does_not_fit", field=_called(words, field))


def no_entry_of(words: Words, number: int, error: CatalogError) -> UserMistake:
    """The mistake for a suggestion of which no entry can be made yet."""
    log.info("entry.refused", suggestion=number, problem=str(error))
    return UserMistake("decide.no_entry", number=str(number), field=_called(words, _place(error)[1]))


def _place(error: CatalogError) -> tuple[str, str]:
    """The entry and the field of the first problem: `resources.bars.note.en` is ("bars", "note.en")."""
    entry_id, _, field = error.problems[0].path.removeprefix("resources.").partition(".")
    return entry_id, field


def _called(words: Words, field: str) -> str:
    """A field as the person calls it; by its own name where no command sets it."""
    key = f"field.{field.replace('.', '_')}"
    return words.say(key) if words.has(key) else field
