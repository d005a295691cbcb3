"""Ends tasks that would go on for ever."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN = 0.5
"""Seconds after which a task that heard nothing of its end is told once more."""


async def end(*tasks: asyncio.Task[Any], again: float = AGAIN) -> None:
    """Cancel tasks until they have ended, once more after each `again` seconds.

    Once is not enough: a database driver whose connection breaks at that very moment raises its own error in place of the cancellation, and
    a loop that outlives such errors goes on; and Python 3.11's `wait_for` swallows one that comes as what it waits for ends.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=again)
