"""Updates that take long, kept by the house so that those behind them are served: getUpdates gives a hundred, from the oldest open one on.

    open for seconds, a full hundred served ─▶ written down ─▶ confirmed ─▶ done, or taken up by the next start ─▶ forgotten

An update may so be begun twice, like every other one; its key makes it take effect once. What is written down goes when its person is
forgotten, and after a day whatever became of it, also where we listen by webhook by then.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.contract import Host
from bot.doors.telegram.incoming import PLATFORM

log = structlog.get_logger("doors.telegram")

MOST = 100
"""How many are aside at once: where everything takes long, the server had better keep the rest."""
KEPT = timedelta(days=1)
"""As long as Telegram keeps an update; what took effect is known for longer."""
NAME = "telegram.aside."

Start = Callable[[dict[str, Any]], "asyncio.Task[None] | None"]


class Aside:
    """What is confirmed to the server and not done yet. `start` begins one that an earlier life left; None where it cannot be read."""

    def __init__(self, host: Host, start: Start) -> None:
        self._host = host
        self._start = start
        self._open: dict[int, asyncio.Task[None]] = {}
        self._is_taken_up = False

    @property
    def has_room(self) -> bool:
        """Whether one more may be set aside."""
        return len(self._open) < MOST

    async def take_up(self) -> None:
        """Begin what an earlier life left, once."""
        if self._is_taken_up:
            return
        left = await self._host.all_remembered(NAME)
        for number, kept in sorted((int(name.removeprefix(NAME)), json.loads(kept)) for name, kept in left.items()):
            since = self._host.now() - datetime.fromisoformat(kept["at"])
            task = self._start(kept["update"]) if since < KEPT else None
            if task is None:
                await self._host.forget(f"{NAME}{number}")
            else:
                self._open[number] = task
        self._is_taken_up = True

    async def put(self, number: int, update: dict[str, Any], task: asyncio.Task[None]) -> None:
        """Write one down; when this returns the server need not keep it."""
        kept = {"at": self._host.now().isoformat(), "update": update}
        await self._host.remember(f"{NAME}{number}", json.dumps(kept), owner=_owner_of(update), lasts=KEPT)
        self._open[number] = task
        log.warning("telegram.set_aside", update=number, aside=len(self._open))

    async def tidy(self) -> None:
        """Forget what is done, also what failed; what was cancelled is left to the next start."""
        for number in [number for number, task in self._open.items() if task.done() and not task.cancelled()]:
            await self._host.forget(f"{NAME}{number}")
            del self._open[number]


def _owner_of(update: dict[str, Any]) -> str | None:
    """Whose update it is: the words in it leave with them."""
    parts = (part for part in update.values() if isinstance(part, dict))
    found = next((sender["id"] for part in parts if isinstance(sender := part.get("from"), dict)), None)
    return f"{PLATFORM}:{found}" if found is not None else None
