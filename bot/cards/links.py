"""Links in trouble, for curators: what is dead or in doubt, since when, and a copy of it to swap in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.suggestion import when_words
from bot.chat import Button, Message, Text, lines, shorten
from bot.i18n.words import Words
from bot.states import LinkState


@dataclass(frozen=True, slots=True)
class Reported:
    """One link that learners could not open, how many of them, and when the last one said so."""

    title: str
    url: str
    people: int
    last: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """One link as the card shows it; `number` is the link's own, for its buttons."""

    number: int
    title: str
    url: str
    archive: str
    state: str
    since: datetime


def links_message(
    words: Words,
    some: Sequence[Trouble],
    reported: Sequence[Reported],
    now: datetime,
    zone: str,
    *,
    dead: int,
    suspect: int,
    then: int | None,
) -> Message:
    """A page of them, the dead ones first, then what only learners reported; `then` is where the next page begins."""
    told: list[Text | None] = []
    buttons: list[tuple[Button, ...]] = []
    for place, one in enumerate(some, 1):
        when = when_words(words, one.since, now, zone)
        told.append(words.text(f"links.{one.state}", place=place, title=one.title, url=one.url, when=when))
        row = [Button(words.say("links.archive", place=place), url=one.archive)]
        if one.state == LinkState.DEAD:
            row.append(Button(words.say("links.swap", place=place), f"swap:{one.number}"))
        buttons.append(tuple(row))
    if reported:
        told += [(), words.text("links.reported_head"), *(_reported(words, one, now, zone) for one in reported)]
    if then is not None:
        buttons.append((Button(words.say("links.more"), f"links:{then}"),))
    return Message(lines(words.text("links.head", dead=dead, suspect=suspect), *told), tuple(buttons))


def _reported(words: Words, one: Reported, now: datetime, zone: str) -> Text:
    when = when_words(words, one.last, now, zone)
    return words.text("links.reported", title=one.title, url=one.url, n=one.people, when=when)


def swapped_message(words: Words, title: str, archive: str, undo: str) -> Message:
    """It leads to the copy now."""
    return Message(
        words.text("links.swapped", title=shorten(title, 80), url=archive), ((Button(words.say("button.undo"), undo),),)
    )
