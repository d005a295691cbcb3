"""The topics of somebody's way with how far they are, one of them, and all topics as a list to tick."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.cards.names import handle
from bot.catalog.entry import Catalog, Topic
from bot.chat import Button, Message, Rows, Span, lines, rows
from bot.i18n.words import Words
from bot.learning.progress import TopicProgress

PAGE = 8
"""How many topics a screen shows to pick from."""
STOPS = 6
"""How many topics of the way it shows, each with a line of its own."""


def topic_choice(catalog: Catalog, words: Words, picked: Collection[str], page: int) -> Message:
    """One page of topics, those picked ticked, with the way to the other pages and the word to go."""
    topics = catalog.topics
    pages, page = _page(len(topics), page)
    ticks: Rows = rows(
        (
            Button(f"{'✓ ' if topic.id in picked else ''}{topic.name.in_(words.language)}", f"topic:{topic.id}:{page}")
            for topic in topics[page * PAGE : (page + 1) * PAGE]
        ),
        2,
    )
    go = [Button(words.say("button.these_topics", n=len(picked)), "picked")] if picked else []
    return words.message(
        "topics.choose", tuple(row for row in (*ticks, _turn(words, "topics", page, pages), tuple(go)) if row)
    )


def which_topic(words: Words, topics: Sequence[Topic]) -> Message:
    """Some topics that somebody's words fit: which one?"""
    buttons = (Button(topic.name.in_(words.language), f"way:see:{handle(topic.id)}:0") for topic in topics[:PAGE])
    return words.message("way.which", rows(buttons, 2))


def way_message(
    words: Words,
    catalog: Catalog,
    trail: str,
    topics: Sequence[TopicProgress],
    known: Collection[str],
    page: int,
    *,
    last: Button,
) -> Message:
    """A page of the way: each topic with how far they are, a button for each; `last` stands below them."""
    pages, page = _page(len(topics), page, STOPS)
    shown = topics[page * STOPS : (page + 1) * STOPS]
    named = [(topic, found) for topic in shown if (found := catalog.topic(topic.id))]
    told = [
        (Span(f"{_sign(topic, topic.id in known)} {found.name.in_(words.language)} · {_state(words, topic, known)}"),)
        for topic, found in named
    ]
    buttons = rows(
        (Button(found.name.in_(words.language), f"way:see:{handle(found.id)}:{page}") for _, found in named), 2
    )
    head = words.text("way.head", trail=trail)
    turn = _turn(words, "way:list", page, pages)
    return Message(lines(head, *told), (*buttons, *((turn,) if turn else ()), (last,)))


def topic_message(
    words: Words, catalog: Catalog, topic: Topic, progress: TopicProgress, page: int, *, known: bool
) -> Message:
    """One topic: what it is, how far they are, what comes first; and whether they know it already."""
    name = topic.name.in_(words.language)
    before = [found.name.in_(words.language) for one in topic.after if (found := catalog.topic(one))]
    verb, key = ("unknow", "button.not_known") if known else ("know", "button.topic_known")
    buttons = (
        (Button(words.say(key), f"way:{verb}:{handle(topic.id)}:{page}"),),
        (Button(words.say("button.back"), f"way:list:{page}"),),
    )
    return Message(
        lines(
            (Span(name, bold=True), Span(f" · {_state(words, progress, [topic.id] if known else [])}")),
            (Span(topic.about.in_(words.language)),) if topic.about else None,
            words.text("way.after", topics=", ".join(before)) if before else None,
        ),
        buttons,
    )


def _sign(topic: TopicProgress, known: bool) -> str:
    if known:
        return "–"
    return "✓" if topic.done >= topic.of else "▸" if topic.done else "○"


def _state(words: Words, topic: TopicProgress, known: Collection[str]) -> str:
    return words.say("way.known") if topic.id in known else words.say("way.done_of", done=topic.done, of=topic.of)


def _page(many: int, page: int, on_one: int = PAGE) -> tuple[int, int]:
    pages = max(1, -(-many // on_one))
    return pages, page % pages


def _turn(words: Words, verb: str, page: int, pages: int) -> tuple[Button, ...]:
    turn = []
    if page:
        turn.append(Button(words.say("button.back"), f"{verb}:{page - 1}"))
    if page + 1 < pages:
        turn.append(Button(words.say("button.more"), f"{verb}:{page + 1}"))
    return tuple(turn)
