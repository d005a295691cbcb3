"""The topics as a list to tick."""

from __future__ import annotations

from collections.abc import Collection

from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Rows, rows
from bot.i18n.words import Words

PAGE = 8
"""How many topics a screen shows."""


def topic_choice(catalog: Catalog, words: Words, picked: Collection[str], page: int) -> Message:
    """One page of topics, those picked ticked, with the way to the other pages and the word to go."""
    topics = catalog.topics
    pages = max(1, -(-len(topics) // PAGE))
    page %= pages
    ticks: Rows = rows(
        (
            Button(f"{'✓ ' if topic.id in picked else ''}{topic.name.in_(words.language)}", f"topic:{topic.id}:{page}")
            for topic in topics[page * PAGE : (page + 1) * PAGE]
        ),
        2,
    )
    turn = []
    if page:
        turn.append(Button(words.say("button.back"), f"topics:{page - 1}"))
    if page + 1 < pages:
        turn.append(Button(words.say("button.more"), f"topics:{page + 1}"))
    go = [Button(words.say("button.these_topics", n=len(picked)), "picked")] if picked else []
    return words.message("topics.choose", tuple(row for row in (*ticks, tuple(turn), tuple(go)) if row))
