"""Notices: a sentence for somebody who did not ask, in their language, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import outbox, people

URGENT = 1


async def tell_curators(
    session: AsyncSession,
    owners: Sequence[tuple[str, str]],
    says: str,
    facts: Mapping[str, str | int],
    now: datetime,
) -> int:
    """Tell everybody who looks after the bot `says` (a key of i18n), the same thing once a day; how many hear it."""
    same = blake2b(f"{says}{sorted(facts.items())}{now.date()}".encode(), digest_size=8).hexdigest()
    rows = [
        {
            "key": f"notice:{same}:{identity.person_id}:{identity.platform}",
            "kind": "notice",
            "platform": identity.platform,
            "chat": identity.platform_id,  # where somebody is alone with us, the chat is called as they are
            "person_id": identity.person_id,
            "facts": {"says": says, **facts},
            "priority": URGENT,
            "not_before": now,
        }
        for identity in await people.curators(session, owners)
    ]
    return len(await outbox.put(session, rows))
