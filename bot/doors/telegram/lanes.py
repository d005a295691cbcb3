"""Order for one, company for many: what shares a key happens one after the other, the rest side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable
from functools import partial

from bot.ending import end

GIVEN_UP = 1.0
"""Seconds for what is cancelled to end."""


class Lanes:
    """Tasks in lanes. A task may stand in several lanes (its chat, its person) and begins when it is first in all of them."""

    def __init__(self) -> None:
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, keys: Collection[Hashable], work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Do the work after everything that began earlier under one of the keys, however that ended."""
        before = {self._last[key] for key in keys if key in self._last}
        task = asyncio.create_task(_after(before, work))
        self._last.update(dict.fromkeys(keys, task))
        self._tasks.add(task)
        task.add_done_callback(partial(self._ended, keys))
        return task

    async def finish(self, within: float) -> None:
        """Wait for everything that began; what is not done within that many seconds is cancelled."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        await end(*self._tasks, within=GIVEN_UP)

    def _ended(self, keys: Collection[Hashable], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        for key in keys:
            if self._last.get(key) is task:
                del self._last[key]
        if not task.cancelled():
            task.exception()  # whoever waits for the task sees it; nobody has to


async def _after(before: Collection[asyncio.Task[None]], work: Callable[[], Awaitable[None]]) -> None:
    if before:
        await asyncio.wait(before)
    await work()
