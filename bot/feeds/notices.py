"""What the curators hear about feeds, each thing once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import outbox, people
from bot.store.priority import Priority

KIND = "feed"


async def tell(
    session: AsyncSession,
    owners: Sequence[tuple[str, str]],
    says: str,
    about: str,
    facts: Mapping[str, str | int],
    now: datetime,
) -> None:
    """Tell everybody who looks after the bot; `about` and the instant make it one."""
    what = blake2b(f"{says}:{about}".encode(), digest_size=8).hexdigest()  # a host's name may be longer than a key
    rows = [
        {
            "key": f"feed:{what}:{now:%Y%m%dT%H%M}:{one.person_id}:{one.platform}",
            "kind": KIND,
            "platform": one.platform,
            "chat": one.platform_id,
            "person_id": one.person_id,
            "facts": {"says": says, **facts},
            "priority": Priority.AFTER_DOSES,
            "not_before": now,
        }
        for one in await people.curators(session, owners)
    ]
    await outbox.put(session, rows)
