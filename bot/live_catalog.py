"""The catalog this process works with, and how it stays the same in every process.

start, SIGHUP:     file ─▶ adopt (the table of resources) ─▶ version + 1
every other one:   version changed ─▶ file
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.delivery.notices import tell_curators
from bot.errors import CatalogError
from bot.settings import Settings
from bot.store import catalog as kept_catalog
from bot.store.database import Database

log = structlog.get_logger("catalog")

ADOPTING = 7_412_003
"""Processes that start together adopt the catalog one after the other."""


class LiveCatalog:
    """Holds the last good catalog; a file with problems never replaces it."""

    def __init__(self, database: Database, settings: Settings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._version = 0
        self.catalog = Catalog(version=1)

    async def begin(self) -> None:
        """Read the file for the first time. Raises CatalogError with every problem of it."""
        await self._adopt(read_catalog(self._settings.catalog))

    async def reload(self) -> bool:
        """Read the file again, for every process. With a problem the last good one stays, and those who look after the bot are told."""
        try:
            catalog = await asyncio.to_thread(read_catalog, self._settings.catalog)
        except CatalogError as error:
            log.error("catalog.not_reloaded", problems=[str(problem) for problem in error.problems])
            async with self._database.write() as session:
                await tell_curators(
                    session,
                    self._settings.owners,
                    "catalog.not_reloaded",
                    {"n": len(error.problems), "first": str(error.problems[0])},
                    self._now(),
                )
            return False
        await self._adopt(catalog, always_tell=True)
        return True

    async def follow(self) -> bool:
        """Take up what another process, or a curator, changed; whether there was anything. Called every few seconds."""
        async with self._database.read() as session:
            version = await kept_catalog.version(session)
        if version == self._version:
            return False
        self._version = version
        try:
            self.catalog = await asyncio.to_thread(read_catalog, self._settings.catalog)
        except CatalogError as error:  # whoever changed it is told there; here the last good one serves
            log.error("catalog.not_followed", problems=[str(problem) for problem in error.problems])
            return False
        log.info("catalog.followed", version=version, resources=len(self.catalog.resources))
        return True

    async def _adopt(self, catalog: Catalog, *, always_tell: bool = False) -> None:
        async with self._database.write() as session:
            await self._database.one_at_a_time(session, ADOPTING)
            added, changed, retired = await kept_catalog.adopt(session, catalog.resources, self._now())
            if added or changed or retired or always_tell:  # an order of topics, say, stands in no table
                await kept_catalog.bump(session)
        async with self._database.read() as session:
            self._version = await kept_catalog.version(session)
        self.catalog = catalog
        log.info("catalog.adopted", added=added, changed=changed, retired=retired)
