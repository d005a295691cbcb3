"""Puts the house together: settings, store, catalog, doors, delivery, clock; starts and stops them in order.

What doors may ask of it is in `bot/host.py`, what sends the doses in `bot/delivery/post.py`, what it does every so often beside them in
`bot/duties.py`, and how a terminal or a test moves its time in `bot/time_travel.py`.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.cards.easel import Easel
from bot.catalog.entry import Catalog
from bot.clock import Clock, Present
from bot.commands.menus import menus
from bot.condition import Here
from bot.contract import Door
from bot.conversation import Conversation
from bot.delivery.leader import Leader
from bot.delivery.post import PULSE, Post
from bot.delivery.recompute import recompute_due
from bot.delivery.restored import notice
from bot.delivery.send import RECORD_WITHIN
from bot.delivery.silences import Silences
from bot.delivery.unwritten import LOOK, Unwritten
from bot.duties import Duties
from bot.ending import end
from bot.errors import DeliveryError
from bot.feeds.workers import Workers
from bot.host import AppHost
from bot.learning.timetable import zone_data_version
from bot.live_catalog import LiveCatalog
from bot.settings import Settings
from bot.store.database import Database
from bot.store.locks import Lock
from bot.store.migrate import migrate
from bot.time_travel import TimeTravel
from bot.web.fetch import Fetcher

log = structlog.get_logger("app")

LAST_SENDS = 5.0
"""Seconds that stopping gives to what is on its way."""
LAST_WORDS = 4.0
"""Seconds that a transaction has when we stop."""
LAST_PLANS = 2.0
"""Seconds for what only decides what comes next."""
STOPPED_WITHIN = 7.5
"""Seconds for all of stopping: who runs us has ten, and nobody waits for what does not hear of its end."""
MOMENT = 0.25
"""Seconds for each part of it that comes when those are over."""


class App:
    """The running bot. Its doors talk to `host`."""

    def __init__(
        self, settings: Settings, doors: Sequence[Door], present: Present | None = None, web: Fetcher | None = None
    ) -> None:
        self.settings = settings
        self.present = present or Present()
        self.database = Database(settings.database)
        self.live = LiveCatalog(self.database, settings, self.now)
        self.clock = Clock(self.present)
        self.failure: DeliveryError | None = None
        self.stopping = asyncio.Event()
        self._stopped_by: float | None = None
        self._is_open = False
        self._began_at = self.now()
        self._doors = {door.platform: door for door in doors}
        self._in_a_terminal = set(self._doors) == {"terminal"}
        self.easel = Easel()
        self._readers = Workers()
        self.web = web or Fetcher(contact=settings.contact)
        self.post = self._set_up_post()
        self.rounds, self.senders, self.figures = self.post.rounds, self.post.senders, self.post.figures
        self.duties = self._set_up_duties()
        self.conversation = self._set_up_conversation()
        self.host = AppHost(
            settings, self.database, self.conversation, self._serving, self.post.paces, self.now, self.fail
        )
        lock = Lock.LEADING_IN_A_TERMINAL if self._in_a_terminal else Lock.LEADING
        self.leader = Leader(self.database, lock, self._take_office, self._leave_office)
        self.unwritten = self._set_up_unwritten()
        self._silences = Silences(self.database, self.post.paces, self.now)
        self._travel = TimeTravel(self.present, self.live, self.leader, self.post)

    def _set_up_post(self) -> Post:
        return Post(
            self.database,
            self._serving,
            self.settings,
            self._doors,
            self.present,
            self.clock,
            self.easel,
            before_a_round=self.live.follow,
            fail=self.fail,
        )

    def _set_up_duties(self) -> Duties:
        return Duties(
            self.database,
            self._serving,
            self.web,
            self._readers,
            self.now,
            self.settings.owners,
            leads=lambda: self.leader.leads,
            has_news=self.post.wake,
            visits_links=not self._in_a_terminal,  # a try on a laptop does not walk the web
        )

    def _set_up_conversation(self) -> Conversation:
        return Conversation(
            self.database,
            self._serving,
            self.settings,
            self.now,
            self.easel,
            self.live.follow,
            self._readers.read_list,
            self.duties.look_soon,
            self.here,
        )

    def _set_up_unwritten(self) -> Unwritten:
        return Unwritten(
            self.database,
            self._doors,
            self.post.paces,
            self.settings.owners,
            self.now,
            leads=lambda: self.leader.leads,
            folder=self.settings.data_dir,
        )

    # ------------------------------------------------------------------------------------------------- start and stop

    async def prepare(self) -> None:
        """Everything that must hold before anybody is heard: schema, catalog, what a restore leaves open, due instants.

        Raises CatalogError, DatabaseInUse or DatabaseTooNew.
        """
        self.live.read()
        self.database.reserve()
        await migrate(self.database)
        await self.live.begin()
        await notice(self.database, self.settings.data_dir, self.now())
        await self.unwritten.prove()  # what is put back from before this start is known by that
        recomputed = await recompute_due(self.database, zone_data_version(), self.now())
        if recomputed:
            log.info("zones.changed", recomputed=recomputed)

    async def start(self) -> None:
        """Prepare and open."""
        await self.prepare()
        await self.open()

    async def open(self) -> None:
        """Open the doors, lead if nobody does, and let the time run. Raises Unauthorized if a platform does not know its token."""
        await self._silences.begin()
        await self._open_doors()
        self.web.open()
        await self.leader.start()
        self.clock.pulse("rounds", PULSE, self._make_a_round)
        self.clock.pulse("catalog", PULSE, self._follow_catalog)
        self.clock.pulse("database", LOOK, self.unwritten.look)
        self.duties.set_hours(self.clock)
        self.clock.start()
        self._is_open = True
        log.info("app.started", doors=sorted(self._doors), resources=len(self.catalog.resources))

    async def _open_doors(self) -> None:
        """All beside each other; where one is refused the others, which may wait for their platform for ever, open no more."""
        opening = [
            asyncio.create_task(door.open(self.host, menus(), listen=not door.listens_alone))
            for door in self._doors.values()
        ]
        try:
            await asyncio.gather(*opening)
        finally:
            await end(*opening)

    async def _take_office(self) -> None:
        """Lead: take up what the process before left, listen where only one may, send what is due."""
        await self.rounds.take_over()
        await self.duties.poller.take_over()
        self.post.begin()
        for door in self._doors.values():
            if door.listens_alone:
                await door.listen()
        self.post.begin_rounds()

    async def _leave_office(self) -> None:
        """Another process may lead by now: begin no send, listen no more, and finish what is on its way.

        As a rule the database went away, and what is with people waits to be written down: it has the time that the database needs.
        """
        self.post.halt()
        await self.post.stop_rounds()
        self.rounds.let_go()
        await self._each("stop_feeds", self.duties.poller.stop())
        alone = [door for door in self._doors.values() if door.listens_alone]
        await self._each("stop_listening", *(door.stop_listening() for door in alone))
        await self._each("stop_sending", *self.post.endings(RECORD_WITHIN))

    def hurry(self) -> None:
        """We are about to stop: from now on the time for that runs."""
        if self._stopped_by is None:
            self._stopped_by = asyncio.get_running_loop().time() + STOPPED_WITHIN
            self.database.hurry(LAST_WORDS)

    async def stop(self) -> None:
        """Take nothing new, finish what is on its way, close everything; one part that fails, or does not end, keeps no other from it."""
        self.hurry()
        self.clock.stop()
        await self._each("stand_no_more", self.leader.stop(), within=LAST_PLANS)
        await self._each("stop_rounds", self.post.stop_rounds(), within=LAST_PLANS)
        await self._each(
            "finish",
            self.duties.stop_looking(),
            self.duties.poller.stop(),
            *(door.stop_listening() for door in self._doors.values()),
            *self.post.endings(LAST_SENDS),
        )
        await self._each("stop_silences", self._silences.stop())
        await self._each("close", *(door.close() for door in self._doors.values()))
        self.easel.close()
        await self._each("stop_clock", self.clock.at_rest(LAST_SENDS))
        await self._each("close_web", self._readers.close(), self.web.close())
        if self._is_open:
            await self._each("last_sign", self.unwritten.prove())  # what is put back from before this end, by this
        await self._each("stand_down", self.leader.give_back())
        await self._each("close_database", self.database.close())
        if self._is_open:
            log.info("app.stopped")

    async def _each(self, step: str, *parts: Awaitable[object], within: float | None = None) -> None:
        """See parts to their end, `within` some seconds or as long as stopping may last; what fails or does not end is told in the log."""
        going = [asyncio.ensure_future(part) for part in parts]
        if not going:
            return
        try:
            await asyncio.wait(going, timeout=self._time_for(within))
        finally:
            late = [part for part in going if part.cancel()]
            for part in late:  # nobody waits for how it ends
                part.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        if late:
            log.error("app.stop_unfinished", step=step, parts=[repr(part.get_coro()) for part in late])
        for part in going:
            if part.done() and not part.cancelled() and (error := part.exception()):
                log.error("app.stop_failed", step=step, exc_info=error)

    def _time_for(self, within: float | None) -> float | None:
        """Seconds that a part of stopping has; None for as long as it takes, where we go on."""
        if self._stopped_by is None:
            return within
        left = max(MOMENT, self._stopped_by - asyncio.get_running_loop().time())
        return left if within is None else min(left, within)

    @property
    def catalog(self) -> Catalog:
        """The catalog in use."""
        return self.live.catalog

    def _serving(self) -> Catalog:
        return self.live.catalog

    async def reload(self) -> bool:
        """Read the catalog again, here and in every other process. With a problem the last good one stays."""
        done = await self.live.reload()
        self.post.wake()
        return done

    async def _follow_catalog(self) -> None:
        if await self.live.follow():
            self.post.wake()

    async def _make_a_round(self) -> None:
        self.post.wake()

    def fail(self, error: DeliveryError) -> None:
        """A platform does not know us any more: stop, loudly, and send nothing more on the way out."""
        self.failure = error
        self.post.halt()
        self.stopping.set()

    # -------------------------------------------------------------------------------------------------------- the time

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self.present.now()

    @property
    def troubles(self) -> dict[str, str]:
        """The platforms that cannot be heard or reached just now, each with the reason."""
        return {platform: door.trouble for platform, door in self._doors.items() if door.trouble}

    @property
    def silences(self) -> dict[str, float]:
        """For how many seconds more each platform wants silence."""
        return self.post.silences

    def here(self) -> Here:
        """What this process knows of itself just now."""
        return Here(
            leads=self.leader.leads,
            begun_at=self._began_at,
            last_round=self.rounds.last_at,
            unwritable=self.database.writing.trouble,
            silences=self.silences,
            unheard=self.troubles,
            disk_left=self._disk_left(),
        )

    def _disk_left(self) -> int | None:
        with suppress(OSError):
            return shutil.disk_usage(self.settings.data_dir).free
        return None

    async def forward(self, by: timedelta) -> None:
        """Let time pass at once (`bot/time_travel.py`)."""
        await self._travel.forward(by)

    async def settle(self) -> None:
        """Let what is due by now be sent."""
        await self._travel.settle()
