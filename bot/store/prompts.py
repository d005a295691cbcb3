"""Messages of ours that asked for a line, so that a reply to one is that line whenever it comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import MessageRef
from bot.store.tables import Prompt


async def remember(
    session: AsyncSession, person_id: int, resource_id: str, sent: Iterable[MessageRef], now: datetime
) -> None:
    """These messages asked a person for a line about a resource; the newest question of a message counts."""
    for ref in sent:
        await session.merge(
            Prompt(
                platform=ref.address.platform,
                chat=ref.address.chat,
                message=ref.id,
                person_id=person_id,
                resource_id=resource_id,
                at=now,
            )
        )


async def about(session: AsyncSession, person_id: int, ref: MessageRef | None) -> str | None:
    """The resource about which a message asked that person for a line."""
    if ref is None:
        return None
    return await session.scalar(
        select(Prompt.resource_id).where(
            Prompt.platform == ref.address.platform,
            Prompt.chat == ref.address.chat,
            Prompt.message == ref.id,
            Prompt.person_id == person_id,
        )
    )


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` questions asked before an instant; how many there were. A reply to one is a line like any other then."""
    named = (Prompt.platform, Prompt.chat, Prompt.message)
    old = select(*named).where(Prompt.at < before).order_by(Prompt.at).limit(limit)
    gone = await session.execute(delete(Prompt).where(tuple_(*named).in_(old)).returning(Prompt.message))
    return len(gone.all())
