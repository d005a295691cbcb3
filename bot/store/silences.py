"""Until when each platform wants silence: the longest that anybody heard of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

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


async def after(session: AsyncSession, platforms: Iterable[str], now: datetime) -> dict[str, datetime]:
    """Those of the platforms that want silence still, each with its end. Asked for by their names: it is done three times a second."""
    names = [f"{NAME}{platform}" for platform in platforms]
    ends = {}
    for name, told in (await remembered.recall_these(session, names)).items():
        if (read := _read(told)) and now < read.until and read.heard <= now + ASTRAY:
            ends[name.removeprefix(NAME)] = read.until
    return ends


class _Told(NamedTuple):
    until: datetime
    heard: datetime


def _read(told: str) -> _Told | None:
    """What was written down; None where that means nothing, which is no silence."""
    try:
        until, heard = (datetime.fromisoformat(instant).astimezone(UTC) for instant in told.split())
    except ValueError:
        return None
    return _Told(until, heard)


def _written(instant: datetime) -> str:
    """As text whose order is that of the instants."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
