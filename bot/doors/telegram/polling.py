"""Long polling that confirms an update only when it is done with.

The library's own updater confirms a batch 0.02 s after fetching it, before anything was handled: 98 of 100 updates were lost at
a kill. Here the offset stays at the oldest update that is still open, and the server serves it again after a crash.

    getUpdates(offset = oldest open) ─▶ begin each new one ─▶ wait until all are done, or 0.55 s ─▶ again

What is open for seconds while others wait behind a full hundred is set aside (`aside.py`).

While one is open the server answers at once with what we know already, and a poll that repeats its offset within half a second
gets a single update (tdlib/telegram-bot-api, Client.cpp, process_get_updates_query): hence the 0.55 s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.contract import Host
from bot.doors.telegram.alerts import tell_owners
from bot.doors.telegram.aside import Aside
from bot.doors.telegram.errors import seconds_to_wait
from bot.doors.telegram.incoming import KINDS, PLATFORM
from bot.doors.telegram.library import TelegramBot
from bot.errors import DatabaseAway

log = structlog.get_logger("doors.telegram")

BATCH = 100
"""The most that getUpdates gives (Bot API)."""
REPEAT = 0.55
"""Seconds between two polls with the same offset."""
SLOW = 3.0
"""Seconds after which an update that others wait for is set aside."""
SOME = 10
"""How many of those at a time: each is written down by itself."""
ALERT_AGAIN = 600.0
"""Seconds before the owners hear of the same trouble again."""

Begin = Callable[[Update], "asyncio.Task[None]"]


class Backoff:
    """Waits that double from `first` to `longest` seconds. They start afresh after a success that was `calm` seconds away."""

    def __init__(self, first: float, longest: float, calm: float = 0.0) -> None:
        self._first, self._longest, self._calm = first, longest, calm
        self._next = first
        self._failed_at: float | None = None

    def failed(self, now: float) -> float:
        """How long to wait after this failure."""
        wait, self._next = self._next, min(2 * self._next, self._longest)
        self._failed_at = now + wait
        return wait

    def succeeded(self, now: float) -> bool:
        """Whether this ends a time of failures."""
        if self._failed_at is None or now < self._failed_at + self._calm:
            return False
        self._next, self._failed_at = self._first, None
        return True


class Ledger:
    """Which updates are open, and up to where all is done. Numbers rise, but may start anywhere after a quiet week."""

    def __init__(self) -> None:
        self.open: dict[int, asyncio.Task[None]] = {}
        self._done: set[int] = set()
        self._after: int | None = None

    def settle(self) -> int | None:
        """Close what is done, also what failed; the offset of the next poll. What was cancelled is not done.

        The offset is the oldest update that is open; None when there is nothing to confirm.
        """
        ended = [number for number, task in self.open.items() if task.done() and not task.cancelled()]
        for number in ended:
            del self.open[number]
            self._done.add(number)
        offset = min(self.open, default=self._after)
        self._done = {number for number in self._done if offset is not None and number >= offset}
        return offset

    def knows(self, number: int) -> bool:
        """Whether it was taken before."""
        return number in self.open or number in self._done

    def begin(self, number: int, task: asyncio.Task[None] | None) -> None:
        """Note an update with the task that handles it; None for one that can only be passed over."""
        if task is not None:
            self.open[number] = task
        else:
            self._done.add(number)
        self._after = number + 1

    def set_aside(self, number: int) -> None:
        """It is kept elsewhere until it is done, and may be confirmed."""
        del self.open[number]
        self._done.add(number)

    def forget(self) -> None:
        """The server has nothing that is unconfirmed, so the next poll needs no offset."""
        if not self.open:
            self._after = None
            self._done.clear()


class Polling:
    """The loop. It ends only when it is cancelled: every failure is waited out, those that need a person are told."""

    def __init__(self, bot: TelegramBot, host: Host, begin: Begin, *, wait: int = 30, slow: float = SLOW) -> None:
        self._bot = bot
        self._host = host
        self._begin = begin
        self._wait, self._slow = wait, slow
        self._ledger = Ledger()
        self._came: dict[int, tuple[float, dict[str, Any]]] = {}
        self._aside = Aside(host, self._start)
        self._network = Backoff(0.5, 15)
        self._conflict = Backoff(1, 60, calm=120)
        self._refused = Backoff(30, 300)
        self._told: dict[str, float] = {}
        self.trouble: str | None = None
        """What the last poll ended with, if that was no answer."""

    async def run(self) -> None:
        """Fetch and begin updates for ever."""
        while True:
            try:
                await self._aside.take_up()
                await self._round()
            except Exception as error:
                self.trouble = str(error) or type(error).__name__
                wait = await self._trouble(error)
                await asyncio.sleep(wait)

    async def confirm(self, within: float) -> None:
        """Tell the server what is done, so that the next start is not served it again. Fails for nothing."""
        try:
            await self._aside.tidy()
        except Exception:  # they are begun once more, and take no effect twice
            log.exception("telegram.not_tidied")
        offset = self._ledger.settle()
        if offset is None:
            return
        try:
            async with asyncio.timeout(within):
                await self._bot.fetch(offset=offset, limit=1, wait=0, kinds=KINDS)
        except (TelegramError, TimeoutError) as error:
            log.info("telegram.last_confirmation_lost", reason=str(error))

    async def _round(self) -> None:
        async with asyncio.timeout(self._wait + 30):
            updates = await self._bot.fetch(offset=self._ledger.settle(), limit=BATCH, wait=self._wait, kinds=KINDS)
        self._all_well()
        for update in updates:
            self._take(update)
        await self._make_room(len(updates))
        if not updates:
            self._ledger.forget()
        elif self._ledger.open:
            await asyncio.wait(self._ledger.open.values(), timeout=REPEAT)

    def _take(self, raw: dict[str, Any]) -> None:
        number = int(raw["update_id"])
        if not self._ledger.knows(number):
            self._ledger.begin(number, self._start(raw))
            self._came[number] = (_now(), raw)

    def _start(self, raw: dict[str, Any]) -> asyncio.Task[None] | None:
        try:
            update = self._bot.read(raw)
        except Exception:  # it would be served for ever and hold up everybody's
            log.exception("telegram.update_unreadable", update=raw.get("update_id"), kinds=sorted(raw))
            return None
        return self._begin(update)

    async def _make_room(self, served: int) -> None:
        """Where a full hundred was served others may wait behind it: set aside what takes long."""
        is_open = self._ledger.open
        self._came = {number: came for number, came in self._came.items() if number in is_open}
        try:
            await self._aside.tidy()
            if served < BATCH:
                return
            for number in [number for number in sorted(is_open) if _now() - self._came[number][0] >= self._slow][:SOME]:
                if self._aside.has_room:
                    await self._aside.put(number, self._came[number][1], is_open[number])
                    self._ledger.set_aside(number)
        except DatabaseAway as error:  # then the server keeps it
            log.warning("telegram.not_set_aside", reason=str(error))
        except Exception:
            log.exception("telegram.not_set_aside")

    def _all_well(self) -> None:
        self.trouble = None
        now = asyncio.get_running_loop().time()
        for backoff in (self._network, self._conflict, self._refused):
            if backoff.succeeded(now):
                log.info("telegram.polling_again")

    async def _trouble(self, error: Exception) -> float:
        """Report a failed poll; how many seconds to wait."""
        now = asyncio.get_running_loop().time()
        match error:
            case RetryAfter():
                seconds = seconds_to_wait(error)
                self._host.slow_down(PLATFORM, seconds)
                log.warning("telegram.polling_slowed", seconds=seconds)
                return seconds
            case Conflict():
                wait = self._conflict.failed(now)
                await self._tell("telegram.conflict", str(error), now)
            case InvalidToken():
                wait = self._refused.failed(now)
                await self._tell("telegram.unauthorized", str(error), now)
            case NetworkError() | TelegramError() | TimeoutError():
                wait = self._network.failed(now)
            case _:
                log.error("telegram.polling_failed", exc_info=error)
                return self._network.failed(now)
        log.warning("telegram.polling_interrupted", reason=str(error) or type(error).__name__, again_in=wait)
        return wait

    async def _tell(self, key: str, reason: str, now: float) -> None:
        if now - self._told.get(key, -ALERT_AGAIN) >= ALERT_AGAIN:
            self._told[key] = now
            await tell_owners(self._host, key, reason=reason)


def _now() -> float:
    return asyncio.get_running_loop().time()
