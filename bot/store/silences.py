"""Until when each platform wants silence: the longest that anybody heard of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import remembered

NAME = "silence."
KEPT = timedelta(days=1)
ASTRAY = timedelta(minutes=1)
"""How far the clocks of two processes may differ. What was heard later than that from now was heard before a clock was set back."""


async def note(session: AsyncSession, platform: str, until: datetime, now: datetime) -> None:
    """It wants silence until then, as was heard now, unless it wanted a longer one already."""
    told = f"{_written(until)} {_written(now)}"
    await remembered.remember_greatest(session, f"{NAME}{platform}", told, until=until + KEPT)


async def after(session: AsyncSession, now: datetime) -> dict[str, datetime]:
    """The platforms that want silence still, each with its end."""
    ends = {}
    for name, told in (await remembered.recall_all(session, NAME)).items():
        until, heard = map(datetime.fromisoformat, told.split())
        if now < until and heard <= now + ASTRAY:
            ends[name.removeprefix(NAME)] = until
    return ends


def _written(instant: datetime) -> str:
    """As text whose order is that of the instants."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
