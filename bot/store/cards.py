"""Cards that come back, and their reviews. A state that makes no sense is set aside and made again from the reviews."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

import structlog
from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import MessageRef
from bot.learning import recall
from bot.store.tables import Card, Resource, Review

log = structlog.get_logger("store")

AT_ONCE = 500
"""How many due cards are looked at to find the one they know least."""


async def make(
    session: AsyncSession,
    *,
    person_id: int,
    key: str,
    origin: str,
    resource_id: str | None,
    prompt: str,
    answer: str,
    now: datetime,
    day: date,
    retention: int,
    said: MessageRef | None = None,
) -> Card | None:
    """A new card; to have written or read it counts as its first review. None if `key` is there already.

    `said` is the message of theirs in which the line stood.
    """
    if await session.scalar(select(Card.id).where(Card.person_id == person_id, Card.key == key)):
        return None
    first = recall.Review(now, recall.RATINGS["good"], retention)
    state = recall.answer(None, first)
    card = Card(
        person_id=person_id,
        key=key,
        origin=origin,
        resource_id=resource_id,
        prompt=prompt,
        answer=answer,
        state=state,
        due_at=recall.due_of(state),
        reviewed=1,
        lapses=0,
        suspended=False,
        made_at=now,
        day=day,
        said_in=named(said) if said else None,
    )
    session.add(card)
    await session.flush()
    session.add(Review(card_id=card.id, number=1, at=now, rating=first.rating, retention=retention))
    return card


async def find(session: AsyncSession, card_id: int, person_id: int) -> Card | None:
    """A person's card; None for a number that is not theirs."""
    return await session.scalar(select(Card).where(Card.id == card_id, Card.person_id == person_id))


async def written_in(session: AsyncSession, person_id: int, said: MessageRef | None) -> Card | None:
    """The card that was made from a message of theirs."""
    if said is None:
        return None
    return await session.scalar(select(Card).where(Card.person_id == person_id, Card.said_in == named(said)))


def named(ref: MessageRef) -> str:
    """A message's name among all of a person's."""
    return f"{ref.address.platform}:{ref.address.chat}:{ref.id}"


async def least_known(session: AsyncSession, person_id: int, until: datetime, now: datetime) -> Card | None:
    """Of the cards due before an instant, the one they most likely forgot."""
    due = await session.scalars(
        select(Card)
        .where(Card.person_id == person_id, Card.suspended.is_(False), Card.due_at < until)
        .order_by(Card.due_at, Card.id)
        .limit(AT_ONCE)
    )
    cards = list(due)
    for card in cards:
        await mend(session, card)
    return min(cards, key=lambda card: (recall.retrievability(card.state, now), card.id), default=None)


async def next_due(session: AsyncSession, person_id: int) -> datetime | None:
    """When the next card wants to come back, if there is any."""
    return await session.scalar(
        select(func.min(Card.due_at)).where(Card.person_id == person_id, Card.suspended.is_(False))
    )


async def answer(session: AsyncSession, card: Card, rating: int, now: datetime, retention: int) -> None:
    """Write an answer down and move the card on."""
    await mend(session, card)
    review = recall.Review(now, rating, retention)
    card.state = recall.answer(card.state, review)
    card.due_at = recall.due_of(card.state)
    card.reviewed += 1
    card.lapses += rating == recall.RATINGS["again"]
    session.add(Review(card_id=card.id, number=card.reviewed, at=now, rating=rating, retention=retention))


async def mend(session: AsyncSession, card: Card) -> None:
    """If the state makes no sense, set it aside and make it again from the reviews."""
    try:
        recall.due_of(card.state)
    except recall.CorruptState as error:
        log.error("card.corrupt", card=card.id, reason=str(error))
        reviews = await reviews_of(session, card.id)
        first = recall.Review(card.made_at, recall.RATINGS["good"])
        card.set_aside, card.state = card.state, recall.replay(reviews or [first])
        card.due_at = recall.due_of(card.state)


async def reviews_of(session: AsyncSession, card_id: int) -> list[recall.Review]:
    """The log of a card, oldest first."""
    rows = await session.scalars(select(Review).where(Review.card_id == card_id).order_by(Review.number))
    return [recall.Review(row.at, row.rating, row.retention) for row in rows]


async def remove(session: AsyncSession, card: Card) -> None:
    """Forget a card and its reviews."""
    await session.execute(delete(Card).where(Card.id == card.id))


async def has_line(session: AsyncSession, person_id: int, resource_id: str, since: datetime) -> bool:
    """Whether somebody wrote a line about a resource since an instant."""
    found = exists().where(
        Card.person_id == person_id, Card.resource_id == resource_id, Card.origin == "note", Card.made_at >= since
    )
    return bool(await session.scalar(select(found)))


async def count_lines(session: AsyncSession, people: Collection[int]) -> int:
    """How many lines some people wrote."""
    found = select(func.count()).select_from(Card).where(Card.person_id.in_(people), Card.origin == "note")
    return await session.scalar(found) or 0


async def unmake(session: AsyncSession, person_id: int, resource_id: str, *, made_at: datetime) -> None:
    """Forget the curators' questions about a resource that became cards at an instant, if nobody was asked any since."""
    await session.execute(
        delete(Card).where(
            Card.person_id == person_id,
            Card.resource_id == resource_id,
            Card.origin == "catalog",
            Card.made_at == made_at,
            Card.reviewed <= 1,
        )
    )


async def newest(session: AsyncSession, person_id: int, skip: int, limit: int) -> Sequence[tuple[Card, str | None]]:
    """A page of cards with the titles of what they are about, newest first."""
    rows = await session.execute(
        select(Card, Resource.title)
        .outerjoin(Resource, Card.resource_id == Resource.id)
        .where(Card.person_id == person_id)
        .order_by(Card.id.desc())
        .offset(skip)
        .limit(limit)
    )
    return [(card, title) for card, title in rows]


async def title_of(session: AsyncSession, card: Card) -> str:
    """The title of what a card is about; nothing for a question of their own."""
    if card.resource_id is None:
        return ""
    return await session.scalar(select(Resource.title).where(Resource.id == card.resource_id)) or ""
