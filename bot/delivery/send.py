"""Sends what is due: alarms and the sweep hand in tickets, a few senders take them, each send is recorded at once.

hand(ticket) ─▶ queue by priority ─▶ pace.bulk_turn ─▶ outbox.take (commit) ─▶ door.send ─▶ record (commit)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Door, Message
from bot.delivery.pace import Pace
from bot.errors import DeliveryError, Failing, Moved, NotSent, Rejected, SlowDown, Unauthorized, Unreachable
from bot.failpoints import AFTER_CALL, AFTER_MARK, BEFORE_CALL, reach
from bot.store import outbox, subscriptions
from bot.store.database import Database
from bot.store.outbox import Parcel, Ticket

log = structlog.get_logger("delivery")

SENDERS = 24
"""How many sends may be on their way at once: the pace of a second, at a platform's usual latency."""
LEASE = timedelta(seconds=90)
"""How long a send may take before its row counts as abandoned; longer than every time-out of a door together."""
ATTEMPTS = 5
UNREACHED = timedelta(seconds=10)
"""How long a row waits when no connection was to be had."""
LONGEST_WAIT = timedelta(hours=1)
VERY_LATE = timedelta(hours=6)
"""A dose later than this excuses its day (design, section 2)."""


@dataclass(frozen=True, slots=True)
class Means:
    """What sending needs: the doors by platform, a pace for each, how to write a row's message, the time, and chance."""

    database: Database
    doors: Mapping[str, Door]
    paces: Mapping[str, Pace]
    compose: Callable[[Parcel], Message | None]
    now: Callable[[], datetime]
    chance: Random
    stop: Callable[[DeliveryError], None]


class Senders:
    """A few tasks that send what is handed in, the most urgent first. A row is in hand once at most."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._queue: asyncio.PriorityQueue[Ticket] = asyncio.PriorityQueue()
        self._in_hand: set[int] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self.when_empty: Callable[[], None] = lambda: None
        """Called when nothing is in hand any more; the next window may be claimed."""

    @property
    def in_hand(self) -> int:
        """How many rows wait here or are on their way."""
        return len(self._in_hand)

    def start(self) -> None:
        """Begin to send."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(SENDERS)]

    def hand(self, ticket: Ticket) -> None:
        """Take a ticket; a row that is in hand already stays where it is."""
        if ticket.row_id not in self._in_hand:
            self._in_hand.add(ticket.row_id)
            self._queue.put_nowait(ticket)

    async def drained(self) -> None:
        """Wait until nothing is in hand."""
        await self._queue.join()

    async def stop(self) -> None:
        """Finish what is on its way; what only waits stays in the outbox."""
        while not self._queue.empty():
            self._let_go(self._queue.get_nowait())
        await self._queue.join()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            ticket = await self._queue.get()
            try:
                await self._means.paces[ticket.address.platform].bulk_turn(ticket.address)
                await deliver(self._means, ticket)
            except Exception:  # the row keeps its lease and is taken up again when that runs out
                log.exception("delivery.failed", row=ticket.row_id)
            finally:
                self._let_go(ticket)

    def _let_go(self, ticket: Ticket) -> None:
        self._in_hand.discard(ticket.row_id)
        self._queue.task_done()
        if not self._in_hand:
            self.when_empty()


async def deliver(means: Means, ticket: Ticket) -> None:
    """Send one row, if it may still go, and write down what became of it."""
    async with means.database.write() as session:
        parcel = await outbox.take(session, ticket.row_id, means.now(), LEASE)
    if parcel is None:
        return
    expires_at = parcel.row.expires_at
    message = means.compose(parcel)
    if message is None or (expires_at and expires_at <= means.now()):
        async with means.database.write() as session:
            await _lapse(session, parcel, means.now(), "expired" if message else "nothing left to say")
        return
    reach(BEFORE_CALL)
    try:
        ref = await means.doors[parcel.row.platform].send(
            parcel.address, message, nonce=f"out-{parcel.row.id}", plainly=parcel.row.plainly
        )
    except DeliveryError as error:
        log.info("delivery.not_sent", key=parcel.row.key, problem=type(error).__name__, reason=error.reason)
        async with means.database.write() as session:
            await _record_error(session, means, parcel, error)
        return
    reach(AFTER_CALL)
    async with means.database.write() as session:
        await outbox.sent(session, parcel.row.id, ref.id, means.now())
        await _excuse_if_very_late(session, parcel, means.now())
    reach(AFTER_MARK)
    log.info("delivery.sent", key=parcel.row.key, attempts=parcel.row.attempts)


