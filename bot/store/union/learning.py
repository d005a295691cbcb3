"""What two people did with the same thing, as one person did it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import String, cast, delete, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.learning import recall
from bot.learning.sessions import without_crowd
from bot.learning.union import thread_of_both
from bot.store import threads as kept_threads
from bot.store.cards import reviews_of
from bot.store.tables import Card, Review, Thread, Voice
from bot.store.union.rows import PersonColumn, follow

Row = TypeVar("Row", Card, Thread, Voice)


async def completions(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """Each counts for the day on which it was done, so all of them stand; where both have a key, one of them gives it up."""
    table, twin = column.table, column.table.alias()
    taken = exists().where(twin.c.person_id == stays, twin.c.key == table.c.key)
    await session.execute(
        update(table)
        .where(column == leaves, taken)
        .values(key=func.substr(table.c.key, 1, 40).concat(literal("~")).concat(cast(table.c.id, String)))
    )
    await follow(session, column, stays, leaves)


async def threads(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """Of something long that both began, whoever is further tells how far they are; at most two stay open."""
    for theirs, other in await _pairs(session, Thread, Thread.resource_id, stays, leaves):
        both = thread_of_both(kept_threads.thread_of(theirs), kept_threads.thread_of(other))
        await session.delete(other)
        await session.flush()
        await kept_threads.keep(session, stays, both)
        theirs.opened_on = both.opened_on
    await session.flush()
    await follow(session, column, stays, leaves)
    rows = await kept_threads.of_person(session, stays)
    for row, now in zip(rows, without_crowd([kept_threads.thread_of(row) for row in rows]), strict=True):
        row.state = now.state
    await session.flush()


async def cards(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """A curators' question that comes back to both comes back once, with all their answers; a line is never another's twin."""
    for card, other in await _pairs(session, Card, Card.key, stays, leaves):
        if card.origin == "note":
            other.key = f"{other.key}~{other.id}"
        else:
            await _one_card(session, card, other)
    await session.flush()
    await follow(session, column, stays, leaves)


async def _one_card(session: AsyncSession, card: Card, other: Card) -> None:
    answers = [*await reviews_of(session, card.id), *await reviews_of(session, other.id)]
    answers.sort(key=lambda review: review.at)
    await session.execute(delete(Review).where(Review.card_id.in_((card.id, other.id))))
    rows = [
        {"card_id": card.id, "number": number, "at": one.at, "rating": one.rating, "retention": one.retention}
        for number, one in enumerate(answers, 1)
    ]
    if rows:
        await session.execute(insert(Review), rows)
        card.state = recall.replay(answers)
        card.due_at = recall.due_of(card.state)
    card.reviewed, card.lapses = len(rows), card.lapses + other.lapses
    card.suspended = card.suspended and other.suspended
    card.set_aside = card.set_aside or other.set_aside
    card.made_at, card.day = min((card.made_at, card.day), (other.made_at, other.day))
    await session.delete(other)
    await session.flush()


async def voices(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """A link that both brought was brought once, when the first of them did, with what both said about it."""
    for voice, other in await _pairs(session, Voice, Voice.suggestion_id, stays, leaves):
        first, second = sorted((voice, other), key=lambda one: one.at)
        why = "\n".join(dict.fromkeys(filter(None, (first.why, second.why))))
        voice.at, voice.url, voice.name, voice.why = first.at, first.url, first.name, why
        await session.delete(other)
    await session.flush()
    await follow(session, column, stays, leaves)


async def _pairs(
    session: AsyncSession, table: type[Row], key: InstrumentedAttribute[Any], stays: int, leaves: int
) -> Sequence[tuple[Row, Row]]:
    """The rows of both that have the same key."""
    found: dict[int, dict[Any, Row]] = {stays: {}, leaves: {}}
    for row in await session.scalars(select(table).where(table.person_id.in_((stays, leaves)))):
        assert row.person_id is not None, "asked for by their number"
        found[row.person_id][getattr(row, key.key)] = row
    return [(found[stays][name], other) for name, other in found[leaves].items() if name in found[stays]]
