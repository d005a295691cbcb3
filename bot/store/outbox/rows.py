"""Rows of the outbox, written once for each key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Notice
from bot.states import OutboxState
from bot.store.engine import insert_into
from bot.store.priority import Priority
from bot.store.tables import Outgoing

OUTBOX = cast(Table, Outgoing.__table__)
WAITING = (OutboxState.DUE, OutboxState.RETRY, OutboxState.UNCERTAIN)
"""The states from which a row may be sent."""
UNSEEN = (
    Outgoing.state.in_((OutboxState.DUE, OutboxState.RETRY)),
    Outgoing.doubts == 0,
    Outgoing.flagged.is_(False),
)
"""What holds of a row that waits and that nobody can have seen: `Outgoing.may_be_a_copy` says it of one."""
SEEN, UNWANTED = "seen", "unwanted"
"""Facts of a dose's row that was on its way while the person got the dose otherwise, or wanted none any more: it goes no second time."""
REFUSED = "refused"
"""The fact that names the accounts, such as “telegram:42”, that refused a dose, or a word before it, so that it goes to another one."""
NOT_FOUND = "not_found"
"""The fact that names the chat, such as “telegram:42”, that a platform did not find once: the next time it is believed."""
CARRY_DOSES = ("dose", "snooze")
"""The kinds of what carries a dose."""
EDIT = "edit"
"""The kind of what changes a message that is there, which `message` among its facts names."""
CARRIER = "carrier"
"""The fact that names, in its place, the row that was about to carry the message: what became of it is looked up when the edit goes."""


def _of_itself(default: Any) -> Any:
    """What a column holds where a row says nothing of it."""
    if default is None:
        return None
    return default.arg if default.is_scalar else default.arg(None)


UNSAID: dict[str, Any] = {
    column.name: _of_itself(column.default) for column in OUTBOX.c if column.nullable or column.default is not None
}
"""What a row holds besides what is said of it."""


async def put(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[tuple[int, str]]:
    """Write rows whose `key` is new; give (id, key) of those written. One may say what another leaves open.

    The statement has the columns of the first row only, so each row names them all: what the others said besides would be lost.
    """
    if not rows:
        return []
    written = await session.execute(
        insert_into(session, OUTBOX)
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OUTBOX.c.id, OUTBOX.c.key),
        [UNSAID | row for row in rows],
    )
    return [(row_id, key) for row_id, key in written]


async def put_notices(session: AsyncSession, notices: Sequence[Notice], now: datetime) -> int:
    """Write what is to be said to others besides; how many were new."""
    rows = [
        {
            "key": notice.key,
            "kind": notice.kind,
            "platform": notice.to.platform,
            "chat": notice.to.chat,
            "thread": notice.to.thread,
            "person_id": notice.person,
            "facts": notice.facts,
            "priority": Priority.NOTICE,
            "not_before": now,
        }
        for notice in notices
    ]
    return len(await put(session, rows))
