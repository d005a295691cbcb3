"""The silence that a platform wants, known to every process on the database and to those that start after it.

one hears a 429 ─▶ its pace is silent at once ─▶ written down, the longest one stands ─▶ the others look and are silent as well

Who leads sends the doses, but with webhooks behind a balancer any process may hear that it was too much. A look asks nothing but one
small query, and no message waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.delivery.pace import Pace
from bot.ending import end
from bot.store import silences
from bot.store.database import Database
from bot.store.trouble import TROUBLE

log = structlog.get_logger("delivery")

LOOK = 0.3
"""Seconds between two looks: with a commit before and a query after it less than the half second that a platform forgives."""
AFTER_TROUBLE = 60.0
"""Seconds after which one looks again that could make nothing of what it saw."""
HARDLY_LONGER = 0.2
"""Seconds by which a silence must be longer than the known one to be told: those that were on their way together hear of one."""


class Silences:
    """Tells others of what the paces hear, and the paces of what others heard. `now` is the present time, for an instant outlives us."""

    def __init__(self, database: Database, paces: Mapping[str, Pace], now: Callable[[], datetime]) -> None:
        self._database = database
        self._paces = paces
        self._now = now
        self._told: dict[str, datetime] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._looking: asyncio.Task[None] | None = None
        for platform, pace in paces.items():
            pace.when_silent = partial(self._tell_soon, platform)

    async def begin(self) -> None:
        """Take up what a life before this one, or another process, heard; and go on looking where there may be others."""
        await self.look()
        if not self._database.is_sqlite:
            self._looking = asyncio.create_task(self._look_again_and_again())

    async def stop(self) -> None:
        """Look no more. What was heard is written down, unless the database is away, or somebody cuts this short."""
        looking, self._looking = [self._looking] if self._looking else [], None
        try:
            await end(*looking)
            while self._telling:
                await asyncio.wait(self._telling)
        finally:  # nothing goes on behind it
            await end(*looking, *self._telling)

    async def look(self) -> None:
        """Be silent as long as anybody was told to be."""
        async with self._database.read() as session:
            found = await silences.after(session, self._paces, self._now())
        now = self._now()  # the answer may have taken a while, which is over by then
        for platform, until in found.items():
            pace, left = self._paces.get(platform), (until - now).total_seconds()
            if pace and left > pace.silence + HARDLY_LONGER:
                self._told[platform] = until
                pace.slow_down(left)
                log.warning("delivery.silence_shared", platform=platform, seconds=round(left, 1))

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                await self.look()
            except TROUBLE:  # whose trouble it is, others tell
                await asyncio.sleep(LOOK)
            except Exception:  # the next look comes all the same
                log.exception("delivery.silence_not_looked_at")
                await asyncio.sleep(AFTER_TROUBLE)

    def _tell_soon(self, platform: str, seconds: float) -> None:
        """The pace is silent already; nobody waits for the writing."""
        now = self._now()
        until = now + timedelta(seconds=seconds)
        told = self._told.get(platform)
        if told and until <= told + timedelta(seconds=HARDLY_LONGER):
            return
        self._told[platform] = until
        task = asyncio.create_task(self._tell(platform, until, now))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, platform: str, until: datetime, now: datetime) -> None:
        try:
            async with self._database.write() as session:
                await silences.note(session, platform, until, now)
        except TROUBLE as error:
            log.warning("delivery.silence_not_shared", platform=platform, reason=type(error).__name__)
        except Exception:  # who heard it is silent all the same
            log.exception("delivery.silence_not_shared", platform=platform)
