"""The catalog this process works with, and how it stays the same in every process.

    start, SIGHUP, `catalog reload`: the file ─▶ adopt (the table of resources) ─▶ what curators decided laid over it ─▶ live
    a decision: the row and version + 1 in one transaction ─▶ here at once, in other processes when they look next

What serves is one frozen value, its index of words included, that is replaced as a whole. A file with problems never replaces it, and
neither does a decision that does not fit: it is set aside and the log says so. Where that comes of two that were made at the same time,
before either could know of the other, the curators hear of it: at the next look, or at the first one that can write it down. What they
were told is kept until the change counts, so they hear of it once, in whichever process and whenever that starts.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.catalog.overlay import Change, Overlaid, overlay
from bot.delivery.notices import tell_curators
from bot.errors import CatalogError
from bot.feeds.adopt import adopt_feeds
from bot.settings import Settings
from bot.store import catalog as kept_catalog
from bot.store import entries, remembered
from bot.store.database import Database
from bot.store.locks import Lock, one_at_a_time

log = structlog.get_logger("catalog")

LOGGED = 10
"""How many problems of a file a line of the log names."""
TOLD = "catalog.set_aside"
"""The name of what the curators know to be set aside: the ids, each with what is in its way."""
NEWS = timedelta(days=7)
"""Where nothing was ever kept under that name, what was decided before this is no news to anybody."""


class LiveCatalog:
    """Holds the last good catalog; a file with problems never replaces it."""

    def __init__(self, database: Database, settings: Settings, now: Callable[[], datetime]) -> None:
        self._database = database
        self._settings = settings
        self._now = now
        self._file = Catalog(version=1)
        self._version = 0
        self._file_version = 0
        self._set_aside: dict[str, str] = {}
        self._all_told = True
        self._taking = asyncio.Lock()
        self.catalog = Catalog(version=1)

    def read(self) -> None:
        """Read the file for the first time. Raises CatalogError with every problem of it."""
        self._file = self.catalog = read_catalog(self._settings.catalog)

    async def begin(self) -> None:
        """Bring the database to the file that was read, and serve it with what curators decided."""
        async with self._taking:
            await self._adopt(self._file, told=True)
            await self._tell_set_aside()

    async def reload(self) -> bool:
        """Read the file again, for every process. With a problem the last good one stays, and those who look after the bot are told."""
        async with self._taking:
            return await self._read_again(told=True)

    async def follow(self) -> bool:
        """Take up what a curator decided, here or in another process, and what was reloaded; whether there was anything.

        Called every few seconds, and at once after a decision in this process. What fails, or is cut short, is taken up the next time.
        """
        if await self._newest() == (self._file_version, self._version) and self._all_told:
            return False
        async with self._taking:  # somebody else may have taken it up while we waited
            await self._take_file()
            await self._take_decisions()
            await self._tell_set_aside()
        return True

    async def _newest(self) -> tuple[int, int]:
        """The numbers of the newest file and of the newest catalog that there are."""
        async with self._database.read() as session:
            return await kept_catalog.file_version(session), await kept_catalog.version(session)

    async def _take_file(self) -> None:
        """Read the file again where somebody asked for that. Its number is ours at the very end: then nobody looks at it again."""
        file_version, _ = await self._newest()
        if file_version != self._file_version:
            await self._read_again(told=False)
            self._file_version = file_version

    async def _take_decisions(self) -> None:
        async with self._database.read() as session:
            version = await kept_catalog.version(session)
            changes = await entries.changes(session)
        if version != self._version:
            await self._serve(self._file, changes, version)

    async def _read_again(self, *, told: bool) -> bool:
        try:
            file = await asyncio.to_thread(read_catalog, self._settings.catalog)
        except CatalogError as error:
            await self._tell(error)
            return False
        if told or file != self._file:
            await self._adopt(file, told=told)
        return True

    async def _adopt(self, file: Catalog, *, told: bool) -> None:
        """Bring the tables to a file and serve it; `told`: the other processes read it again too."""
        async with self._database.write() as session:
            await one_at_a_time(session, Lock.CATALOG)
            settled = await entries.settle(session, file, self._now())
            laid = overlay(file, changes := await entries.changes(session))
            added, changed, retired = await kept_catalog.adopt(
                session, laid.catalog.resources, self._now(), filed=file.resources
            )
            await adopt_feeds(session, file.feeds, self._now())
            if told:  # also where no table changed: the order of topics, say, stands in none
                await kept_catalog.call_for_reload(session)
            version = await kept_catalog.version(session)
            file_version = await kept_catalog.file_version(session)
        await self._serve(file, changes, version, laid)
        if told:  # else it may be the number of a file that is newer than the one we read
            self._file_version = file_version
        log.info("catalog.adopted", added=added, changed=changed, retired=retired, settled=settled)

    async def _serve(
        self, file: Catalog, changes: Sequence[Change], version: int, laid: Overlaid | None = None
    ) -> None:
        """From here on this is the catalog. Its index is built before anybody can search in it, and the loop does not wait for that."""
        laid = laid or overlay(file, changes)
        await asyncio.to_thread(lambda: laid.catalog.index)
        self._file, self._version = file, version
        self.catalog = laid.catalog
        self._set_aside = {problem.path.removeprefix("resources."): problem.text for problem in laid.set_aside}
        self._all_told = False
        for problem in laid.set_aside:
            log.error("catalog.set_aside", problem=str(problem))
        for conflict in laid.conflicts:
            log.warning("catalog.conflict", entry=conflict.resource_id, field=conflict.field or "all of it")
        log.info("catalog.serves", version=version, resources=len(self.catalog.resources), from_chat=len(changes))

    async def _tell(self, error: CatalogError) -> None:
        first = [str(problem) for problem in error.problems[:LOGGED]]
        log.error("catalog.not_reloaded", count=len(error.problems), first=first, all="`trilha catalog check`")
        async with self._database.write() as session:
            await tell_curators(
                session,
                self._settings.owners,
                "catalog.not_reloaded",
                {"n": len(error.problems), "first": str(error.problems[0])},
                self._now(),
            )

    async def _tell_set_aside(self) -> None:
        """They were answered that it is done, so they hear that it does not count, once for each thing that stands in its way.

        Edited again meanwhile, in its title or its minutes, it is the same news as before. Moved into another topic whose core is full as
        well, it is not: that was to help. And what counted in between, and does no more, is news again. In a database of a version that did
        not keep what it told, only what was decided of late is.
        """
        if self._all_told:
            return
        async with self._database.write() as session:
            if await kept_catalog.version(session) != self._version:
                return  # somebody went on, and something else may be in the way by now: that is taken up next
            kept = await remembered.recall(session, TOLD)
            told = json.loads(kept or "{}")
            since = self._now() - NEWS if kept is None else None
            for one in await entries.decisions(session):
                why = self._set_aside.get(one.change.resource_id)
                if why and told.get(one.change.resource_id) != why and (since is None or one.at >= since):
                    await self._tell_of(session, one, why)
            if kept is None or told != self._set_aside:
                await remembered.remember(session, TOLD, json.dumps(self._set_aside))
        self._all_told = True

    async def _tell_of(self, session: AsyncSession, decision: entries.Decision, why: str) -> None:
        now = self._now()
        await tell_curators(
            session,
            self._settings.owners,
            "catalog.set_aside",
            {"title": decision.change.data["title"]},
            now,
            once=f"{decision.change.resource_id} {why} {now.date()}",  # where two processes come upon it at the same time
        )
