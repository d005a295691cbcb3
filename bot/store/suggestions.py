"""Suggestions: each address that was ever brought is one row for good; what is known of it, and how it was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import SuggestionState
from bot.store.completions import STANDS
from bot.store.engine import insert_into
from bot.store.tables import Completion, Person, Suggestion, Voice


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


# -------------------------------------------------------------------------------------------------------- bringing


async def find_or_add(
    session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime
) -> tuple[dict[str, Suggestion], set[str]]:
    """The rows of addresses by their keys, locked, and which of them were written just now.

    A row brings `address_key`, `address`, `url` and `facts`; of two with one key the first counts.
    """
    brought: dict[str, dict[str, Any]] = {}
    for row in rows:
        brought.setdefault(row["address_key"], row)
    found = await _locked(session, brought.keys())
    missing = [row for key, row in brought.items() if key not in found]
    fresh = await _add(session, missing, now)
    if missing:
        found |= await _locked(session, {row["address_key"] for row in missing})
    return found, fresh


async def _locked(session: AsyncSession, keys: Collection[str]) -> dict[str, Suggestion]:
    """The rows with these keys."""
    if not keys:
        return {}
    rows = await session.scalars(
        select(Suggestion).where(Suggestion.address_key.in_(keys)).order_by(Suggestion.id).with_for_update()
    )
    return {row.address_key: row for row in rows}


async def _add(session: AsyncSession, rows: Sequence[dict[str, Any]], now: datetime) -> set[str]:
    """Write rows that were not there a moment ago, and tell which of them nobody else wrote meanwhile.

    A row that is refused has taken a number all the same, on both engines; so only these are tried, and people see #1, #2, #3.
    """
    if not rows:
        return set()
    blank = {
        "state": SuggestionState.WAITING,
        "edits": {},
        "fill_at": now,
        "fill_tries": 0,
        "made_at": now,
        "helped": 0,
    }
    written = await session.scalars(
        insert_into(session, Suggestion.__table__)
        .on_conflict_do_nothing(index_elements=["address_key"])
        .returning(Suggestion.address_key),
        [{**row, **blank} for row in rows],
    )
    return set(written)


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


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many there are in each state."""
    rows = await session.execute(select(Suggestion.state, func.count()).group_by(Suggestion.state))
    return {state: number for state, number in rows}  # noqa: C416


async def helpful(session: AsyncSession, most: int) -> dict[int, int]:
    """What was approved, by its number: how many people who did not bring it have done it.

    Only where these are more than its authors were told, and they were told of fewer than `most`.
    """
    own = select(Voice.id).where(Voice.suggestion_id == Suggestion.id, Voice.person_id == Completion.person_id)
    count = func.count(Completion.person_id.distinct())
    rows = await session.execute(
        select(Suggestion.id, count)
        .join(Completion, and_(Completion.resource_id == Suggestion.resource_id, STANDS))
        .where(Suggestion.state == SuggestionState.APPROVED, Suggestion.helped < most, ~own.exists())
        .group_by(Suggestion.id)
        .having(count > Suggestion.helped)
    )
    return {number: helped for number, helped in rows}  # noqa: C416


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


def reopen(row: Suggestion, now: datetime) -> None:
    """Let it wait again, as if it came now."""
    row.state, row.made_at, row.later_at, row.raised_at = SuggestionState.WAITING, now, None, None
    row.decided_at = row.decided_by = row.reason = row.words = row.resource_id = None
    row.fill_at, row.fill_tries = now, 0
