"""A dose's card that hangs in another chat of its person, and the row that brings it up to date there."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, MessageRef
from bot.states import OutboxState
from bot.store.engine import insert_into
from bot.store.outbox.rows import CARRIER, CARRY_DOSES, EDIT, OUTBOX, UNSAID
from bot.store.priority import Priority
from bot.store.tables import Dose, Identity, Outgoing, Subscription


def named(dose: Dose) -> str:
    """What the message of a dose's card shows, as `Message.shows` has it."""
    return f"dose:{dose.id}:{dose.outcome or ''}"


async def keep_up_to_date(
    session: AsyncSession, shows: str, ref: MessageRef, *, person_id: int | None, now: datetime
) -> None:
    """A dose's card that was asked for hangs there: the row that edits it counts as sent, until the dose changes.

    Of several in a chat the newest. Should the dose have changed while the message was on its way, the row is due.
    """
    _, number, outcome = shows.split(":")
    kept = select(Dose.id, Dose.outcome).where(Dose.id == int(number)).with_for_update()
    found = (await session.execute(kept)).one_or_none()
    if found is None or person_id is None:
        return
    there = ref.address
    # a chat's name can be longer than what a key has room for
    chat = blake2b(f"{there.platform}:{there.chat}".encode(), digest_size=8).hexdigest()
    row = _edit(f"edit:dose:{number}:{chat}", there, found.id, person_id, now) | {"facts": {"message": ref.id}}
    is_shown = {"state": OutboxState.SENT, "message": ref.id, "sent_at": now}
    await _put_again(session, row | is_shown if (found.outcome or "") == outcome else row)


async def refresh_elsewhere(
    session: AsyncSession, subscription: Subscription, dose: Dose, here: Address, person_id: int, now: datetime
) -> None:
    """Let every message that brought a dose to another chat of theirs be edited; what it says is read when it goes.

    One row for each message, due again whenever it is answered, or that is undone. What is on its way is edited when it is there for
    certain, or given up.
    """
    elsewhere = (not_(_is_at(here.platform, here.chat)), _is_theirs(subscription, person_id))
    brought = or_(Outgoing.kind == EDIT, and_(Outgoing.kind.in_(CARRY_DOSES), _hangs_or_will()))
    found = list(await session.scalars(select(Outgoing).where(Outgoing.dose_id == dose.id, brought, *elsewhere)))
    # what carried it knows better where it hangs than an earlier edit of that
    found.sort(key=lambda one: one.kind != EDIT)
    rows = {row["key"]: row for row in (_edit_of(one, dose.id, person_id, now) for one in found)}
    for row in rows.values():
        await _put_again(session, row)


async def _put_again(session: AsyncSession, row: dict[str, Any]) -> None:
    """Write a row in the place of the one of its key."""
    again = {name: said for name, said in row.items() if name != "key"}
    statement = insert_into(session, OUTBOX).values(row)
    await session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=again))


def _hangs_or_will() -> ColumnElement[bool]:
    hangs = and_(Outgoing.state == OutboxState.SENT, Outgoing.message.is_not(None))
    return or_(hangs, Outgoing.state == OutboxState.SENDING)


def _is_at(platform: str, chat: str) -> ColumnElement[bool]:
    return (Outgoing.platform == platform) & (Outgoing.chat == chat)


def _is_theirs(subscription: Subscription, person_id: int) -> ColumnElement[bool]:
    """Whether it went to an account that is theirs still, or to where their doses come, such as a thread."""
    account = (Identity.platform == Outgoing.platform) & (Identity.platform_id == Outgoing.chat)
    own = exists().where(account, Identity.person_id == person_id)
    return own | _is_at(subscription.platform, subscription.chat)


def _edit_of(brought: Outgoing, dose_id: int, person_id: int, now: datetime) -> dict[str, Any]:
    """The row that edits what another one brought; a row that edits is that itself.

    As what message the dose came is known for certain when nobody has its row in hand any more: then it is looked up (`parcels.py`).
    """
    there = Address(brought.platform, brought.chat, brought.thread)
    if brought.kind == EDIT:
        return _edit(brought.key, there, dose_id, person_id, now) | {"facts": brought.facts}
    row = _edit(f"edit:dose:{brought.id}", there, dose_id, person_id, now)
    if brought.state == OutboxState.SENDING:
        return row | {"facts": {CARRIER: brought.id}, "not_before": brought.lease_until or now}
    return row | {"facts": {"message": brought.message}}


def _edit(key: str, there: Address, dose_id: int, person_id: int, now: datetime) -> dict[str, Any]:
    """A row that edits a dose's card. It names no subscription: it goes nowhere else when doses do."""
    return UNSAID | {
        "key": key,
        "kind": EDIT,
        "platform": there.platform,
        "chat": there.chat,
        "thread": there.thread,
        "person_id": person_id,
        "dose_id": dose_id,
        "priority": Priority.CARD,
        "not_before": now,
    }
