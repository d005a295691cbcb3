"""The room's daily word: what waits and for how long, and who decided what since the last one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.names import topic_name
from bot.catalog.entry import Catalog
from bot.chat import Button, Message, Text, lines, shorten
from bot.i18n.words import Words

TITLE = 80


def summary_message(words: Words, catalog: Catalog, facts: Mapping[str, Any]) -> Message:
    """`waiting`, `oldest` (days), `topics` and `old` (numbers waiting two weeks), `decided`: (name, approved, rejected).

    `over` is how much of feeds had no room that day, `over_of` the feeds: (number, title, first titles, how many).
    """
    told = [
        words.text("desk.summary_waiting", n=facts["waiting"]) if facts["waiting"] else words.text("desk.summary_empty")
    ]
    if facts["waiting"]:
        if facts["oldest"]:
            told.append(words.text("desk.summary_oldest", n=facts["oldest"]))
        topics = [
            words.say("desk.summary_topic", topic=topic_name(catalog, words, topic) if topic else "?", count=str(count))
            for topic, count in facts.get("topics", ())
        ]
        if topics:
            told.append(words.text("desk.summary_topics", topics=" · ".join(topics)))
    if facts.get("old"):
        told.append(words.text("desk.summary_old", numbers=", ".join(f"#{number}" for number in facts["old"])))
    told += [
        words.text("desk.summary_decided", who=name or words.say("desk.somebody"), approved=str(yes), rejected=str(no))
        for name, yes, no in facts.get("decided", ())
    ]
    if facts.get("over"):
        told.append(words.text("desk.summary_over", n=facts["over"]))
        told += [_of_feed(words, *feed) for feed in facts["over_of"]]
    button = Button(words.say("button.queue"), "queue")
    return Message(lines(*told), ((button,),) if facts["waiting"] else ())


def _of_feed(words: Words, number: int, feed: str, titles: Sequence[str], count: int) -> Text:
    shown = [shorten(title, TITLE) or "?" for title in titles]
    more = [f"+{count - len(titles)}"] if count > len(titles) else []
    return words.text(
        "desk.summary_over_feed", feed=shorten(feed, TITLE), titles=" · ".join([*shown, *more]), number=str(number)
    )
