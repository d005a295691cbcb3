"""A few senders for each platform: they take what alarms and rounds hand in, the most urgent first, and send each row in its turn.

hand(ticket) ─▶ queue ─▶ pace.bulk_turn ─▶ deliver          (aside, and to the queue again, while its chat takes nothing)
                  ▲                           └─ the database is away: to the queue again, behind the others of its urgency
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from bot.delivery.means import Means
from bot.delivery.pace import Turn
from bot.delivery.queue import Queue
from bot.delivery.send import deliver
from bot.delivery.window import WINDOW, runs_out
from bot.ending import end
from bot.settings import PAID
from bot.store.outbox import Ticket
from bot.store.trouble import is_away

log = structlog.get_logger("delivery")

SENDERS = 24
"""How many sends may be on their way at once: the pace of a second, at a platform's usual latency."""
MOST_SENDERS = 250
"""And where more is paid for: a thousand a second at a quarter of a second each."""
GIVEN_BACK = 3.0
"""Seconds for giving back what was taken and does not go."""


class Senders:
    """A few tasks that send what is handed in for one platform, the most urgent first. A row is in hand once at most."""

    def __init__(self, means: Means, platform: str, count: int = SENDERS, window: int = WINDOW) -> None:
        self._means = means
        self._count = count
        self.window = window
        """How many are claimed for them at once."""
        self._pace = means.paces[platform]
        self._queue = Queue(self._pace.chat_free)
        self._in_hand: set[int] = set()
        self._on_their_way: set[asyncio.Task[None]] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._halted = True
        self._stirred = asyncio.Event()
        self.let_go = 0
        """How many rows were in hand and are no more."""
        self.when_few: Callable[[], None] = lambda: None
        """Called when few are in line, and when none; the next window may be claimed."""

    @property
    def in_line(self) -> int:
        """How many rows wait for their turn or are on their way; not those that wait for their chat alone."""
        return len(self._in_hand) - self.aside

    @property
    def aside(self) -> int:
        """How many rows wait because their chat takes nothing yet."""
        return self._queue.aside

    @property
    def held(self) -> frozenset[int]:
        """The rows that wait here or are on their way."""
        return frozenset(self._in_hand)

    def start(self) -> None:
        """Begin to send, for the first time or again after `stop`."""
        self._halted = False
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._count)]

    def hand(self, ticket: Ticket) -> bool:
        """Take a ticket; False for a row that is in hand already, and where nothing is sent any more."""
        if self._halted or ticket.row_id in self._in_hand:
            return False
        self._in_hand.add(ticket.row_id)
        self._queue.put(ticket)
        return True

    async def at_rest(self) -> bool:
        """Wait until everything in hand is sent, or waits until the platform takes more; False if it did already."""
        waited = False
        while self._in_hand and (self._on_their_way or self._pace.rest <= 0):
            waited = True
            self._stirred.clear()
            await self._stirred.wait()
        return waited

    def halt(self) -> None:
        """Begin no send any more; what only waits stays in the outbox."""
        self._halted = True
        for ticket in self._queue.clear():
            self._let_go(ticket)
        for task in self._tasks:
            if task not in self._on_their_way:
                task.cancel()

    async def stop(self, within: float | None = None) -> None:
        """Finish what is on its way. What is not done `within` some seconds is left in doubt: it may go once more, flagged."""
        self.halt()
        tasks, self._tasks = self._tasks, []
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=within)
        finally:  # nothing is sent any more also where somebody cuts this short
            await end(*tasks)
            with suppress(TimeoutError):
                async with asyncio.timeout(GIVEN_BACK):
                    await self._means.book.at_rest()

    async def _work(self) -> None:
        sender = asyncio.current_task()
        assert sender is not None, "senders are tasks"
        while not self._halted:
            ticket = await self._queue.get()
            then: Callable[[Ticket], None] = self._let_go
            try:
                if not await self._send(ticket, sender):
                    then = self._queue.put_aside
            except Exception as error:  # the row keeps its lease
                if is_away(error):  # until that is over nobody else would send it
                    log.warning("delivery.not_taken_yet", row=ticket.row_id, reason=repr(error))
                    then = self._put_back
                else:
                    log.exception("delivery.failed", row=ticket.row_id)
            finally:
                (self._let_go if self._halted else then)(ticket)

    def _put_back(self, ticket: Ticket) -> None:
        """The database is away: all of bulk holds still for a moment, and then one after the other tries again.

        A ticket stands behind those of its urgency that have not tried yet, so that what is a dose's own trouble keeps no other dose
        waiting. What is more urgent still goes before all doses, or an outage would make it the last: where such a row alone is never
        taken, doses go on between its tries, each of which has them hold still for a moment.
        """
        self._pace.unreached()
        self._queue.put(ticket._replace(due=max(ticket.due, self._means.now())))
        self._stirred.set()

    async def _send(self, ticket: Ticket, sender: asyncio.Task[None]) -> bool:
        """Send a row in its turn, unless we halt before that; False as long as its chat takes nothing."""
        turn = await self._pace.bulk_turn(ticket.address)
        if turn is None:
            return False
        with turn:
            if not self._halted:
                await self._deliver(ticket, turn, sender)
        return True

    async def _deliver(self, ticket: Ticket, turn: Turn, sender: asyncio.Task[None]) -> None:
        self._on_their_way.add(sender)
        try:
            await deliver(self._means, ticket, turn)
        finally:
            self._on_their_way.discard(sender)

    def _let_go(self, ticket: Ticket) -> None:
        self._in_hand.discard(ticket.row_id)
        self.let_go += 1
        self._stirred.set()
        if self.in_line in (runs_out(self.window), 0):
            self.when_few()


def senders_for(per_second: float) -> int:
    """How many sends may be on their way at once at a pace: more only where somebody pays for more."""
    return MOST_SENDERS if per_second >= PAID else SENDERS
