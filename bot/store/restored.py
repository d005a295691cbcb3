"""What a database knows of having been put back from a backup.

made       a copy that `trilha backup` made says so of itself; where it serves, it was put back
until      what was to go by then may have gone, for all that it knows
numbers    it gave some, after the backup, that it does not know of; they stand in buttons and nonces, so it leaves them out
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import column, insert, table, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import remembered, signs
from bot.store.engine import is_sqlite
from bot.store.tables import Base

MADE, UNTIL = "copy.made", "restored.until"
KEPT = timedelta(days=8)
"""How long it is known: whatever was to go before it has lost its reason by then."""
LEFT_OUT = {"doses": 1_000_000, "outbox": 1_000_000}
FEW = 1_000
"""How many numbers of a table are left out: more than may have been given since the backup, and few where people read them."""
_SEQUENCES = table("sqlite_sequence", column("name"), column("seq"))


async def made(session: AsyncSession) -> datetime | None:
    """When the copy was made that this database is; None where it is none, or is known to have been put back."""
    at = await remembered.recall(session, MADE)
    return datetime.fromisoformat(at) if at else None


async def note(session: AsyncSession, now: datetime) -> None:
    """It was put back: whatever was to go by now may have gone, and what was numbered since means something else on people's screens."""
    await remembered.remember(session, UNTIL, now.isoformat(), until=now + KEPT)
    await remembered.forget(session, MADE)
    await signs.begin_anew(session)
    for numbered in Base.metadata.sorted_tables:
        if numbered.dialect_options["sqlite"]["autoincrement"]:
            await _leave_numbers_out(session, numbered.name)


async def doubted_until(session: AsyncSession) -> datetime | None:
    """What was to go by this instant may have gone; None where nobody put the database back of late."""
    until = await remembered.recall(session, UNTIL)
    return datetime.fromisoformat(until) if until else None


async def _leave_numbers_out(session: AsyncSession, name: str) -> None:
    many = LEFT_OUT.get(name, FEW)
    if not is_sqlite(session):
        sequence: dict[str, Any] = {"name": name, "many": many}
        asked = "SELECT setval(it, nextval(it) + :many) FROM pg_get_serial_sequence(:name, 'id') AS it"
        await session.execute(text(asked), sequence)
        return
    counted = update(_SEQUENCES).where(_SEQUENCES.c.name == name).values(seq=_SEQUENCES.c.seq + many)
    if not (await session.execute(counted.returning(_SEQUENCES.c.seq))).first():  # nothing was ever numbered
        await session.execute(insert(_SEQUENCES).values(name=name, seq=many))
