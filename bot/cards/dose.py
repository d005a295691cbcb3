"""A dose as a message: what it is, why this, and the buttons to press."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.cards.names import handle, topic_name, trail_name
from bot.cards.nothing import nothing_message
from bot.cards.session import session_line, stopped_line
from bot.cards.small import small_buttons, small_line
from bot.cards.why import why_text
from bot.catalog.entry import Catalog, Resource
from bot.chat import Button, Message, Rows, Span, Text, lines, shorten
from bot.i18n.showing import show_minutes
from bot.i18n.words import Words
from bot.learning.sessions import Thread
from bot.learning.small import small_from
from bot.states import DoseOutcome
from bot.store.beside import Beside
from bot.store.taken import AnyDose, AnyResource

TITLE = 200
"""Characters of a title or author that fit a phone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card needs besides the dose: the entry (None once it left the catalog), its bare facts, and what to say of the sending.

    `trail` and `topic` are names in the person's language. `thread` is how far they are with something long; `ticked` and `recalled`
    belong to the small thing (see `store/beside.py`).
    """

    entry: Resource | None
    title: str
    url: str
    trail: str
    topic: str = ""
    thread: Thread | None = None
    ticked: bool = False
    recalled: str = ""
    late: bool = False
    again: bool = False

    @classmethod
    def of(
        cls,
        words: Words,
        catalog: Catalog,
        dose: AnyDose,
        kept: AnyResource | None,
        besides: Beside,
        *,
        trail: str,
        late: bool = False,
        again: bool = False,
    ) -> Self:
        """The same from rows: of a dose, of what it holds, of what is beside it; `trail` is the one its person is on."""
        return cls(
            entry=catalog.resource(dose.resource_id) if dose.resource_id else None,
            title=kept.title if kept else "",
            url=kept.url if kept else "",
            trail=trail_name(catalog, words, dose.why.get("trail", trail)),
            topic=topic_name(catalog, words, kept.topic) if kept else "",
            thread=besides.thread,
            ticked=besides.ticked,
            recalled=besides.recalled,
            late=late,
            again=again,
        )


def dose_message(words: Words, catalog: Catalog, dose: AnyDose, shown: Shown) -> Message:
    """The dose as it arrives: title and place in the trail, the facts of it, why this, a small thing, buttons."""
    if dose.resource_id is None:
        return nothing_message(words, catalog, dose.why, shown.trail)
    return Message(dose_text(words, catalog, dose, shown), dose_buttons(words, catalog, dose, shown))


def dose_text(words: Words, catalog: Catalog, dose: AnyDose, shown: Shown) -> Text:
    """The words of a dose's card."""
    small, why = small_from(dose.small), why_text(words, dose.why, shown.topic)
    return lines(
        words.text("dose.late") if shown.late else None,
        words.text("dose.snoozed") if shown.again else None,
        *_head(words, dose, shown),
        words.text("dose.why", why=why) if why else None,
        _note(words, dose, shown.entry),
        small_line(words, catalog, small, shown.recalled) if small else None,
    )


def _head(words: Words, dose: AnyDose, shown: Shown) -> list[Text | None]:
    """Title, place and facts; of something long how far they are with it and where they stopped."""
    title = (Span(shorten(shown.title, TITLE), bold=True),)
    why = dose.why
    place = words.text("dose.place", trail=shown.trail, place=why["place"], of=why["of"]) if why.get("of") else ()
    facts = facts_line(words, shown.entry) if shown.entry else None
    if dose.part is None:
        return [(*title, *place), facts]
    if dose.part == 1:
        return [(*title, *place), facts, session_line(words, dose, shown.entry)]
    return [title, session_line(words, dose, shown.entry), stopped_line(words, dose, shown.thread)]


def dose_buttons(words: Words, catalog: Catalog, dose: AnyDose, shown: Shown) -> Rows:
    """Open · Done · Another · Later, for something long Open · I worked on it · Finished · Shelve it; then More….

    Once it is done, only Open stays; once it was worked on, it can still be finished. Below is what belongs to the small thing.
    """
    opens = Button(words.say("button.open"), url=shown.url)
    more = Button(words.say("button.options"), pressed("options", dose))
    finished = Button(words.say("button.finished"), pressed("finish", dose))
    if dose.outcome:
        main: Rows = ((opens, finished) if dose.outcome == DoseOutcome.WORKED else (opens,),)
    elif dose.part is not None:
        worked = Button(words.say("button.worked"), pressed("work", dose))
        main = (
            (opens, worked),
            (finished, Button(words.say("button.shelve"), pressed("shelve", dose)), more),
        )
    else:
        done, another = Button(words.say("button.done"), pressed("done", dose)), another_button(words, dose)
        main = ((opens, done, another), (later_button(words, dose), more))
    small = small_from(dose.small)
    beside = (
        small_buttons(words, catalog, small, dose.id, ticked=shown.ticked, recalled=shown.recalled) if small else ()
    )
    return (*main, beside) if beside else main


def pressed(verb: str, dose: AnyDose) -> str:
    """The action of a button that is about what the dose holds now; pressed when it holds something else, it does nothing."""
    return f"{verb}:{dose.id}:{handle(dose.resource_id or '')}"


def another_button(words: Words, dose: AnyDose) -> Button:
    """Something else instead."""
    return Button(words.say("button.another"), pressed("another", dose))


def later_button(words: Words, dose: AnyDose) -> Button:
    """Not now."""
    return Button(words.say("button.later"), pressed("later", dose))


def facts_line(words: Words, entry: Resource) -> Text:
    """“video · 12 min · English · StatQuest”: what a person decides by."""
    about = "~" if entry.is_estimate("minutes") else ""
    parts = [
        words.one_of("kind", entry.kind),
        about + show_minutes(entry.minutes),
        words.one_of("language", entry.language),
    ]
    if entry.level:
        parts.append(words.one_of("level", entry.level))
    if entry.author:
        parts.append(shorten(entry.author, TITLE))
    if entry.published:
        parts.append(entry.published[:4])
    return (Span(" · ".join(parts)),)


def _note(words: Words, dose: AnyDose, entry: Resource | None) -> Text | None:
    if entry is None or entry.note is None or (dose.part or 1) > 1:
        return None
    return (Span(entry.note.in_(words.language), italic=True),)
