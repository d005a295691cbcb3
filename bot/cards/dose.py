"""A dose as a message: what it is, why this, and the buttons to press."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cards.why import session_text, why_text
from bot.catalog.entry import Resource
from bot.chat import Button, Message, Rows, Span, Text, lines
from bot.i18n.words import Words
from bot.store.tables import Dose

TITLE = 200
"""Characters of a title or author that fit a phone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card needs besides the dose: the entry (None once it left the catalog), its bare facts, and what to say of the sending.

    `trail`, `topic` and `nearest` (another trail, where this one has nothing) are names in the person's language.
    """

    entry: Resource | None
    title: str
    url: str
    trail: str
    topic: str = ""
    nearest: str = ""
    late: bool = False
    copy: bool = False
    again: bool = False


def dose_message(words: Words, dose: Dose, shown: Shown) -> Message:
    """The dose as it arrives: title and place in the trail, the facts of it, why this, buttons."""
    if dose.resource_id is None:
        return nothing_message(words, dose, shown)
    why = dose.why
    place = words.text("dose.place", trail=shown.trail, place=why["place"], of=why["of"]) if why.get("of") else ()
    return Message(
        lines(
            words.text("dose.copy") if shown.copy else None,
            words.text("dose.late") if shown.late else None,
            words.text("dose.snoozed") if shown.again else None,
            (Span(_short(shown.title), bold=True), *place),
            facts_line(words, shown.entry) if shown.entry else None,
            words.text("dose.why", why=why_text(words, why, shown.topic)),
            session_text(words, why),
            _note(words, shown.entry),
        ),
        dose_buttons(words, dose, shown.url),
    )


def dose_buttons(words: Words, dose: Dose, url: str) -> Rows:
    """Open · Done · Another · Later; once it is done, only Open stays."""
    opens = Button(words.say("button.open"), url=url)
    if dose.outcome:
        return ((opens,),)
    return (
        (opens, Button(words.say("button.done"), f"done:{dose.id}")),
        (
            Button(words.say("button.another"), f"another:{dose.id}"),
            Button(words.say("button.later"), f"later:{dose.id}"),
        ),
    )


def nothing_message(words: Words, dose: Dose, shown: Shown) -> Message:
    """There is nothing to give, and why; the ways on are buttons, the nearest trail first."""
    reason = dose.why["reason"]
    if reason == "finished" and dose.why.get("own"):
        reason = "finished_own"
    others: tuple[Button, ...] = (Button(words.say("button.trails"), "trails"),)
    if shown.nearest:
        others = (Button(shown.nearest, f"trail:{dose.why['nearest']}"), *others)
    facts: dict[str, int] = {"n": dose.why["minutes"]} if reason == "budget" else {}
    return words.message(f"nothing.{reason}", (others,), trail=shown.trail, **facts)


def facts_line(words: Words, entry: Resource) -> Text:
    """“video · 12 min · English · StatQuest”: what a person decides by."""
    parts = [
        words.one_of("kind", entry.kind),
        words.say("dose.about_minutes" if entry.is_estimate("minutes") else "dose.minutes", n=entry.minutes),
        words.one_of("language", entry.language),
    ]
    if entry.level:
        parts.append(words.one_of("level", entry.level))
    if entry.author:
        parts.append(_short(entry.author))
    if entry.published:
        parts.append(entry.published[:4])
    return (Span(" · ".join(parts)),)


def _note(words: Words, entry: Resource | None) -> Text | None:
    if entry is None or entry.note is None:
        return None
    return (Span(entry.note.in_(words.language), italic=True),)


def _short(words: str) -> str:
    return words if len(words) <= TITLE else f"{words[: TITLE - 1]}…"
