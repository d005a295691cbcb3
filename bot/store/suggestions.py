"""Suggestions: what waits for a curator, and who brought it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import SuggestionState
from bot.store.completions import STANDS
from bot.store.tables import Completion, Person, Suggestion, Voice

MOST_WAITING = 5_000
"""How many rows of the queue are put in order; nobody sees the end of a longer one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One voice as a card shows it: a person by the name they have today, or a feed by its title."""

    name: str
    why: str
    person_id: int | None
    feed: str | None


@dataclass(frozen=True, slots=True)
class WholeSuggestion:
    """A suggestion with everything its card shows."""

    row: Suggestion
    voices: tuple[Heard, ...]
    decider: str | None

    @property
    def known(self) -> dict[str, Any]:
        """What is known of the link: what was found out, and over it what curators set."""
        return {**self.row.facts, **self.row.edits}

    @property
    def told_title(self) -> str:
        """Its title, empty while there is none. The words of an address are no words about it: the “com” of a host is no Portuguese."""
        return str(self.known.get("title") or "")

    @property
    def title(self) -> str:
        """What to call it: its title, or the address while there is none."""
        return self.told_title or self.row.address.removeprefix("https://")


@dataclass(frozen=True, slots=True)
class InQueue:
    """One row of the queue, with what decides its place."""

    id: int
    made_at: datetime
    later_at: datetime | None
    topic: str | None
    people: frozenset[int]
    feeds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Record:
    """How a source did so far: how many of its links were approved, and when one was last rejected."""

    approved: int
    rejected_at: datetime | None


def reopen(row: Suggestion, now: datetime) -> None:
    """Let it wait again, as if it came now."""
    row.state, row.made_at, row.later_at, row.raised_at = SuggestionState.WAITING, now, None, None
    row.decided_at = row.decided_by = row.reason = row.words = row.resource_id = None
    row.fill_at, row.fill_tries = now, 0


# --------------------------------------------------------------------------------------------------------- looking


async def find(session: AsyncSession, suggestion_id: int) -> Suggestion | None:
    """A suggestion by its number."""
    return await session.get(Suggestion, suggestion_id)


async def by_key(session: AsyncSession, key: str) -> Suggestion | None:
    """The suggestion of an address, by its key."""
    return await session.scalar(select(Suggestion).where(Suggestion.address_key == key))


async def take_to_fill(session: AsyncSession, now: datetime, lease: timedelta, limit: int) -> list[tuple[int, str]]:
    """Take some whose page is to be read now, numbers and addresses; they come again only when the lease is over."""
    found = await session.scalars(
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.WAITING, Suggestion.fill_at <= now)
        .order_by(Suggestion.fill_at, Suggestion.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = []
    for row in found:
        row.fill_at, row.fill_tries = now + lease, row.fill_tries + 1
        taken.append((row.id, row.url))
    return taken


async def lock(session: AsyncSession, suggestion_id: int) -> Suggestion | None:
    """The row of a suggestion, held until the transaction ends."""
    found = select(Suggestion).where(Suggestion.id == suggestion_id).with_for_update()
    return await session.scalar(found.execution_options(populate_existing=True))


async def see(session: AsyncSession, suggestion_id: int) -> WholeSuggestion | None:
    """A suggestion with its voices, oldest first, and the name of who decided it."""
    row = await session.get(Suggestion, suggestion_id, populate_existing=True)
    if row is None:
        return None
    voices = await session.execute(
        select(Voice.name, Person.name, Voice.why, Voice.person_id, Voice.feed)
        .outerjoin(Person, Voice.person_id == Person.id)
        .where(Voice.suggestion_id == row.id)
        .order_by(Voice.at, Voice.id)
    )
    heard = tuple(Heard(name or title, why, person, feed) for title, name, why, person, feed in voices)
    decider = await session.get(Person, row.decided_by) if row.decided_by else None
    return WholeSuggestion(row, heard, decider.name if decider else None)


async def waiting(session: AsyncSession) -> list[InQueue]:
    """What waits, with its sources, in the order it came."""
    rows = await session.execute(
        select(Suggestion.id, Suggestion.made_at, Suggestion.later_at, Suggestion.facts, Suggestion.edits)
        .where(Suggestion.state == SuggestionState.WAITING)
        .order_by(Suggestion.made_at, Suggestion.id)
        .limit(MOST_WAITING)
    )
    people, feeds = await _voices_of_waiting(session)
    return [
        InQueue(
            number,
            made_at,
            later_at,
            {**facts, **edits}.get("topic"),
            frozenset(people.get(number, ())),
            frozenset(feeds.get(number, ())),
        )
        for number, made_at, later_at, facts, edits in rows
    ]


async def _voices_of_waiting(session: AsyncSession) -> tuple[dict[int, set[int]], dict[int, set[str]]]:
    """Which people, and which feeds, brought each of what waits."""
    people: dict[int, set[int]] = {}
    feeds: dict[int, set[str]] = {}
    voices = await session.execute(
        select(Voice.suggestion_id, Voice.person_id, Voice.feed)
        .join(Suggestion)
        .where(Suggestion.state == SuggestionState.WAITING)
    )
    for suggestion_id, person_id, feed in voices:
        if person_id is not None:
            people.setdefault(suggestion_id, set()).add(person_id)
        if feed is not None:
            feeds.setdefault(suggestion_id, set()).add(feed)
    return people, feeds


async def records(session: AsyncSession) -> tuple[dict[int, Record], dict[str, Record]]:
    """How every person and every feed did so far."""
    return await _records(session, Voice.person_id), await _records(session, Voice.feed)


async def _records(session: AsyncSession, source: Any) -> dict[Any, Record]:
    approved = func.count().filter(Suggestion.state == SuggestionState.APPROVED)
    rejected = func.max(Suggestion.decided_at).filter(Suggestion.state == SuggestionState.REJECTED)
    rows = await session.execute(
        select(source, approved, rejected)
        .join(Suggestion)
        .where(source.is_not(None), Suggestion.decided_at.is_not(None))
        .group_by(source)
    )
    return {who: Record(count, at) for who, count, at in rows}


async def of_person(session: AsyncSession, person_id: int, limit: int) -> list[Suggestion]:
    """What a person brought, the newest first."""
    found = await session.scalars(
        select(Suggestion)
        .join(Voice)
        .where(Voice.person_id == person_id)
        .order_by(Voice.at.desc(), Voice.id.desc())
        .limit(limit)
    )
    return list(found)


async def people_of(session: AsyncSession, suggestion_id: int) -> list[int]:
    """The people who brought it."""
    found = select(Voice.person_id).where(Voice.suggestion_id == suggestion_id, Voice.person_id.is_not(None))
    return [person_id for person_id in await session.scalars(found.order_by(Voice.id)) if person_id is not None]


async def is_voice(session: AsyncSession, suggestion_id: int, person_id: int) -> bool:
    """Did that person bring it?"""
    found = select(Voice.id).where(Voice.suggestion_id == suggestion_id, Voice.person_id == person_id)
    return await session.scalar(found) is not None


async def open_since(session: AsyncSession, person_id: int, since: datetime) -> int:
    """How many of the links a person brought since an instant still wait."""
    found = (
        select(func.count())
        .select_from(Voice)
        .join(Suggestion)
        .where(Voice.person_id == person_id, Voice.at > since, Suggestion.state == SuggestionState.WAITING)
    )
    return await session.scalar(found) or 0


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many there are in each state."""
    rows = await session.execute(select(Suggestion.state, func.count()).group_by(Suggestion.state))
    return {state: number for state, number in rows}  # noqa: C416


