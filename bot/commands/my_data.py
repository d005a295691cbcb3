"""The data is the learner's: one command gives all of it, one deletes it."""

from __future__ import annotations

import json
from typing import Any

from bot.cards.journal import journal_markdown
from bot.cards.linking import named
from bot.chat import Answer, Button, File, Message, Text, lines
from bot.commands.ask import Ask
from bot.commands.goal import standing_of
from bot.store import my_data, people, subscriptions, voices
from bot.store.journal import journal_of

MOST = 10_000
JOURNAL = frozenset(["md", "markdown", "journal", "diario", "diário"])


async def give(ask: Ask) -> Answer:
    """Everything we hold about them, as one JSON file; with “md” the learning journal, for reading."""
    if ask.rest.casefold() in JOURNAL:
        return await _journal(ask)
    everything = {**await my_data.everything_of(ask.session, ask.person.id), "derived": await _derived(ask)}
    content = json.dumps(everything, ensure_ascii=False, indent=2).encode()
    said = lines(ask.words.text("mydata.here"), await _linked(ask, "mydata.linked"))
    return Answer(say=(Message(said, file=File("trilha.json", content)),))


async def forget(ask: Ask) -> Answer:
    """Asked once more before everything is deleted."""
    buttons = (
        (
            Button(ask.words.say("button.forget"), "forget:yes"),
            Button(ask.words.say("button.keep"), "forget:no"),
        ),
    )
    said = lines(ask.words.text("forget.sure"), await _linked(ask, "forget.linked"))
    return Answer(say=(Message(said, buttons),))


async def press_forget(ask: Ask) -> Answer:
    """Delete everything, with a receipt; or let it be."""
    if ask.rest != "yes":
        return Answer(edit=ask.words.message("forget.kept"))
    rows = await my_data.count_of(ask.session, ask.person.id)
    await people.forget(ask.session, ask.person.id)
    return Answer(edit=ask.words.message("forget.done", n=rows))


async def _linked(ask: Ask, key: str) -> Text | None:
    """That it is about more than this chat, for somebody who linked their accounts."""
    linked = await people.identities(ask.session, ask.person.id)
    return ask.words.text(key, platforms=named(ask.words, linked)) if len(linked) > 1 else None


async def _journal(ask: Ask) -> Answer:
    entries = await journal_of(ask.session, ask.person.id)
    content = journal_markdown(ask.words, ask.catalog, ask.person.name, entries).encode()
    return Answer(say=(Message(ask.words.text("mydata.journal"), file=File("trilha.md", content)),))


async def _derived(ask: Ask) -> dict[str, Any]:
    """What follows from the rows: what became of their links, each day with what it counted as, the streak and the week."""
    brought = await voices.of_person(ask.session, ask.person.id, MOST)
    links = (
        {"suggestions": [{"url": row.url, "state": row.state, "reason": row.reason} for row in brought]}
        if brought
        else {}
    )
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if found is None or not found.began_on:
        return links
    standing = await standing_of(ask, found)
    return links | {
        "streak": standing.streak.length,
        "best": standing.streak.best,
        "week": {"monday": standing.week.monday.isoformat(), "done": standing.week.done, "goal": standing.week.goal},
        "days": [{"day": day.date.isoformat(), "status": day.status.value} for day in standing.told(found.goal)],
    }
