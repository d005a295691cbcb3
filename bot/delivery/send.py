"""Sends one row in its turn and writes down at once what became of it. `senders.py` says which row, and when.

turn ─▶ line.answers ─▶ book.take (commit) ─▶ compose ─▶ door.send ─▶ record (commit)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, Message, MessageRef
from bot.contract import Door
from bot.delivery.book import VERY_LATE, Arrival, Book
from bot.delivery.claim import URGENT
from bot.delivery.figures import Figures
from bot.delivery.line import Line
from bot.delivery.notices import tell_curators, tell_owners
from bot.delivery.pace import Pace, Turn
from bot.errors import DeliveryError, Failing, Moved, NotSent, Rejected, SlowDown, Unauthorized, Uncertain, Unreachable
from bot.failpoints import AFTER_CALL, AFTER_MARK, BEFORE_CALL, reach
from bot.store import doses, outbox, rooms, subscriptions
from bot.store.database import REFUSALS, TROUBLE, Database
from bot.store.outbox import Parcel, Ticket
from bot.store.tables import Subscription

log = structlog.get_logger("delivery")

ATTEMPTS = 5
NOTHING_TO_SAY = "nothing left to say"
NOT_TAKEN = "it cannot be taken"
UNREACHED = timedelta(seconds=10)
"""How long a row waits when no connection was to be had."""
FIRST_WAIT, GROWTH, LONGEST_WAIT = 15.0, 6, 3600.0
"""Seconds before the second attempt, and how these grow: 15 s, 1.5, 9 and 54 minutes outlast most outages, and stay within six hours."""
LOOK_AGAIN = timedelta(minutes=1)
"""When an address is tried once more that a platform does not know."""
SEND_WITHIN = 55.0
"""Seconds from the taking of a row to the end of its call, whatever a door does: with `RECORD_WITHIN` less than the row is ours."""
RECORD_AGAIN = 1.0
RECORD_WITHIN = 60.0
"""Seconds between two tries to write down how a send ended, and for how long: while the row is ours, the database may come back."""


@dataclass(frozen=True, slots=True)
class Means:
    """What sending needs.

    The book that rows are taken from and marked in, the doors by platform, a pace and a line for each, how to write a row's message and
    finish its picture, the time, chance, counts, and who hears of what was given up.
    """

    database: Database
    book: Book
    doors: Mapping[str, Door]
    paces: Mapping[str, Pace]
    lines: Mapping[str, Line]
    compose: Callable[[Parcel], Message | None]
    finish: Callable[[Message], Awaitable[Message]]
    now: Callable[[], datetime]
    chance: Random
    stop: Callable[[DeliveryError], None]
    figures: Figures
    owners: Sequence[tuple[str, str]]


async def deliver(means: Means, ticket: Ticket, turn: Turn) -> None:
    """Send one row in its turn, if it may still go, and write down what became of it."""
    if obstacle := await _held_back(means, ticket):
        await _put_off(means, ticket, obstacle)
        return
    until = asyncio.get_running_loop().time() + SEND_WITHIN
    try:
        parcel = await means.book.take(ticket.row_id)
    except TROUBLE:
        raise
    except Exception:
        log.exception("delivery.not_taken", row=ticket.row_id)
        await _record(means, lambda session: _set_aside(session, means, ticket.row_id))
        return
    if parcel is None:
        return
    try:
        message = await _written(means, parcel)
    except asyncio.CancelledError:
        with suppress(*TROUBLE):  # then its lease runs out
            await means.book.give_back(parcel)
        raise
    if message is None:
        return
    if _is_late_for_its_call(means, parcel, until):
        await _insist(lambda: means.book.give_back(parcel))
        return
    turn.begin()
    await _send(means, parcel, message, until)


async def _held_back(means: Means, ticket: Ticket) -> NotSent | None:
    """What keeps it from going now: nobody answers there, or silence was asked for since it had its turn.

    It is asked before the row is taken: a knock may last, and a stop in the middle of it must leave no doubt about a call that never began.
    """
    pace, line = means.paces[ticket.address.platform], means.lines[ticket.address.platform]
    if ticket.expires_at and ticket.expires_at <= means.now():
        return None  # it goes nowhere, whoever answers
    if pace.silence <= 0 and not await line.answers(surely=ticket.in_doubt):
        pace.unreached()
        return NotSent("the platform does not answer")
    return SlowDown("the platform asked for silence", pace.silence) if pace.silence > 0 else None


async def _put_off(means: Means, ticket: Ticket, obstacle: NotSent) -> None:
    wait = timedelta(seconds=obstacle.retry_after) if isinstance(obstacle, SlowDown) else UNREACHED
    until = means.now() + wait
    await _record(means, lambda session: outbox.put_off(session, ticket.row_id, until, obstacle.reason))


async def _set_aside(session: AsyncSession, means: Means, row_id: int) -> None:
    """Taking it failed by something of its own, such as a dose that nothing can be made of: an attempt, so that it ends some day."""
    if (row := await outbox.hold(session, row_id)) is None:
        return
    row.attempts, row.lease_until = row.attempts + 1, None
    if row.attempts < ATTEMPTS:
        row.not_before, row.reason = means.now() + _backoff(row.attempts, means.chance), NOT_TAKEN
        return
    row.state, row.lease_until = "sending", means.now()  # taken, so that it ends as any other
    dose = await doses.find(session, row.dose_id) if row.dose_id else None
    await _lapse(session, means, Parcel(row, dose, resource=None, trail=None, language=None), NOT_TAKEN)


async def _written(means: Means, parcel: Parcel) -> Message | None:
    """The message of a row; None where it does not go after all, which is written down."""
    if parcel.row.attempts > ATTEMPTS:  # every sender died of it, or with it
        await _record(means, lambda session: _lapse(session, means, parcel, "its sender vanished too often"))
        return None
    try:
        message = means.compose(parcel)
        message = await means.finish(message) if message else None
    except Exception as error:  # our own mistake must stop nobody else, nor pass for something that arrived
        log.exception("delivery.not_composed", key=parcel.row.key)
        await _record_error(means, parcel, Failing(f"it could not be written: {error!r}"))
        return None
    expires_at = parcel.row.expires_at
    if message and not (expires_at and expires_at <= means.now()):
        return message
    why = "expired" if message else NOTHING_TO_SAY
    await _record(means, lambda session: _lapse(session, means, parcel, why))
    return None


def _is_late_for_its_call(means: Means, parcel: Parcel, until: float) -> bool:
    """Whether, since it was taken, silence was asked for, an answer was lost, or so much time went by that no call would end in time."""
    platform = parcel.row.platform
    too_long = asyncio.get_running_loop().time() >= until
    return too_long or means.paces[platform].silence > 0 or means.lines[platform].is_silent


async def _send(means: Means, parcel: Parcel, message: Message, until: float) -> None:
    row = parcel.row
    pace, line = means.paces[row.platform], means.lines[row.platform]
    reach(BEFORE_CALL)
    try:
        ref = await _put(means.doors[row.platform], parcel, message, until)
    except DeliveryError as error:
        line.note(error)
        if isinstance(error, (SlowDown, Failing, Rejected, Unreachable, Moved)):
            pace.reached()
        elif isinstance(error, NotSent):
            pace.unreached()
        means.figures.not_sent[type(error).__name__] += 1
        log.info("delivery.not_sent", key=row.key, problem=type(error).__name__, reason=error.reason)
        await _record_error(means, parcel, error)
        return
    reach(AFTER_CALL)
    pace.reached()
    line.note(None)
    at = means.now()
    await _insist(lambda: means.book.arrived(Arrival(parcel, message, ref, at)))
    reach(AFTER_MARK)
    late = (at - (parcel.dose.due_at if parcel.dose else row.not_before)).total_seconds()
    very_late = late > VERY_LATE.total_seconds()
    means.figures.note_sent(row.kind, late=late, very_late=very_late, copy=row.doubts > 0)
    log.info("delivery.sent", key=row.key, attempts=row.attempts)


async def _put(door: Door, parcel: Parcel, message: Message, until: float) -> MessageRef:
    """A new message, or an edit of one that hangs there. Raises a DeliveryError; Uncertain if the door is not done by an instant."""
    row = parcel.row
    try:
        async with asyncio.timeout_at(until):
            if row.kind == "edit":
                return await door.edit(MessageRef(parcel.address, row.facts["message"]), message)
            return await door.send(parcel.address, message, nonce=f"out-{row.id}", plainly=row.plainly)
    except TimeoutError as error:
        raise Uncertain(f"no end of it in {SEND_WITHIN:g} s") from error


async def _record_error(means: Means, parcel: Parcel, error: DeliveryError) -> None:
    await _record(means, lambda session: _react(session, means, parcel, error))


async def _record(means: Means, write: Callable[[AsyncSession], Awaitable[None]]) -> None:
    """Write down how a send ended."""

    async def transaction() -> None:
        async with means.database.write() as session:
            await write(session)

    await _insist(transaction)


async def _insist(record: Callable[[], Awaitable[None]]) -> None:
    """Record something also when the database is away for a moment: else the message would go once more."""
    loop = asyncio.get_running_loop()
    until = loop.time() + RECORD_WITHIN
    while True:
        try:
            return await record()
        except TROUBLE as error:
            if loop.time() > until or isinstance(error, REFUSALS):
                raise
            log.warning("delivery.not_recorded_yet", reason=type(error).__name__)
        await asyncio.sleep(RECORD_AGAIN)


async def _react(session: AsyncSession, means: Means, parcel: Parcel, error: DeliveryError) -> None:
    """THE table of reactions: what each kind of answer does to the row and to the subscription."""
    row, now = parcel.row, means.now()
    match error:
        case SlowDown():
            means.paces[row.platform].slow_down(error.retry_after)
            pause = timedelta(seconds=error.retry_after)
            await outbox.wait(session, row, now + pause, error.reason, attempts=row.attempts - 1)
        case NotSent():
            await outbox.wait(session, row, now + UNREACHED, error.reason, attempts=row.attempts - 1)
        case Unauthorized():
            await outbox.wait(session, row, now, error.reason, attempts=row.attempts - 1)
            means.stop(error)
        case Moved() if row.attempts < ATTEMPTS:
            await outbox.wait(session, row, now, error.reason)
            await outbox.move(session, parcel.address, error.address)
        case Unreachable() if not error.sure and row.attempts == 1:
            await outbox.wait(session, row, now + LOOK_AGAIN, error.reason)
        case Unreachable():
            await outbox.give_up(session, row, error.reason)
            means.figures.dead[row.kind] += 1
            means.figures.dead.update(await outbox.give_up_address(session, parcel.address, error.reason))
            if await _pause_blocked(session, parcel, now):
                means.figures.blocked[row.platform] += 1
            if await rooms.close(session, parcel.address):
                facts = {"platform": row.platform.capitalize(), "reason": error.reason}
                await tell_curators(session, means.owners, "alert.room_lost", facts, now)
        case Rejected() if not row.plainly:
            await outbox.wait(session, row, now, error.reason, plainly=True)
            log.error("delivery.rejected", key=row.key, reason=error.reason)
            await _tell_owners(session, means, parcel, "rejected", error.reason)
        case Failing() if row.attempts < ATTEMPTS:
            pause = _backoff(row.attempts, means.chance)
            await outbox.wait(session, row, now + pause, error.reason)
        case Rejected() | Failing() | Moved():
            await _lapse(session, means, parcel, error.reason)
        case _ if row.doubts:
            await outbox.sent(session, row, None, now, reason="lost twice")
            await excuse_if_open(session, parcel, now)
        case _:
            pause = _backoff(row.attempts, means.chance)
            first = URGENT if means.doors[row.platform].honours_nonce else row.priority  # while its nonce is known
            await outbox.wait(session, row, now + pause, error.reason, state="uncertain", doubts=1, priority=first)


def _backoff(attempts: int, chance: Random) -> timedelta:
    """A wait that grows, with up to half as much again by chance, so that many rows do not come back together."""
    return timedelta(seconds=min(FIRST_WAIT * GROWTH ** (attempts - 1), LONGEST_WAIT) * chance.uniform(1, 1.5))


async def _lapse(session: AsyncSession, means: Means, parcel: Parcel, reason: str) -> None:
    """It will not go any more."""
    now = means.now()
    means.figures.dead[parcel.row.kind] += 1
    row, since = parcel.row, parcel.dose.due_at if parcel.dose else parcel.row.not_before
    facts = {"key": row.key, "reason": reason, "attempts": row.attempts, "age": round((now - since).total_seconds())}
    if reason == NOTHING_TO_SAY:
        log.info("delivery.withdrawn", **facts)
    else:
        log.warning("delivery.lapsed", **facts)
        await _tell_owners(session, means, parcel, "dead", reason)
    await outbox.give_up(session, parcel.row, reason)
    await excuse_if_open(session, parcel, now)


async def excuse_if_open(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    """A day's dose that nobody saw, or of which nobody can say, is our failure unless they did it all the same."""
    dose = parcel.dose
    if parcel.row.kind == "dose" and dose and not dose.outcome:
        why = "unsure" if parcel.row.doubts else "lost"
        await subscriptions.excuse(session, dose.subscription_id, [dose.day], why, since=dose.due_at, until=now)


