"""Which of several processes on one database leads: it polls the platforms and sends what nobody waits for. The others answer.

    stand ─▶ elected ─▶ begin ─▶ leads … ─▶ lost, or stopped ─▶ end ─▶ stand

The lock is an advisory lock of PostgreSQL (`bot.store.lead`). Its loss is noticed at once where the connection ends, and after a
few seconds where it falls silent; then nothing more is sent from here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from bot.ending import end
from bot.store.database import Database
from bot.store.lead import Lead, take_lead
from bot.store.locks import Lock
from bot.store.trouble import TROUBLE

log = structlog.get_logger("delivery")

AGAIN = 2.0
"""Seconds between two attempts to lead, and between two looks at the lock one has."""
REMIND = 900.0
"""Seconds after which one who waits says so again."""


class Leader:
    """Stands for election until it is stopped. `begin` takes office, `end` leaves it at once; neither overlaps the other."""

    def __init__(
        self,
        database: Database,
        lock: Lock,
        begin: Callable[[], Awaitable[None]],
        end: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._lock = lock
        self._begin = begin
        self._end = end
        self._lead: Lead | None = None
        self._standing: asyncio.Task[None] | None = None
        self.leads = False
        """Whether this process leads now."""

    async def start(self) -> None:
        """Stand for election; whoever is alone leads when this returns."""
        self._lead = await take_lead(self._database, self._lock)
        if self._lead:
            await self._take_office()
        else:
            log.info("leader.waiting", why="another process leads; this one answers, and takes over when that one goes")
        self._standing = asyncio.create_task(self._stand())

    async def stop(self) -> None:
        """Stand no more. The lock is kept until `give_back`: first what is on its way must end."""
        self.leads = False
        if self._standing:
            await end(self._standing)

    async def give_back(self) -> None:
        """Let another process lead."""
        if self._lead:
            await self._lead.give_back()
            self._lead = None

    async def _stand(self) -> None:
        while True:
            if self._lead:
                await self._serve(self._lead)
            self._lead = await self._elected()
            try:
                await self._take_office()
            except Exception:  # the database went away again
                log.exception("leader.could_not_begin")
                await self._leave_office(self._lead)
                await asyncio.sleep(AGAIN)

    async def _elected(self) -> Lead:
        """Wait for the lock, also while the database is away."""
        waited = 0.0
        while True:
            with suppress(*TROUBLE):
                if lead := await take_lead(self._database, self._lock):
                    return lead
            await asyncio.sleep(AGAIN)
            waited += AGAIN
            if waited % REMIND < AGAIN:
                log.info("leader.waiting", seconds=waited)

    async def _take_office(self) -> None:
        await self._begin()
        self.leads = True
        log.info("leader.leads")

    async def _serve(self, lead: Lead) -> None:
        while not lead.lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN):
                    await lead.lost.wait()
            await lead.check()
        log.warning("leader.lost")
        await self._leave_office(lead)

    async def _leave_office(self, lead: Lead) -> None:
        self.leads, self._lead = False, None
        try:
            await self._end()
        except Exception:
            log.exception("leader.could_not_end")
        await lead.give_back()
