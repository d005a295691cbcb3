"""What becomes of each column that names a person, when two turn out to be one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Base, Person
from bot.store.union.learning import cards, completions, threads, voices
from bot.store.union.rows import PersonColumn, drop_twins, follow, keep_earliest

Treat = Callable[[AsyncSession, PersonColumn, int, int], Awaitable[None]]


async def unite(session: AsyncSession, stays: Person, leaves: Person) -> None:
    """Let every row of one person be the other's, and remove what is left of them. At most one of the two has a subscription by now.

    What they are called, which language they speak and their role are for the caller to say.
    Raises RuntimeError if a row would have been lost with them.
    """
    await session.flush()
    for name, treat in COLUMNS.items():
        await treat(session, columns_naming(Person.__tablename__)[name], stays.id, leaves.id)
    for name, column in columns_naming(Person.__tablename__).items():
        if await session.scalar(select(func.count()).select_from(column.table).where(column == leaves.id)):
            raise RuntimeError(f"{name} still names somebody who leaves")
    stays.met_at = min(stays.met_at, leaves.met_at)
    stays.heard_at = max(filter(None, (stays.heard_at, leaves.heard_at)), default=None)
    session.expunge(leaves)
    await session.execute(delete(Person).where(Person.id == leaves.id).execution_options(synchronize_session=False))
    await session.flush()


def columns_naming(table: str) -> dict[str, PersonColumn]:
    """Every column that points to a table, by its name such as "marks.person_id"."""
    return {
        f"{key.parent.table.name}.{key.parent.name}": key.parent
        for owner in Base.metadata.sorted_tables
        for key in sorted(owner.foreign_keys, key=lambda key: key.parent.name)
        if key.column.table.name == table
    }


async def _subscription(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """Theirs is called after them."""
    table = column.table
    await session.execute(
        update(table).where(column == leaves).values({column.name: stays, table.c.owner.name: f"person:{stays}"})
    )


async def _open_codes(session: AsyncSession, column: PersonColumn, stays: int, leaves: int) -> None:
    """Whoever is linked has no other code open; what was used is remembered."""
    table = column.table
    await session.execute(delete(table).where(column.in_((stays, leaves)), table.c.used_at.is_(None)))
    await follow(session, column, stays, leaves)


COLUMNS: dict[str, Treat] = {
    "identities.person_id": follow,
    "subscriptions.person_id": _subscription,
    "completions.person_id": completions,
    "marks.person_id": keep_earliest,
    "feedback.person_id": follow,
    "threads.person_id": threads,
    "ticks.person_id": keep_earliest,
    "cards.person_id": cards,
    "prompts.person_id": follow,
    "questions.person_id": drop_twins,
    "appointments.person_id": drop_twins,
    "voices.person_id": voices,
    "suggestions.decided_by": follow,
    "entries.by_id": follow,
    "audit.by_id": follow,
    "audit.whom_id": follow,
    "shown_cards.person_id": follow,
    "rooms.person_id": follow,
    "invitations.made_by": follow,
    "feed_searches.person_id": follow,
    "lookups.person_id": follow,
    "outbox.person_id": follow,
    "updates.person_id": follow,
    "link_codes.person_id": _open_codes,
    "link_codes.shown_to": follow,
    "wrong_codes.person_id": follow,
}
"""THE table; a test looks that no column is missing. `follow` is for rows of which somebody may have any number."""
