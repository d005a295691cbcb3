"""Takes up what was on its way when its sender vanished."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.states import OutboxState
from bot.store import outbox
from bot.store.priority import Priority

CALM = timedelta(seconds=10)
"""How long what an earlier process had on its way waits where no lease does it.

One that dies at each start must not copy it each time, nor use its attempts up where no copy comes of it.
"""


async def recover(
    session: AsyncSession,
    platforms: Collection[str],
    now: datetime,
    *,
    every: bool = False,
    held: Collection[int] = (),
    nonces: Collection[str] = (),
    only: Collection[int] | None = None,
) -> int:
    """Take up rows whose sender vanished: they may have arrived, so they go once more, flagged. How often that may happen says `ATTEMPTS`.

    `every` one that is on its way counts as abandoned, whatever its lease says; for a process that has just begun, alone.
    What this process has in hand itself (`held`) is not abandoned, whatever a clock says that was moved, or that went on while we slept.
    `only` those among some rows, where these are known by their numbers.
    On platforms that honour `nonces` they go before all others: no second message comes of it as long as the nonce is known.
    """
    rows = [row for row in await outbox.stale(session, platforms, None if every else now) if row.id not in held]
    rows = rows if only is None else [row for row in rows if row.id in only]
    for row in rows:
        row.priority = Priority.URGENT if row.platform in nonces else row.priority
        row.not_before = now + CALM if every else row.not_before
        row.doubts += 1
        row.lease_until = None
        row.state, row.reason = OutboxState.UNCERTAIN, "the sender vanished"
    return len(rows)
