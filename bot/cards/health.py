"""How the bot fares, on an owner's phone: one sentence first, then what is wrong and what to do, then a line for each thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards.suggestion import when_words
from bot.chat import Button, Message, Text, lines, shorten
from bot.condition import ROUND_WITHIN, Backlog, Here, Trouble, Upkeep
from bot.i18n.showing import show_bytes
from bot.i18n.words import Fact, Words

TIGHT = 500_000_000
"""Bytes left on the disk below which somebody should make room before it is full."""
LONGEST = 160
"""Characters of a reason; platforms and databases may answer with a page."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card tells; `copies_itself` says that the database is a server with backups of its own."""

    here: Here
    queue: Backlog
    upkeep: Upkeep
    troubles: Sequence[Trouble]
    version: str
    copies_itself: bool


def health_message(words: Words, facts: Facts, now: datetime, zone: str) -> Message:
    """The card, and what to press next."""
    told = [words.text(f"trouble.{one.kind}", **_said(words, one, now, zone)) for one in facts.troubles]
    look = Button(words.say("button.look_again"), "health")
    feeds = Button(words.say("button.feeds_failing"), "feeds") if facts.upkeep.failing_feeds else None
    links = Button(words.say("button.links_dead"), "links") if facts.upkeep.dead_links else None
    row = tuple(button for button in (look, feeds, links) if button)
    return Message(lines(_head(words, facts, now), *told, (), *_lines(words, facts, now)), (row,))


def _head(words: Words, facts: Facts, now: datetime) -> Text:
    """Whether all is well; that no round was made yet is nothing wrong while the first is due."""
    if facts.troubles:
        if now - facts.here.begun_at <= ROUND_WITHIN and all(one.kind == "no_round_yet" for one in facts.troubles):
            return words.text("health.begun")
        return words.text("health.wrong", n=len(facts.troubles))
    return words.text("health.well_but_tight" if _is_tight(facts.here) else "health.well")


def _said(words: Words, trouble: Trouble, now: datetime, zone: str) -> dict[str, Fact]:
    """The facts of a trouble's sentence, as a person reads them."""
    said: dict[str, Fact] = {}
    for name, fact in trouble.facts.items():
        if isinstance(fact, datetime):
            said[name] = when_words(words, fact, now, zone)
        elif isinstance(fact, str):
            said[name] = fact.capitalize() if name == "platform" else shorten(fact, LONGEST)
        else:
            said[name] = fact
    return said


def _lines(words: Words, facts: Facts, now: datetime) -> Iterator[Text]:
    here, upkeep = facts.here, facts.upkeep
    yield from (_platform(words, here, platform, silence) for platform, silence in sorted(here.silences.items()))
    yield _doses(words, upkeep.sent, facts.queue)
    yield words.text("health.unwritten" if here.unwritable else "health.written")
    yield _feeds(words, upkeep)
    yield words.text("health.links", n=upkeep.dead_links, due=upkeep.links_due)
    if here.disk_left is not None:
        key = "health.disk_tight" if _is_tight(here) else "health.disk"
        yield words.text(key, left=show_bytes(here.disk_left, words.language))
    yield _backup(words, facts, now)
    yield words.text("health.version", version=facts.version, span=span(words, now - here.begun_at))


def _platform(words: Words, here: Here, platform: str, silence: float) -> Text:
    name = platform.capitalize()
    if platform in here.unheard:
        return words.text("health.platform_unheard", platform=name)
    if silence:
        return words.text("health.platform_silent", platform=name, span=span(words, timedelta(seconds=silence)))
    return words.text("health.platform", platform=name)


def _doses(words: Words, sent: int, queue: Backlog) -> Text:
    waiting = queue.waiting + queue.unclaimed
    if not waiting:
        return words.text("health.doses", n=sent)
    late = span(words, timedelta(seconds=queue.oldest))
    return words.text(
        "health.doses_waiting" if queue.waiting else "health.doses_due", n=sent, waiting=waiting, span=late
    )


def _feeds(words: Words, upkeep: Upkeep) -> Text:
    """All of them answer only where each was asked: one that is new may be anything."""
    if not upkeep.feeds:
        return words.text("health.no_feeds")
    if upkeep.unread_feeds == upkeep.feeds:
        return words.text("health.feeds_unread", n=upkeep.feeds)
    wanting = [
        words.say(key, n=count)
        for key, count in (("health.failing", upkeep.failing_feeds), ("health.unread", upkeep.unread_feeds))
        if count
    ]
    if wanting:
        return words.text("health.feeds_but", n=upkeep.feeds, but=", ".join(wanting))
    return words.text("health.feeds", n=upkeep.feeds)


def _backup(words: Words, facts: Facts, now: datetime) -> Text:
    if facts.copies_itself:
        return words.text("health.backup_elsewhere")
    if facts.upkeep.backup_at is None:
        return words.text("health.no_backup")
    return words.text("health.backup", span=span(words, now - facts.upkeep.backup_at))


def _is_tight(here: Here) -> bool:
    return here.disk_left is not None and here.disk_left < TIGHT


def span(words: Words, long: timedelta) -> str:
    """How long something lasts at least, in its largest unit: “12 s”, “3 minutes”, “2 days”."""
    seconds = max(0, round(long.total_seconds()))
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= size:
            return words.one_of("span", unit, n=seconds // size)
    return words.one_of("span", "seconds", n=seconds)
