"""Small facts of the program itself that outlive the process."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import Remembered


async def recall(session: AsyncSession, name: str) -> str | None:
    """The fact, or None if it was never kept."""
    row = await session.get(Remembered, name)
    return row.value if row else None


async def remember(session: AsyncSession, name: str, value: str) -> None:
    """Keep a fact, in place of the one before."""
    await session.merge(Remembered(name=name, value=value))
