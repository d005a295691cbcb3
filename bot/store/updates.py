"""Updates that took effect, and answers that wait to be on a screen.

The key is written in the transaction of the effects, so an update that is served again finds it and changes nothing. It is a digest, as
what it is made of names chats and people; and a salted one, so that nobody finds it in a table of digests that were made beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import remembered
from bot.store.tables import Update

SALT = "updates.salt"


class Key(NamedTuple):
    """What names an update in the table, and what named it there before keys were salted.

    Such rows are pruned after two days; until then, and while an older process serves beside this one, they are found as well.
    """

    salted: str
    bare: str


async def salt(session: AsyncSession) -> bytes:
    """The salt of this database, made by whoever asks first."""
    await remembered.remember_first(session, SALT, token_hex(16))
    return bytes.fromhex(await remembered.recall(session, SALT) or "")


def key_of(named: str, salt: bytes) -> Key:
    """The key of what a platform calls an update."""
    salted = blake2b(named.encode(), digest_size=16, key=salt)
    return Key(salted.hexdigest(), blake2b(named.encode(), digest_size=16).hexdigest())


async def find(session: AsyncSession, key: Key) -> Update | None:
    """The update, if it took effect before."""
    return await session.scalar(select(Update).where(Update.key.in_(key)).limit(1))


def add(session: AsyncSession, key: Key, *, person_id: int | None, at: datetime, answer: str) -> None:
    """Write down that an update takes effect now, and what it is answered."""
    session.add(Update(key=key.salted, person_id=person_id, at=at, answer=answer))


async def newest(session: AsyncSession) -> datetime | None:
    """When the last of them took effect."""
    return await session.scalar(select(func.max(Update.at)))


@dataclass(frozen=True, slots=True)
class Rendered:
    """An update whose answer has just come to the screen."""

    person_id: int | None
    answer: str


async def rendered(session: AsyncSession, key: Key) -> Rendered | None:
    """The answer is on the screen; only the key stays. Gives what was kept until now.

    Locked before it is read: should its person be linked at this moment, it tells whose it is after that.
    """
    kept = select(Update.person_id, Update.answer).where(Update.key.in_(key))
    row = await session.execute(kept.with_for_update())
    found = row.first()
    await session.execute(update(Update).where(Update.key.in_(key)).values(answer=None))
    return Rendered(found[0], found[1]) if found and found[1] else None


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` updates that no platform serves again; how many there were."""
    old = select(Update.key).where(Update.at < before).limit(limit)
    gone = await session.execute(delete(Update).where(Update.key.in_(old)).returning(Update.key))
    return len(gone.all())
