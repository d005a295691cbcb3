"""The queue on one screen: what waits, five at a time, by source and topic; and its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.cards.names import topic_name
from bot.cards.suggestion import host_of
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Rows, Span, Text, lines, rows, shorten
from bot.curation.queue import DAY, narrowed
from bot.i18n.words import Words
from bot.store.queue import InQueue
from bot.store.suggestions import WholeSuggestion

PAGE = 5
TITLE = 50
SOURCES = ("people", "feeds")


def queue_message(
    words: Words,
    catalog: Catalog,
    shown: Sequence[WholeSuggestion],
    line: Sequence[InQueue],
    now: datetime,
    *,
    source: str,
    topic: str,
    page: int,
) -> Message:
    """The page `shown` of a narrowed queue; its numbers open the cards, the rows below narrow it or widen it again."""
    narrow = narrowed(line, source=source, topic=topic)
    head = [words.text("queue.head", n=len(narrow)) if narrow else words.text("queue.none_of_those")]
    if topic:
        name = words.say("queue.no_topic") if topic == "none" else topic_name(catalog, words, topic)
        head.append(words.text("queue.of_topic", topic=name))
    return Message(
        lines(*head, *(_line(words, seen, now) for seen in shown)),
        (
            *rows((Button(f"#{seen.row.id}", f"queue:see:{seen.row.id}") for seen in shown), PAGE),
            *_ways(words, line, source, topic),
            *_pages(words, len(narrow), source, topic, page),
        ),
    )


def _line(words: Words, seen: WholeSuggestion, now: datetime) -> Text:
    """“#41 The Illustrated Transformer · from Bruno · 3 d”."""
    days = (now - seen.row.made_at) // DAY
    voice = seen.voices[0].name if seen.voices else "—"
    waits = words.say("queue.days", n=days) if days else words.say("queue.today")
    title = seen.title if seen.known.get("title") else host_of(seen.row.url)
    return (Span(f"#{seen.row.id} ", bold=True), Span(f"{shorten(title, TITLE)} · {shorten(voice, 30)} · {waits}"))


def _ways(words: Words, line: Sequence[InQueue], source: str, topic: str) -> Rows:
    """The other views of the queue that hold anything, with how much."""
    buttons = []
    if source or topic:
        buttons.append(Button(words.say("queue.all", n=len(line)), "queue"))
    for name in SOURCES:
        count = len(narrowed(line, source=name, topic=topic))
        if name != source and 0 < count < len(line):
            key = "queue.people" if name == "people" else "queue.feeds"
            buttons.append(Button(words.say(key, n=count), f"queue:{name}:{topic}"[:64]))
    if len({one.topic for one in line}) > 1 and not topic:
        buttons.append(Button(words.say("queue.topics"), f"queue:topics:{source}"))
    return rows(buttons, 3)


def _pages(words: Words, count: int, source: str, topic: str, page: int) -> Rows:
    buttons = []
    if page > 0:
        buttons.append(Button(words.say("button.back"), f"queue:{source or 'all'}:{topic}:{page - 1}"[:64]))
    if (page + 1) * PAGE < count:
        buttons.append(Button(words.say("button.more"), f"queue:{source or 'all'}:{topic}:{page + 1}"[:64]))
    return (tuple(buttons),) if buttons else ()


def topics_message(words: Words, catalog: Catalog, line: Sequence[InQueue], source: str) -> Message:
    """Which topic of the queue?"""
    counts = Counter(one.topic or "none" for one in narrowed(line, source=source))
    buttons = [
        Button(
            f"{words.say('queue.no_topic') if topic == 'none' else topic_name(catalog, words, topic)} {count}",
            f"queue:{source or 'all'}:{topic}"[:64],
        )
        for topic, count in counts.most_common(20)
    ]
    return words.message("desk.which_topic", (*rows(buttons, 2), (Button(words.say("button.back"), "queue"),)))


def stats_message(
    words: Words,
    line: Sequence[InQueue],
    counts: Mapping[str, int],
    decided: Sequence[tuple[str | None, int, int]],
    now: datetime,
) -> Message:
    """How the queue does: what waits and how long, what became of the rest, who decided what in the last thirty days."""
    told = [words.text("desk.summary_waiting", n=len(line)) if line else words.text("desk.summary_empty")]
    if days := (now - min((one.made_at for one in line), default=now)) // DAY:
        told.append(words.text("desk.summary_oldest", n=days))
    told.append(
        words.text(
            "queue.figures",
            **{state: str(counts.get(state, 0)) for state in ("approved", "rejected", "withdrawn", "closed")},
        )
    )
    if decided:
        told.append(words.text("queue.month"))
    told += [
        words.text("desk.summary_decided", who=name or words.say("desk.somebody"), approved=str(yes), rejected=str(no))
        for name, yes, no in decided
    ]
    return Message(lines(*told))