async def _tell_owners(session: AsyncSession, means: Means, parcel: Parcel, what: str, reason: str) -> None:
    """Trouble with a message is told to the owners; trouble with telling them only stands in the log."""
    if parcel.row.kind != "notice":
        facts = {"reason": reason, "row": parcel.row.key}
        await tell_owners(session, means.owners, f"{parcel.row.platform}.{what}", facts, means.now())


async def _pause_blocked(session: AsyncSession, parcel: Parcel, now: datetime) -> bool:
    """They blocked us: one refusal is enough, all they have is kept, and they come back with /start. False if they got nothing anyway."""
    subscription = await _subscription_of(session, parcel)
    if subscription is None or subscription.state != "active":
        return False
    history = await subscriptions.schedules(session, subscription)
    day = parcel.dose.day if parcel.dose and parcel.row.kind == "dose" else history.today(now)
    await subscriptions.begin_pause(session, subscription.id, day, None, "blocked")
    subscription.state = "paused"
    subscriptions.set_due(subscription, None)
    return True


async def _subscription_of(session: AsyncSession, parcel: Parcel) -> Subscription | None:
    """Theirs who were to get it, as long as it still goes to where this went."""
    found: Subscription | None = None
    if parcel.row.subscription_id is not None:
        found = await subscriptions.lock(session, parcel.row.subscription_id)
    elif parcel.row.person_id is not None:
        found = await subscriptions.of_person(session, parcel.row.person_id)
    there = found is not None and Address(found.platform, found.chat, found.thread) == parcel.address
    return found if there else None
