"""The way of a row from being taken to its end. A lease is the key to it: whoever lost that changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, literal_column, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.states import OutboxState
from bot.store.outbox.parcels import ROWS, Parcel, in_steps, load
from bot.store.outbox.rows import OUTBOX, WAITING
from bot.store.tables import Outgoing
from bot.store.taken import TakenRow

# What each message takes is put together once: to put a statement together takes longer than to run it.
# By the bare state SQLite would walk through all that waits, by its index, instead of going to each row by its number.
_STATE = OUTBOX.c.state.concat(literal_column("''", String))
_TAKE = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(ROWS), _STATE.in_(WAITING), OUTBOX.c.not_before <= bindparam("now"))
    .values(state=OutboxState.SENDING, lease_until=bindparam("until"), attempts=OUTBOX.c.attempts + 1)
    .returning(OUTBOX.c.id)
)
# Nor is what is the same for each row a parameter here, which would be made ready anew for each.
_SENDING, _UNCERTAIN, _SENT = (
    literal_column(f"'{state}'", String) for state in (OutboxState.SENDING, OutboxState.UNCERTAIN, OutboxState.SENT)
)
_MARK = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id == bindparam("row"),
        or_(
            and_(OUTBOX.c.state == _SENDING, OUTBOX.c.lease_until == bindparam("lease")),
            OUTBOX.c.state == _UNCERTAIN,
        ),
    )
    .values(state=_SENT, lease_until=null(), reason=null(), message=bindparam("as_message"), sent_at=bindparam("at"))
)


async def take(session: AsyncSession, row_ids: Collection[int], now: datetime, lease: timedelta) -> dict[int, Parcel]:
    """Take rows for sending, without those that are taken, withdrawn or too early. The conditional update is the referee."""
    taken = await session.execute(_TAKE, {"rows": in_steps(row_ids), "now": now, "until": now + lease})
    ours = [row_id for (row_id,) in taken]
    return await load(session, ours) if ours else {}


async def hold(session: AsyncSession, row_id: int) -> Outgoing | None:
    """A row that waits, locked; None if somebody else has it."""
    waits = select(Outgoing).where(Outgoing.id == row_id, Outgoing.state.in_(WAITING))
    return await session.scalar(waits.with_for_update(skip_locked=True))


async def still_ours(session: AsyncSession, row: TakenRow) -> bool:
    """Whether a row that we took is ours still. If so, nobody else gets it before the transaction ends."""
    return await session.scalar(select(Outgoing.id).where(*_ours(row)).with_for_update()) is not None


async def sent_all(session: AsyncSession, arrived: Sequence[tuple[TakenRow, str, datetime]]) -> None:
    """Rows are with their people, each as a message and since an instant; also where somebody doubted it meanwhile."""
    marks = [{"row": row.id, "lease": row.lease_until, "as_message": ref, "at": at} for row, ref, at in arrived]
    await session.execute(_MARK, marks)


async def sent(
    session: AsyncSession, row: TakenRow, message: str | None, now: datetime, reason: str | None = None
) -> None:
    """It is with the person."""
    await _leave(session, row, state=OutboxState.SENT, message=message, sent_at=now, reason=reason)


async def facts_of(session: AsyncSession, row: TakenRow) -> dict[str, Any]:
    """The facts of a row as they are now: while it was on its way, its person may have got the dose otherwise."""
    return await session.scalar(select(Outgoing.facts).where(Outgoing.id == row.id)) or {}


async def wait(
    session: AsyncSession,
    row: TakenRow,
    until: datetime,
    reason: str,
    *,
    state: OutboxState = OutboxState.RETRY,
    **more: Any,
) -> None:
    """It goes again, not before `until`."""
    await _leave(session, row, state=state, not_before=until, reason=reason, **more)


async def redirect(
    session: AsyncSession, row: TakenRow, to: Address, now: datetime, reason: str, facts: dict[str, Any]
) -> None:
    """It goes at once to somewhere else, where nobody has tried it yet. That it may be a copy stays; how it fared elsewhere does not."""
    place = {"platform": to.platform, "chat": to.chat, "thread": to.thread}
    anew = {"attempts": 0, "doubts": 0, "plainly": False, "flagged": row.may_be_a_copy, "facts": facts}
    await _leave(session, row, state=OutboxState.RETRY, not_before=now, reason=reason, **anew, **place)


async def put_off(session: AsyncSession, row_id: int, until: datetime, reason: str) -> None:
    """It was not taken, and waits until then."""
    waits = (Outgoing.id == row_id, Outgoing.state.in_(WAITING))
    await session.execute(update(Outgoing).where(*waits).values(not_before=until, lease_until=None, reason=reason))


async def give_back(session: AsyncSession, row: TakenRow) -> None:
    """It was taken, and its call did not begin: as if nobody had taken it."""
    state = OutboxState.UNCERTAIN if row.doubts else OutboxState.RETRY
    await _leave(session, row, state=state, attempts=row.attempts - 1, reason="it was taken and did not go")


async def give_up(session: AsyncSession, row: TakenRow, reason: str) -> None:
    """It will never go; `reason` says why."""
    await _leave(session, row, state=OutboxState.DEAD, reason=reason)


async def doubt(session: AsyncSession, until: datetime) -> frozenset[int]:
    """What was to go by an instant may have gone already: it goes once more at most, flagged. Which rows these are."""
    waits = (
        Outgoing.state.in_((OutboxState.DUE, OutboxState.RETRY)),
        Outgoing.doubts == 0,
        Outgoing.not_before <= until,
    )
    doubted = (
        update(Outgoing).where(*waits).values(state=OutboxState.UNCERTAIN, doubts=1, reason="the database was restored")
    )
    return frozenset((await session.scalars(doubted.returning(Outgoing.id))).all())


async def stale(session: AsyncSession, platforms: Collection[str], now: datetime | None) -> list[Outgoing]:
    """Rows on their way whose lease is over, or (with None) all of them: nobody knows whether they arrived."""
    on_their_way = select(Outgoing).where(Outgoing.state == OutboxState.SENDING, Outgoing.platform.in_(platforms))
    if now is not None:
        on_their_way = on_their_way.where(Outgoing.lease_until <= now)
    return list(await session.scalars(on_their_way.with_for_update(skip_locked=True)))


async def release(session: AsyncSession, platforms: Collection[str]) -> None:
    """Take every lease off what only waits; for the process that sends for these platforms, and no other."""
    leased = (Outgoing.state.in_(WAITING), Outgoing.platform.in_(platforms), Outgoing.lease_until.is_not(None))
    await session.execute(update(Outgoing).where(*leased).values(lease_until=None))


async def _leave(session: AsyncSession, row: TakenRow, **values: Any) -> None:
    """Move a row on from `sending`, as long as it is ours: whoever comes back after its lease changes nothing that others did since."""
    await session.execute(update(Outgoing).where(*_ours(row)).values(lease_until=None, **values))


def _ours(row: TakenRow) -> tuple[ColumnElement[bool], ...]:
    """A lease is the key to its row."""
    return (Outgoing.id == row.id, Outgoing.state == OutboxState.SENDING, Outgoing.lease_until == row.lease_until)
