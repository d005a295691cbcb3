"""The post office: all that sends what nobody asked for, put together. What goes, and when, is in `rounds.py` and `senders.py`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import structlog

from bot.cards.easel import Easel
from bot.catalog.entry import Catalog
from bot.chat import Message
from bot.contract import Door
from bot.delivery.book import Book
from bot.delivery.compose import compose
from bot.delivery.figures import Figures
from bot.delivery.line import Line
from bot.delivery.means import Means
from bot.delivery.pace import Pace
from bot.delivery.rounds import Rounds
from bot.delivery.senders import Senders, senders_for
from bot.delivery.window import window_at
from bot.ending import end
from bot.errors import DeliveryError
from bot.settings import PAID, Settings
from bot.store.database import Database
from bot.store.outbox import Parcel

if TYPE_CHECKING:
    from bot.clock import Clock, Present

log = structlog.get_logger("delivery")

PULSE = timedelta(seconds=5)
"""How often a round is made where nothing asks for one."""
UNPACED = 100_000.0
"""Messages a second where no platform sets a limit."""


class Post:
    """A pace and senders for each platform, and the rounds that hand in what is due while this process leads.

    `before_a_round` takes up what other processes changed; `fail` ends the process: a platform does not know us any more.
    """

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        settings: Settings,
        doors: Mapping[str, Door],
        present: Present,
        clock: Clock,
        easel: Easel,
        *,
        before_a_round: Callable[[], Awaitable[object]],
        fail: Callable[[DeliveryError], None],
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._settings = settings
        self._doors = doors
        self._present = present
        self._clock = clock
        self._before_a_round = before_a_round
        self._wake = asyncio.Event()
        self._rounding: asyncio.Task[None] | None = None
        self.figures = Figures()
        self.paces = {platform: pace_to(door, settings, present) for platform, door in doors.items()}
        means = self._means(easel, fail)
        self.senders = {platform: _senders_to(platform, means, settings) for platform in doors}
        self.rounds = self._set_up_rounds()
        for senders in self.senders.values():
            senders.when_few = self.wake

    def _means(self, easel: Easel, fail: Callable[[DeliveryError], None]) -> Means:
        return Means(
            database=self._database,
            book=Book(self._database, self._catalog, self._present.now, self._compose),
            doors=self._doors,
            paces=self.paces,
            lines={platform: Line(door) for platform, door in self._doors.items()},
            compose=self._compose,
            finish=easel.finish,
            now=self._present.now,
            chance=Random(),
            stop=fail,
            figures=self.figures,
            owners=self._settings.owners,
        )

    def _compose(self, parcel: Parcel) -> Message | None:
        return compose(parcel, self._catalog(), self._settings, self._present.now())

    def _set_up_rounds(self) -> Rounds:
        return Rounds(
            self._database,
            self._catalog,
            self.senders,
            self._present.now,
            self.set_alarm,
            self._settings.owners,
            self._settings.pace_of,
            nonces=[platform for platform, door in self._doors.items() if door.honours_nonce],
        )

    def begin(self) -> None:
        """Send, for the first time or again after `stop`."""
        for senders in self.senders.values():
            senders.start()

    def begin_rounds(self) -> None:
        """Hand in what is due, from now on."""
        self._rounding = asyncio.create_task(self._make_rounds())
        self.wake()
        self.figures.leads_begun += 1

    def wake(self) -> None:
        """There may be something to send: make a round now."""
        self._wake.set()

    def set_alarm(self, at: datetime) -> None:
        """Have what is due at an instant handed in then."""
        self._clock.alarm(f"doses:{at.isoformat()}", at, partial(self.rounds.ring, at))

    def halt(self) -> None:
        """Begin no send any more."""
        for senders in self.senders.values():
            senders.halt()

    async def stop_rounds(self) -> None:
        """Hand in nothing more."""
        if self._rounding:
            await end(self._rounding)
            self._rounding = None

    def endings(self, within: float) -> list[Awaitable[None]]:
        """Finish what is on its way, for each platform; what is not done within some seconds is left in doubt."""
        return [senders.stop(within) for senders in self.senders.values()]

    @property
    def silences(self) -> dict[str, float]:
        """For how many seconds more each platform wants silence."""
        return {platform: max(0.0, round(pace.silence, 1)) for platform, pace in self.paces.items()}

    async def _make_rounds(self) -> None:
        while True:
            with suppress(TimeoutError):  # the pulse follows the wall clock, which may be set back
                async with asyncio.timeout(PULSE.total_seconds()):  # Python 3.11's wait_for may swallow a cancellation
                    await self._wake.wait()
            self._wake.clear()
            await _try(self._before_a_round, "rounds.not_up_to_date")  # what we know already will do for a round
            await _try(self.rounds.go, "rounds.failed")


async def _try(step: Callable[[], Awaitable[object]], failed: str) -> None:
    """Do something that may fail, as where the database is away for a while; the next pulse tries again."""
    try:
        await step()
    except Exception:
        log.exception(failed)


def pace_to(door: Door, settings: Settings, present: Present) -> Pace:
    """How fast a platform is spoken to."""
    if door.platform == "terminal":
        return Pace(UNPACED, present.monotonic, present.sleep, chat_gap=0)
    per_second = settings.pace_of(door.platform)
    most = PAID if per_second == PAID else None
    return Pace(per_second, present.monotonic, present.sleep, most=most, per_minute=door.per_minute)


def _senders_to(platform: str, means: Means, settings: Settings) -> Senders:
    per_second = settings.pace_of(platform)
    return Senders(means, platform, senders_for(per_second), window_at(per_second))
