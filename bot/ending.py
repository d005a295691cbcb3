"""Ends tasks that would go on for ever."""

from __future__ import annotations

import asyncio

AGAIN = 0.5
"""Seconds after which a task that heard nothing of its end is told once more."""


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks until they have ended.

    Once is not enough: a database driver whose connection breaks at that very moment raises its own error in place of the cancellation, and
    a loop that outlives such errors goes on.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=AGAIN)
