"""What somebody did and wrote between two instants, in order: for the weekly digest and the learning journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import Marked
from bot.store.completions import STANDS
from bot.store.tables import Card, Completion, Mark, Resource

NOTES = 3
"""How many of their lines a resource's card shows."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_DONE = (
    select(Completion.day, Completion.kind, Resource.id, Resource.title, Resource.url, Resource.topic)
    .join(Resource, Completion.resource_id == Resource.id)
    .where(Completion.person_id == bindparam("person"), Completion.at >= bindparam("since"), STANDS)
    .order_by(Completion.at, Completion.id)
)
_WRITTEN = (
    select(Card.day, Card.resource_id, Card.prompt, Card.answer, Resource.title, Resource.url, Resource.topic)
    .outerjoin(Resource, Card.resource_id == Resource.id)
    .where(Card.person_id == bindparam("person"), Card.origin == "note", Card.made_at >= bindparam("since"))
    .order_by(Card.made_at, Card.id)
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing done on a learning day, or (where `title` is empty) a note about nothing in particular, with the lines written on it.

    Something long has `sessions`, the days it was worked on, and is not `ended` before it is finished; its day is the last one.
    """

    day: date
    title: str
    url: str
    topic: str
    notes: tuple[str, ...]
    sessions: int = 0
    ended: bool = True


async def journal_of(session: AsyncSession, person_id: int, since: datetime = BEGINNING) -> list[Entry]:
    """Everything done and written since an instant, oldest first."""
    things: dict[str, tuple[date, str, str, str]] = {}
    sessions: Counter[str] = Counter()
    for day, kind, thing, title, url, topic in await session.execute(_DONE, {"person": person_id, "since": since}):
        things[thing] = (day, title, url, topic)
        sessions[thing] += kind == "session"
    ended = await _ended(session, person_id)
    notes: dict[str, list[str]] = {}
    loose: list[Entry] = []
    written = await session.execute(_WRITTEN, {"person": person_id, "since": since})
    for day, resource, prompt, answer, title, url, topic in written:
        line = f"{prompt} {answer}" if prompt else answer
        if resource in things:
            notes.setdefault(resource, []).append(line)
        else:
            loose.append(Entry(day, title or "", url or "", topic or "", (line,)))
    entries = [
        Entry(day, title, url, topic, tuple(notes.get(resource, ())), sessions[resource], resource in ended)
        for resource, (day, title, url, topic) in things.items()
    ]
    return sorted([*entries, *loose], key=lambda entry: entry.day)


async def _ended(session: AsyncSession, person_id: int) -> frozenset[str]:
    """What somebody has done to its end."""
    found = await session.scalars(select(Mark.resource_id).where(Mark.person_id == person_id, Mark.mark == Marked.DONE))
    return frozenset(found)


async def of_resource(session: AsyncSession, person_id: int, resource_id: str) -> tuple[date | None, tuple[str, ...]]:
    """The last learning day on which somebody did a resource, and the lines they wrote about it, newest first."""
    day = await session.scalar(
        select(func.max(Completion.day)).where(
            Completion.person_id == person_id, Completion.resource_id == resource_id, Completion.kind == "done", STANDS
        )
    )
    lines = await session.scalars(
        select(Card.answer)
        .where(Card.person_id == person_id, Card.resource_id == resource_id, Card.origin == "note")
        .order_by(Card.id.desc())
        .limit(NOTES)
    )
    return day, tuple(lines)
