"""The outbox: every message sent unasked, and how far it got. The states are drawn in `bot/delivery/__init__.py`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Table, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from bot.chat import Address, Notice
from bot.store import suggestions
from bot.store.beside import NOTHING, Beside, beside_all
from bot.store.suggestions import Seen
from bot.store.tables import Dose, Outgoing, Person, Resource, Room, ShownCard, Subscription

OUTBOX = cast(Table, Outgoing.__table__)
WAITING = ("due", "retry", "uncertain")
"""The states from which a row may be sent."""
NOTICE = 4
"""The priority of what is said to others: after what they asked for, before the day's doses."""

# What each message takes is put together once: to put a statement together takes longer than to run it.
_ROWS: BindParameter[int] = bindparam("rows", expanding=True)
_TAKE = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(_ROWS), OUTBOX.c.state.in_(WAITING), OUTBOX.c.not_before <= bindparam("now"))
    .values(state="sending", lease_until=bindparam("until"), attempts=OUTBOX.c.attempts + 1)
    .returning(OUTBOX.c.id)
)
_PARCELS = (
    select(Outgoing, Dose, Resource, Subscription.trail, Person.language)
    .outerjoin(Dose, Outgoing.dose_id == Dose.id)
    .outerjoin(Resource, Dose.resource_id == Resource.id)
    .outerjoin(Subscription, Outgoing.subscription_id == Subscription.id)
    .outerjoin(Person, Outgoing.person_id == Person.id)
    .where(Outgoing.id.in_(_ROWS))
    .options(defer(Resource.filed))  # all of an entry, which nobody reads here
)
_MARK = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id == bindparam("row"),
        or_(
            and_(OUTBOX.c.state == "sending", OUTBOX.c.lease_until == bindparam("lease")), OUTBOX.c.state == "uncertain"
        ),
    )
    .values(state="sent", lease_until=None, reason=None, message=bindparam("as_message"), sent_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row taken for sending, with all that composing it needs: of the resource its facts, of the subscription the trail."""

    row: Outgoing
    dose: Dose | None
    resource: Resource | None
    trail: str | None
    language: str | None
    suggestion: Seen | None = None
    beside: Beside = NOTHING

    @property
    def address(self) -> Address:
        """Where it goes."""
        return Address(self.row.platform, self.row.chat, self.row.thread)


async def put(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> list[tuple[int, str]]:
    """Write rows whose `key` is new; give (id, key) of those written."""
    if not rows:
        return []
    insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
    written = await session.execute(
        insert(OUTBOX).on_conflict_do_nothing(index_elements=["key"]).returning(OUTBOX.c.id, OUTBOX.c.key),
        list(rows),
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
            "priority": NOTICE,
            "not_before": now,
        }
        for notice in notices
    ]
    return len(await put(session, rows))


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(Outgoing.lease_until.is_(None), Outgoing.lease_until <= now)


@dataclass(frozen=True, slots=True, order=True)
class Ticket:
    """A row that may be sent, and where it goes.

    Tickets sort by urgency (smaller is sooner), then by the instant they are due at, then by lot: nobody is always last.
    """

    priority: int
    due: datetime
    lot: bytes
    row_id: int
    address: Address = field(compare=False)
    expires_at: datetime | None = field(compare=False)
    in_doubt: bool = field(compare=False)

    @classmethod
    def of(
        cls,
        row_id: int,
        key: str,
        priority: int,
        due: datetime,
        address: Address,
        expires_at: datetime | None = None,
        in_doubt: bool = False,
    ) -> Ticket:
        """The ticket of a row; its lot is a hash of the key, so that it differs from person to person and from day to day."""
        lot = blake2b(key.encode(), digest_size=8).digest()
        return cls(priority, due, lot, row_id, address, expires_at, in_doubt)


async def waiting(session: AsyncSession, platforms: Collection[str], now: datetime, limit: int) -> list[Ticket]:
    """What may go now and nobody holds, the most urgent first."""
    urgency = (Outgoing.id, Outgoing.key, Outgoing.priority, Outgoing.not_before)
    address = (Outgoing.platform, Outgoing.chat, Outgoing.thread)
    rows = await session.execute(
        select(*urgency, *address, Outgoing.expires_at, Outgoing.doubts)
        .where(
            Outgoing.platform.in_(platforms),
            Outgoing.state.in_(WAITING),
            Outgoing.not_before <= now,
            _free(now),
        )
        .order_by(Outgoing.priority, Outgoing.not_before, Outgoing.id)
        .limit(limit)
    )
    return [Ticket.of(*row[:4], Address(*row[4:7]), row.expires_at, in_doubt=row.doubts > 0) for row in rows]


async def next_waiting(session: AsyncSession, after: datetime) -> datetime | None:
    """The earliest instant after another at which a waiting row may go."""
    return await session.scalar(
        select(func.min(Outgoing.not_before)).where(Outgoing.state.in_(WAITING), Outgoing.not_before > after)
    )


async def queue(session: AsyncSession, now: datetime, platforms: Collection[str]) -> tuple[int, datetime | None]:
    """How many rows on these platforms should have gone by now and did not, and since when the oldest of them waits."""
    waits = (Outgoing.state.in_(WAITING), Outgoing.not_before <= now, Outgoing.platform.in_(platforms))
    found = await session.execute(select(func.count(Outgoing.id), func.min(Outgoing.not_before)).where(*waits))
    count, oldest = found.one()
    return count, oldest


async def doses_go(session: AsyncSession, since: datetime) -> bool:
    """Whether any dose went out since an instant."""
    sent = select(Outgoing.id).where(Outgoing.kind == "dose", Outgoing.sent_at >= since).limit(1)
    return await session.scalar(sent) is not None


async def leases(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many rows are on their way, and when the lease of the oldest of them ends."""
    on_their_way = select(func.count(Outgoing.id), func.min(Outgoing.lease_until)).where(Outgoing.state == "sending")
    count, ends = (await session.execute(on_their_way)).one()
    return count, ends


async def take(session: AsyncSession, row_ids: Collection[int], now: datetime, lease: timedelta) -> dict[int, Parcel]:
    """Take rows for sending, without those that are taken, withdrawn or too early. The conditional update is the referee."""
    taken = await session.execute(_TAKE, {"rows": list(row_ids), "now": now, "until": now + lease})
    ours = [row_id for (row_id,) in taken]
    return await load(session, ours) if ours else {}


async def hold(session: AsyncSession, row_id: int) -> Outgoing | None:
    """A row that waits, locked; None if somebody else has it."""
    waits = select(Outgoing).where(Outgoing.id == row_id, Outgoing.state.in_(WAITING))
    return await session.scalar(waits.with_for_update(skip_locked=True))


async def load(session: AsyncSession, row_ids: Collection[int]) -> dict[int, Parcel]:
    """Rows with all that composing them needs, by number."""
    rows = (await session.execute(_PARCELS, {"rows": list(row_ids)})).all()
    besides = await beside_all(session, [(dose, row.person_id) for row, dose, *_ in rows if dose and row.person_id])
    parcels = {}
    for row, dose, resource, trail, language in rows:
        about = (row.facts or {}).get("suggestion")
        parcels[row.id] = Parcel(
            row,
            dose,
            resource,
            trail,
            language,
            suggestion=await suggestions.see(session, int(about)) if about else None,
            beside=besides.get(dose.id, NOTHING) if dose else NOTHING,
        )
    return parcels


async def sent_all(session: AsyncSession, arrived: Sequence[tuple[Outgoing, str, datetime]]) -> None:
    """Rows are with their people, each as a message and since an instant; also where somebody doubted it meanwhile."""
    marks = [{"row": row.id, "lease": row.lease_until, "as_message": ref, "at": at} for row, ref, at in arrived]
    await session.execute(_MARK, marks)


async def still_ours(session: AsyncSession, row: Outgoing) -> bool:
    """Whether a row that we took is ours still. If so, nobody else gets it before the transaction ends."""
    return await session.scalar(select(Outgoing.id).where(*_ours(row)).with_for_update()) is not None


async def sent(
    session: AsyncSession, row: Outgoing, message: str | None, now: datetime, reason: str | None = None
) -> None:
    """It is with the person."""
    await _leave(session, row, state="sent", message=message, sent_at=now, reason=reason)


async def wait(
    session: AsyncSession, row: Outgoing, until: datetime, reason: str, *, state: str = "retry", **more: Any
) -> None:
    """It goes again, not before `until`."""
    await _leave(session, row, state=state, not_before=until, reason=reason, **more)


async def put_off(session: AsyncSession, row_id: int, until: datetime, reason: str) -> None:
    """It was not taken, and waits until then."""
    waits = (Outgoing.id == row_id, Outgoing.state.in_(WAITING))
    await session.execute(update(Outgoing).where(*waits).values(not_before=until, lease_until=None, reason=reason))


async def give_back(session: AsyncSession, row: Outgoing) -> None:
    """It was taken, and its call did not begin: as if nobody had taken it."""
    state = "uncertain" if row.doubts else "retry"
    await _leave(session, row, state=state, attempts=row.attempts - 1, reason="it was taken and did not go")


async def give_up(session: AsyncSession, row: Outgoing, reason: str) -> None:
    """It will never go; `reason` says why."""
    await _leave(session, row, state="dead", reason=reason)


async def give_up_address(session: AsyncSession, address: Address, reason: str) -> list[str]:
    """Nothing that waits for an address will go: nobody is there. The kinds of what waited."""
    thread = Outgoing.thread.is_(None) if address.thread is None else Outgoing.thread == address.thread
    gone = await session.execute(
        update(Outgoing)
        .where(
            Outgoing.platform == address.platform, Outgoing.chat == address.chat, thread, Outgoing.state.in_(WAITING)
        )
        .values(state="dead", lease_until=None, reason=reason)
        .returning(Outgoing.kind)
    )
    return [kind for (kind,) in gone]


async def _leave(session: AsyncSession, row: Outgoing, **values: Any) -> None:
    """Move a row on from `sending`, as long as it is ours: whoever comes back after its lease changes nothing that others did since."""
    await session.execute(update(Outgoing).where(*_ours(row)).values(lease_until=None, **values))


def _ours(row: Outgoing) -> tuple[ColumnElement[bool], ...]:
    """A lease is the key to its row."""
    return (Outgoing.id == row.id, Outgoing.state == "sending", Outgoing.lease_until == row.lease_until)


async def stale(session: AsyncSession, platforms: Collection[str], now: datetime | None) -> list[Outgoing]:
    """Rows on their way whose lease is over, or (with None) all of them: nobody knows whether they arrived."""
    on_their_way = select(Outgoing).where(Outgoing.state == "sending", Outgoing.platform.in_(platforms))
    if now is not None:
        on_their_way = on_their_way.where(Outgoing.lease_until <= now)
    return list(await session.scalars(on_their_way.with_for_update(skip_locked=True)))


async def release(session: AsyncSession, platforms: Collection[str]) -> None:
    """Take every lease off what only waits; for the process that sends for these platforms, and no other."""
    leased = (Outgoing.state.in_(WAITING), Outgoing.platform.in_(platforms), Outgoing.lease_until.is_not(None))
    await session.execute(update(Outgoing).where(*leased).values(lease_until=None))


async def withdraw(session: AsyncSession, subscription_id: int) -> list[int]:
    """Take back the doses that wait for a subscription and that nobody can have seen; give their numbers.

    A snooze is not taken back: its dose is with the person already.
    """
    gone = await session.execute(
        delete(Outgoing)
        .where(
            Outgoing.subscription_id == subscription_id,
            Outgoing.kind == "dose",
            Outgoing.state.in_(("due", "retry")),
            Outgoing.doubts == 0,
        )
        .returning(Outgoing.dose_id)
    )
    return [dose_id for (dose_id,) in gone if dose_id is not None]


async def move(session: AsyncSession, old: Address, new: Address) -> None:
    """A chat has a new address: subscriptions, rooms, cards and what waits follow."""
    for table in (Outgoing, Subscription, Room, ShownCard):
        await session.execute(
            update(table).where(table.platform == old.platform, table.chat == old.chat).values(chat=new.chat)
        )


async def withdraw_dose(session: AsyncSession, dose_id: int) -> None:
    """The person has a dose some other way: what waits to carry it need not go."""
    await session.execute(delete(Outgoing).where(Outgoing.dose_id == dose_id, Outgoing.state.in_(WAITING)))


async def withdraw_kind(session: AsyncSession, person_id: int, kind: str) -> None:
    """What waits of a kind has lost its reason."""
    await session.execute(
        delete(Outgoing).where(Outgoing.person_id == person_id, Outgoing.kind == kind, Outgoing.state.in_(WAITING))
    )


async def prune(session: AsyncSession, state: str, before: datetime, limit: int) -> int:
    """Delete up to `limit` rows of a final state that were due before an instant; how many there were."""
    old = select(Outgoing.id).where(Outgoing.state == state, Outgoing.not_before < before).limit(limit)
    gone = await session.execute(delete(Outgoing).where(Outgoing.id.in_(old)).returning(Outgoing.id))
    return len(gone.all())


async def withdraw_named(session: AsyncSession, beginning: str) -> bool:
    """Take back what waits under keys with a beginning; True if some of it may have gone already."""
    went = False
    for row in list(await session.scalars(select(Outgoing).where(Outgoing.key.startswith(beginning, autoescape=True)))):
        if row.state in WAITING and not row.doubts:
            await session.delete(row)
        else:
            went = went or row.state != "dead"
    await session.flush()
    return went
