"""What does not hear the first word of its end, as a library that swallows a cancellation."""

from __future__ import annotations

import asyncio


class Deaf:
    """Awaited, it goes on for ever; so many cancellations pass it by."""

    def __init__(self, times: int = 1) -> None:
        self.begun = asyncio.Event()
        self.ended = False
        self._left = times

    async def __call__(self, *_: object, **__: object) -> int:
        while True:
            self.begun.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                self._left -= 1
                if self._left < 0:
                    self.ended = True
                    raise