async def _record_error(session: AsyncSession, means: Means, parcel: Parcel, error: DeliveryError) -> None:
    """THE table of reactions: what each kind of answer does to the row and to the subscription."""
    row, now = parcel.row, means.now()
    match error:
        case SlowDown():
            means.paces[row.platform].slow_down(error.retry_after)
            pause = timedelta(seconds=error.retry_after)
            await outbox.wait(session, row.id, now + pause, error.reason, attempts=row.attempts - 1)
        case NotSent():
            await outbox.wait(session, row.id, now + UNREACHED, error.reason, attempts=row.attempts - 1)
        case Unauthorized():
            await outbox.wait(session, row.id, now, error.reason, attempts=row.attempts - 1)
            means.stop(error)
        case Moved():
            await outbox.wait(session, row.id, now, error.reason)
            await outbox.move(session, parcel.address, error.address)
        case Unreachable():
            await outbox.give_up(session, row.id, error.reason)
            await _pause_blocked(session, parcel, now)
        case Rejected() if not row.plainly:
            await outbox.wait(session, row.id, now, error.reason, plainly=True)
            log.error("delivery.rejected", key=row.key, reason=error.reason)
        case Failing() if row.attempts < ATTEMPTS:
            await outbox.wait(session, row.id, now + _backoff(row.attempts, means.chance), error.reason)
        case Rejected() | Failing():
            await _lapse(session, parcel, now, error.reason)
        case _ if row.doubts:
            await outbox.sent(session, row.id, None, now, reason="lost twice")
        case _:
            pause = _backoff(row.attempts, means.chance)
            await outbox.wait(session, row.id, now + pause, error.reason, state="uncertain", doubts=1)


def _backoff(attempts: int, chance: Random) -> timedelta:
    """15 s, 30 s, 1 min, … with up to half as much again by chance, so that many rows do not come back together."""
    seconds = 15 * 2 ** (attempts - 1) * chance.uniform(1, 1.5)
    return min(timedelta(seconds=seconds), LONGEST_WAIT)


async def _lapse(session: AsyncSession, parcel: Parcel, now: datetime, reason: str) -> None:
    """It will not go any more; if that is a day's dose nobody saw, the day is our failure."""
    await outbox.give_up(session, parcel.row.id, reason)
    dose = parcel.dose
    if parcel.row.kind == "dose" and dose and not dose.outcome:
        await subscriptions.excuse(session, dose.subscription_id, [dose.day], "lost", since=dose.due_at, until=now)


async def _excuse_if_very_late(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    dose = parcel.dose
    if parcel.row.kind == "dose" and dose and now - dose.due_at > VERY_LATE:
        await subscriptions.excuse(session, dose.subscription_id, [dose.day], "late", since=dose.due_at, until=now)


async def _pause_blocked(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    """They blocked us: one refusal is enough, all they have is kept, and they come back with /start."""
    if parcel.subscription is None:
        return
    subscription = await subscriptions.lock(session, parcel.subscription.id)
    if subscription is None or subscription.state != "active":
        return
    history = await subscriptions.schedules(session, subscription)
    day = parcel.dose.day if parcel.dose else history.today(now)
    await subscriptions.begin_pause(session, subscription.id, day, None, "blocked")
    subscription.state = "paused"
    subscriptions.set_due(subscription, None)