async def ages(session: AsyncSession) -> tuple[datetime | None, datetime | None]:
    """Since when the oldest of what waits does so without having been raised, and the first of those raised since then."""
    since = func.coalesce(Suggestion.later_at, Suggestion.made_at)
    oldest = func.min(since).filter(Suggestion.raised_at.is_(None))
    row = await session.execute(
        select(oldest, func.min(Suggestion.raised_at)).where(Suggestion.state == SuggestionState.WAITING)
    )
    first, raised = row.one()
    return first, raised


async def raise_old(session: AsyncSession, since: datetime, now: datetime) -> list[Suggestion]:
    """Note that the age of what waits since an instant is brought up now, once."""
    waits_since = func.coalesce(Suggestion.later_at, Suggestion.made_at)
    found = await session.scalars(
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.WAITING, Suggestion.raised_at.is_(None), waits_since <= since)
        .order_by(Suggestion.id)
        .with_for_update(skip_locked=True)
    )
    rows = list(found)
    for row in rows:
        row.raised_at = now
    return rows


async def raised_before(session: AsyncSession, instant: datetime) -> list[Suggestion]:
    """What waits and was raised by an instant."""
    found = select(Suggestion).where(Suggestion.state == SuggestionState.WAITING, Suggestion.raised_at <= instant)
    return list(await session.scalars(found.order_by(Suggestion.id)))


