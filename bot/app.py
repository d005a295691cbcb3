"""Puts the house together: settings, store, catalog, doors, delivery, clock; starts and stops them in order.

What doors may ask of it is in `bot/host.py`, what it does every so often beside the doses in `bot/duties.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random

import structlog

from bot.cards.easel import Easel
from bot.catalog.entry import Catalog
from bot.clock import Clock, Present
from bot.commands.table import menus
from bot.contract import Door
from bot.conversation import Conversation
from bot.delivery.book import Book
from bot.delivery.claim import window_at
from bot.delivery.compose import compose
from bot.delivery.figures import Figures
from bot.delivery.leader import LOCK, LOCK_IN_A_TERMINAL, Leader
from bot.delivery.line import Line
from bot.delivery.means import Means
from bot.delivery.pace import Pace
from bot.delivery.recompute import recompute_due
from bot.delivery.rounds import Rounds
from bot.delivery.send import RECORD_WITHIN
from bot.delivery.senders import Senders, senders_for
from bot.duties import Duties
from bot.ending import end
from bot.errors import DeliveryError
from bot.feeds.workers import Workers
from bot.host import AppHost
from bot.learning.timetable import zone_data_version
from bot.live_catalog import LiveCatalog
from bot.settings import PAID, Settings
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.web.fetch import Fetcher

log = structlog.get_logger("app")

PULSE = timedelta(seconds=5)
LAST_SENDS = 5.0
"""Seconds that stopping gives to what is on its way."""
LAST_WORDS = 4.0
"""Seconds that a transaction has when we stop."""
UNPACED = 100_000.0
"""Messages a second where no platform sets a limit."""


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
        self._doors = {door.platform: door for door in doors}
        self._paces = {platform: self._pace_of(platform) for platform in self._doors}
        self.easel = Easel()
        self._readers = Workers()
        self.web = web or Fetcher(contact=settings.contact)
        self._wake = asyncio.Event()
        alone = set(self._doors) == {"terminal"}
        self.duties = Duties(
            self.database,
            lambda: self.catalog,
            self.web,
            self._readers,
            self.now,
            settings.owners,
            leads=lambda: self.leader.leads,
            has_news=self._wake.set,
            visits_links=not alone,  # a try on a laptop does not walk the web
        )
        self.conversation = Conversation(
            self.database,
            lambda: self.catalog,
            settings,
            self.now,
            self.easel,
            self.live.follow,
            self._readers.read_list,
            self.duties.look_soon,
        )
        self.host = AppHost(
            settings,
            self.database,
            self.conversation,
            lambda: self.catalog,
            self._paces,
            self.now,
            self.fail,
        )
        self.figures = Figures()
        means = Means(
            database=self.database,
            book=Book(self.database, lambda: self.catalog, self.now),
            doors=self._doors,
            paces=self._paces,
            lines={platform: Line(door) for platform, door in self._doors.items()},
            compose=lambda parcel: compose(parcel, self.catalog, settings, self.now()),
            finish=self.easel.finish,
            now=self.now,
            chance=Random(),
            stop=self.fail,
            figures=self.figures,
            owners=settings.owners,
        )
        self.senders = {
            platform: Senders(means, platform, senders_for(pace), window_at(pace))
            for platform, pace in ((platform, settings.pace_of(platform)) for platform in self._doors)
        }
        self.rounds = Rounds(
            self.database,
            lambda: self.catalog,
            self.senders,
            self.now,
            self._set_alarm,
            settings.owners,
            settings.pace_of,
            nonces=[platform for platform, door in self._doors.items() if door.honours_nonce],
        )
        self._rounding: asyncio.Task[None] | None = None
        self._is_open = False
        lock = LOCK_IN_A_TERMINAL if alone else LOCK
        self.leader = Leader(self.database, lock, self._take_office, self._leave_office)

    # ------------------------------------------------------------------------------------------------- start and stop

    async def prepare(self) -> None:
        """Everything that must hold before anybody is heard: schema, catalog, due instants.

        Raises CatalogError, DatabaseInUse or DatabaseTooNew.
        """
        self.live.read()
        self.database.reserve()
        await migrate(self.database)
        await self.live.begin()
        recomputed = await recompute_due(self.database, zone_data_version(), self.now())
        if recomputed:
            log.info("zones.changed", recomputed=recomputed)

    async def start(self) -> None:
        """Prepare and open."""
        await self.prepare()
        await self.open()

    async def open(self) -> None:
        """Open the doors, lead if nobody does, and let the time run. Raises Unauthorized if a platform does not know its token."""
        for senders in self.senders.values():
            senders.when_few = self._wake.set
        doors = self._doors.values()
        await asyncio.gather(*(door.open(self.host, menus(), listen=not door.listens_alone) for door in doors))
        self.web.open()
        await self.leader.start()
        self.clock.pulse("rounds", PULSE, self._wake_up)
        self.clock.pulse("catalog", PULSE, self._follow_catalog)
        self.duties.set_hours(self.clock)
        self.clock.start()
        self._is_open = True
        log.info("app.started", doors=sorted(self._doors), resources=len(self.catalog.resources))

    async def _take_office(self) -> None:
        """Lead: take up what the process before left, listen where only one may, send what is due."""
        await self.rounds.take_over()
        await self.duties.poller.take_over()
        for senders in self.senders.values():
            senders.start()
        for door in self._doors.values():
            if door.listens_alone:
                await door.listen()
        self._rounding = asyncio.create_task(self._make_rounds())
        self._wake.set()
        self.figures.leads_begun += 1

    async def _leave_office(self) -> None:
        """Another process may lead by now: begin no send, listen no more, and finish what is on its way.

        As a rule the database went away, and what is with people waits to be written down: it has the time that the database needs.
        """
        for senders in self.senders.values():
            senders.halt()
        await self._stop_rounds()
        self.rounds.let_go()
        await self._each("stop_feeds", self.duties.poller.stop())
        alone = [door for door in self._doors.values() if door.listens_alone]
        await self._each("stop_listening", *(door.stop_listening() for door in alone))
        await self._each("stop_sending", *(senders.stop(RECORD_WITHIN) for senders in self.senders.values()))

    async def stop(self) -> None:
        """Take nothing new, finish what is on its way, close everything; one part that fails keeps no other from it."""
        self.database.hurry(LAST_WORDS)
        self.clock.stop()
        await self._each("stop_looking", self.duties.stop_looking())
        await self.leader.stop()
        await self._stop_rounds()
        await self._each(
            "finish",
            self.duties.poller.stop(),
            *(door.stop_listening() for door in self._doors.values()),
            *(senders.stop(LAST_SENDS) for senders in self.senders.values()),
        )
        await self._each("close", *(door.close() for door in self._doors.values()))
        self.easel.close()
        await self.clock.at_rest(LAST_SENDS)
        await self._each("close_web", self._readers.close(), self.web.close())
        await self._each("stand_down", self.leader.give_back())
        await self._each("close_database", self.database.close())
        if self._is_open:
            log.info("app.stopped")

    async def _stop_rounds(self) -> None:
        if self._rounding:
            await end(self._rounding)
            self._rounding = None

    async def _each(self, step: str, *parts: Awaitable[object]) -> None:
        for outcome in await asyncio.gather(*parts, return_exceptions=True):
            if isinstance(outcome, Exception):
                log.error("app.stop_failed", step=step, exc_info=outcome)

    @property
    def catalog(self) -> Catalog:
        """The catalog in use."""
        return self.live.catalog

    async def reload(self) -> bool:
        """Read the catalog again, here and in every other process. With a problem the last good one stays."""
        done = await self.live.reload()
        self._wake.set()
        return done

    async def _follow_catalog(self) -> None:
        if await self.live.follow():
            self._wake.set()

    def fail(self, error: DeliveryError) -> None:
        """A platform does not know us any more: stop, loudly, and send nothing more on the way out."""
        self.failure = error
        for senders in self.senders.values():
            senders.halt()
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
        return {platform: max(0.0, round(pace.silence, 1)) for platform, pace in self._paces.items()}

    async def forward(self, by: timedelta) -> None:
        """Let time pass at once, stopping at everything that is due on the way; for the terminal and for tests.

        Where another process leads, only the time passes.
        """
        until = self.now() + by
        while True:
            before = self.now()  # settling takes a while, and what falls due meanwhile is an event as well
            await self.settle()
            event = await self._next_event(before) if self.leader.leads else None
            if event is None or event > until:
                break
            self.present.move_to(event)
        self.present.move_to(until)
        await self.settle()

    async def settle(self) -> None:
        """Return when everything due by now is sent, or waits for the end of a silence."""
        await self.live.follow()
        while self.leader.leads:
            before = sum(senders.let_go for senders in self.senders.values())
            moved = await self.rounds.go()
            self.rounds.ring(self.now())  # the clock was moved: an alarm would ring too late
            for at in {ticket.due for ticket in self.rounds.ahead}:
                self._set_alarm(at)
            # what another round set in motion meanwhile may make room for the next window, or go once more to another place
            waited = any([await senders.at_rest() for senders in self.senders.values()])
            if not waited and not moved and before == sum(senders.let_go for senders in self.senders.values()):
                return

    async def _next_event(self, after: datetime) -> datetime | None:
        events = [ticket.due for ticket in self.rounds.ahead if ticket.due > after]
        events += [after + timedelta(seconds=pace.rest) for pace in self._paces.values() if pace.rest > 0]
        if found := await self.rounds.next_event(after):
            events.append(found)
        return min(events, default=None)

    def _set_alarm(self, at: datetime) -> None:
        self.clock.alarm(f"doses:{at.isoformat()}", at, partial(self.rounds.ring, at))

    def _pace_of(self, platform: str) -> Pace:
        if platform == "terminal":
            return Pace(UNPACED, self.present.monotonic, self.present.sleep, chat_gap=0)
        per_second = self.settings.pace_of(platform)
        return Pace(
            per_second,
            self.present.monotonic,
            self.present.sleep,
            most=PAID if per_second == PAID else None,
            per_minute=self._doors[platform].per_minute,
        )

    async def _wake_up(self) -> None:
        self._wake.set()

    async def _make_rounds(self) -> None:
        while True:
            with suppress(TimeoutError):  # the pulse follows the wall clock, which may be set back
                async with asyncio.timeout(PULSE.total_seconds()):  # Python 3.11's wait_for may swallow a cancellation
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self.live.follow()
                await self.rounds.go()
            except Exception:  # the database may be away for a while; the next pulse tries again
                log.exception("rounds.failed")
