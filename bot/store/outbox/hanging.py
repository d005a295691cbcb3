"""A dose's card that hangs in another chat of its person, and the row that brings it up to date there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.states import OutboxState
from bot.store.engine import insert_into
from bot.store.outbox.rows import CARRIER, CARRY_DOSES, EDIT, OUTBOX, UNSAID
from bot.store.priority import Priority
from bot.store.tables import Dose, Identity, Outgoing, Subscription


async def refresh_elsewhere(
    session: AsyncSession, subscription: Subscription, dose: Dose, here: Address, person_id: int, now: datetime
) -> None:
    """Let every message that carried a dose to another chat of theirs be edited; what it says is read when it goes.

    One row for each message, due again whenever it is answered, or that is undone. What is on its way is edited when it is there for
    certain, or given up.
    """
    carries = (Outgoing.dose_id == dose.id, Outgoing.kind.in_(CARRY_DOSES), _hangs_or_will())
    elsewhere = (not_(_is_at(here.platform, here.chat)), _is_theirs(subscription, person_id))
    found = await session.scalars(select(Outgoing).where(*carries, *elsewhere))
    for row in [_edit_of(one, person_id, now) for one in found]:
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


def _edit_of(carrier: Outgoing, person_id: int, now: datetime) -> dict[str, Any]:
    """The row that edits a message. It names no subscription: it goes nowhere else when doses do.

    As what message the dose came is known for certain when nobody has its row in hand any more: then it is looked up (`parcels.py`).
    """
    is_on_its_way = carrier.state == OutboxState.SENDING
    return UNSAID | {
        "key": f"edit:dose:{carrier.id}",
        "kind": EDIT,
        "platform": carrier.platform,
        "chat": carrier.chat,
        "thread": carrier.thread,
        "person_id": person_id,
        "dose_id": carrier.dose_id,
        "facts": {CARRIER: carrier.id} if is_on_its_way else {"message": carrier.message},
        "priority": Priority.CARD,
        "not_before": (is_on_its_way and carrier.lease_until) or now,
    }