async def helpful(session: AsyncSession) -> list[tuple[Suggestion, int]]:
    """What was approved, with how many people who did not bring it have done it."""
    own = select(Voice.id).where(Voice.suggestion_id == Suggestion.id, Voice.person_id == Completion.person_id)
    count = func.count(Completion.person_id.distinct())
    rows = await session.execute(
        select(Suggestion, count)
        .join(Completion, and_(Completion.resource_id == Suggestion.resource_id, STANDS))
        .where(Suggestion.state == SuggestionState.APPROVED, ~own.exists())
        .group_by(Suggestion.id)
        .having(count > Suggestion.helped)
    )
    return [(row, number) for row, number in rows]


# -------------------------------------------------------------------------------------------------------- changing


async def decide(
    session: AsyncSession,
    suggestion_id: int,
    state: SuggestionState,
    *,
    by: int | None,
    now: datetime,
    reason: str | None = None,
    words: str | None = None,
    resource_id: str | None = None,
) -> bool:
    """Move what waits to where it was decided; False if somebody was faster. The conditional update is the referee."""
    moved = await session.execute(
        update(Suggestion)
        .where(Suggestion.id == suggestion_id, Suggestion.state == SuggestionState.WAITING)
        .values(
            state=state,
            decided_at=now,
            decided_by=by,
            reason=reason,
            words=words,
            resource_id=resource_id,
            fill_at=None,
        )
        .returning(Suggestion.id)
    )
    return moved.first() is not None


async def take_back(
    session: AsyncSession, suggestion_id: int, state: SuggestionState, decided_at: datetime | None
) -> bool:
    """Let what was decided wait again, if that is still the decision; where it stood in the queue, it stands again."""
    moved = await session.execute(
        update(Suggestion)
        .where(Suggestion.id == suggestion_id, Suggestion.state == state, Suggestion.decided_at == decided_at)
        .values(
            state=SuggestionState.WAITING, decided_at=None, decided_by=None, reason=None, words=None, resource_id=None
        )
        .returning(Suggestion.id)
    )
    return moved.first() is not None


async def withdraw(session: AsyncSession, suggestion_id: int, person_id: int, now: datetime) -> bool:
    """Take a person's voice from what waits; without any voice left it leaves the queue. False if it was not theirs or is decided."""
    row = await session.get(Suggestion, suggestion_id, with_for_update=True)
    if row is None or not row.is_waiting or not await is_voice(session, suggestion_id, person_id):
        return False
    await session.execute(delete(Voice).where(Voice.suggestion_id == row.id, Voice.person_id == person_id))
    if await session.scalar(select(func.count()).select_from(Voice).where(Voice.suggestion_id == row.id)) == 0:
        row.state, row.decided_at, row.fill_at = SuggestionState.WITHDRAWN, now, None
    return True
