"""The curators' log as lines: “14:02 · Carla approved #41”."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cards.names import topic_name
from bot.cards.suggestion import when_words
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Span, Text, lines, shorten
from bot.curation.reasons import Reasons, reason_of
from bot.i18n.showing import show_minutes
from bot.i18n.words import Words
from bot.states import Role
from bot.store.audit import Deed

TOLD = ("topic", "reason", "words", "why", "hour", "file", "n")
"""What of a deed is told in brackets, in this order."""
NAMED = ("kind", "level", "language")
"""Fields whose values have a name in each language."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the log, and what gives names to what stands in it."""

    words: Words
    catalog: Catalog
    reasons: Reasons
    zone: str
    now: datetime


def log_message(reader: Reader, deeds: Sequence[Deed], page: int, *, more: bool) -> Message:
    """The newest deeds first."""
    words = reader.words
    buttons = []
    if page:
        buttons.append(Button(words.say("button.newer"), f"log:{page - 1}"))
    if more:
        buttons.append(Button(words.say("button.earlier"), f"log:{page + 1}"))
    told = [_line(reader, deed) for deed in deeds]
    return Message(lines(words.text("log.head"), *told), (tuple(buttons),) if buttons else ())


def _line(reader: Reader, deed: Deed) -> Text:
    when = Span(f"{when_words(reader.words, deed.row.at, reader.now, reader.zone)} · ")
    said = _role_said(reader.words, deed) if deed.row.did == "role" else _said(reader.words, deed)
    detail = _detail(reader, deed)
    return (when, *said, Span(f" ({detail})")) if detail else (when, *said)


def _said(words: Words, deed: Deed) -> Text:
    what, _, name = deed.row.about.partition(":")
    shown = f"#{name}" if what == "suggestion" else f"feed #{name}" if what == "feed" else name or what
    return words.text(f"log.did_{deed.row.did}", who=deed.who or words.say("desk.somebody"), what=shown)


def _role_said(words: Words, deed: Deed) -> Text:
    """Who gave whom which role. The first owner takes it with a code, and gave it to themselves."""
    role = deed.row.after.get("role", Role.LEARNER)
    whom = deed.whom or words.say("log.gone")
    if role == Role.OWNER and deed.row.by_id == deed.row.whom_id:
        return words.text("log.did_take_over", whom=whom)
    return words.text(f"log.did_role_{role}", who=deed.who or words.say("desk.somebody"), whom=whom)


def _detail(reader: Reader, deed: Deed) -> str:
    """How it was and how it became, in a few characters."""
    before, after = deed.row.before, deed.row.after
    if deed.row.did == "edit":
        changed = (_changed(reader, name, before.get(name), value) for name, value in after.items())
        return shorten(", ".join(changed), 120)
    told = [_value(reader, name, after[name]) for name in TOLD if after.get(name)]
    return "" if deed.row.did == "role" else shorten(": ".join(told), 120)


def _changed(reader: Reader, field: str, before: Any, after: Any) -> str:
    called = reader.words.say(f"field.{field.replace('.', '_')}")
    return f"{called}: {_value(reader, field, before)} → {_value(reader, field, after)}"


def _value(reader: Reader, field: str, value: Any) -> str:
    """A value of a field as its reader calls it."""
    words = reader.words
    if value is None or value == "":
        return "–"
    if field == "topic":
        return topic_name(reader.catalog, words, str(value))
    if field == "reason":
        return reason_of(reader.reasons, str(value)).button.in_(words.language)
    if field in NAMED:
        return words.one_of(field, str(value))
    return show_minutes(value) if field == "minutes" and isinstance(value, int) else str(value)
