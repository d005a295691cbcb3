"""A dose's card that hangs in another chat of its person, and the row that brings it up to date there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.states import OutboxState
from bot.store.engine import insert_into
from bot.store.outbox.rows import CARRY_DOSES, EDIT, OUTBOX, UNSAID
from bot.store.priority import Priority
from bot.store.tables import Dose, Identity, Outgoing, Subscription


async def refresh_elsewhere(
    session: AsyncSession, subscription: Subscription, dose: Dose, here: Address, person_id: int, now: datetime
) -> None:
    """Let every message that carried a dose to another chat of theirs be edited; what it says is read when it goes.

    One row for each message, due again whenever it is answered, or that is undone. What came with a picture stays: Telegram cannot edit it.
    """
    if any(piece.get("drawing") for piece in dose.news or []):
        return
    hangs = (Outgoing.dose_id == dose.id, Outgoing.kind.in_(CARRY_DOSES), Outgoing.state == OutboxState.SENT)
    elsewhere = (not_(_is_at(here.platform, here.chat)), _is_theirs(subscription, person_id))
    sent = await session.scalars(select(Outgoing).where(*hangs, Outgoing.message.is_not(None), *elsewhere))
    for row in [_edit_of(one, person_id, now) for one in sent]:
        again = {name: said for name, said in row.items() if name != "key"}
        statement = insert_into(session, OUTBOX).values(row)
        await session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=again))


def _is_at(platform: str, chat: str) -> ColumnElement[bool]:
    return (Outgoing.platform == platform) & (Outgoing.chat == chat)


def _is_theirs(subscription: Subscription, person_id: int) -> ColumnElement[bool]:
    """Whether it went to an account that is theirs still, or to where their doses come, such as a thread."""
    account = (Identity.platform == Outgoing.platform) & (Identity.platform_id == Outgoing.chat)
    own = exists().where(account, Identity.person_id == person_id)
    return own | _is_at(subscription.platform, subscription.chat)


def _edit_of(sent: Outgoing, person_id: int, now: datetime) -> dict[str, Any]:
    """The row that edits a message. It names no subscription: it goes nowhere else when doses do."""
    return UNSAID | {
        "key": f"edit:dose:{sent.id}",
        "kind": EDIT,
        "platform": sent.platform,
        "chat": sent.chat,
        "thread": sent.thread,
        "person_id": person_id,
        "dose_id": sent.dose_id,
        "facts": {"message": sent.message},
        "priority": Priority.CARD,
        "not_before": now,
    }
