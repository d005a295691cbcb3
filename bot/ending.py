"""Ends tasks that would go on for ever."""

from __future__ import annotations

import asyncio
from typing import Any

AGAIN = 0.5
"""Seconds after which a task that heard nothing of its end is told once more."""


async def end(*tasks: asyncio.Task[Any], again: float = AGAIN, within: float | None = None) -> bool:
    """Cancel tasks until they have ended, once more after each `again` seconds; False where they have not `within` some seconds.

    Once is not enough: a database driver whose connection breaks at that very moment raises its own error in place of the cancellation, and
    a loop that outlives such errors goes on; and Python 3.11's `wait_for` swallows one that comes as what it waits for ends.
    """
    loop = asyncio.get_running_loop()
    given_up_at = None if within is None else loop.time() + within
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        left = again if given_up_at is None else min(again, given_up_at - loop.time())
        if left <= 0:
            return False
        await asyncio.wait(running, timeout=left)
    return True
