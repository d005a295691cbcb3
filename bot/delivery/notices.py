"""Notices: a sentence for somebody who did not ask, in their language, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from sqlalchemy.ext.asyncio import AsyncSession

from bot.i18n.words import facts_of, sentences
from bot.store import outbox, people
from bot.store.priority import Priority
from bot.store.tables import Identity

ALERTS = (
    "alert.conflict",
    "alert.dead",
    "alert.deaf",
    "alert.late",
    "alert.no_thread",
    "alert.profile_not_set",
    "alert.refused",
    "alert.rejected",
    "alert.reply_rejected",
    "alert.shut_out",
    "alert.update_failed",
)
"""What owners are told; the rest stands in the log."""


async def tell_curators(
    session: AsyncSession,
    owners: Sequence[tuple[str, str]],
    says: str,
    facts: Mapping[str, str | int],
    now: datetime,
    *,
    once: str | None = None,
) -> int:
    """Tell everybody who looks after the bot `says` (a key of i18n); how many hear it.

    The same thing is told once a day, or only once where `once` says what it is about.
    """
    same = f"{says}{once or f'{sorted(facts.items())}{now.date()}'}"
    return await _tell(session, await people.curators(session, owners), same, says, facts, now)


async def tell_owners(
    session: AsyncSession,
    owners: Sequence[tuple[str, str]],
    alert: str,
    facts: Mapping[str, str | int],
    now: datetime,
) -> int:
    """Tell the owners of an `alert` such as "telegram.conflict", one of a kind a day: the log has every one. How many hear it."""
    platform, _, what = alert.partition(".")
    says = f"alert.{what}"
    if says not in ALERTS:
        return 0
    known = {"platform": platform.capitalize(), "reason": "?", "row": "?", **facts}
    said = {name: _short(known[name]) for name in facts_of(sentences("en")[says]) if name in known}
    return await _tell(session, await people.owners(session, owners), f"{says}{now.date()}", says, said, now)


def _short(fact: str | int) -> str | int:
    return fact if isinstance(fact, int) else fact[:200]


async def _tell(
    session: AsyncSession,
    hearers: Sequence[Identity],
    same: str,
    says: str,
    facts: Mapping[str, str | int],
    now: datetime,
) -> int:
    """Write a notice for each hearer; `same` makes it one."""
    once = blake2b(same.encode(), digest_size=8).hexdigest()
    rows = [
        {
            "key": f"notice:{once}:{identity.person_id}:{identity.platform}",
            "kind": "notice",
            "platform": identity.platform,
            "chat": identity.platform_id,  # where somebody is alone with us, the chat is called as they are
            "person_id": identity.person_id,
            "facts": {"says": says, **facts},
            "priority": Priority.URGENT,
            "not_before": now,
        }
        for identity in hearers
    ]
    return len(await outbox.put(session, rows))
