"""Sends one row in its turn and writes down at once what became of it. `senders.py` says which row and when, `reactions.py` what follows.

turn ─▶ line.answers ─▶ book.take (commit) ─▶ compose ─▶ door.send ─▶ record (commit)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Message, MessageRef
from bot.contract import Door
from bot.delivery.book import VERY_LATE, Arrival
from bot.delivery.means import Means
from bot.delivery.pace import Turn
from bot.delivery.reactions import ATTEMPTS, NOTHING_TO_SAY, lapse, put_off, react, set_aside
from bot.errors import (
    DeliveryError,
    Failing,
    Moved,
    NotRendered,
    NotSent,
    NotWritten,
    Rejected,
    SlowDown,
    Unauthorized,
    Uncertain,
    Unreachable,
)
from bot.failpoints import AFTER_CALL, AFTER_MARK, BEFORE_CALL, reach
from bot.store import outbox
from bot.store.outbox import Parcel, Ticket
from bot.store.trouble import REFUSALS, TROUBLE

log = structlog.get_logger("delivery")

SEND_WITHIN = 55.0
"""Seconds from the taking of a row to the end of its call, whatever a door does: with `RECORD_WITHIN` less than the row is ours."""
RECORD_AGAIN = 1.0
RECORD_WITHIN = 60.0
"""Seconds between two tries to write down how a send ended, and for how long: while the row is ours, the database may come back."""


async def deliver(means: Means, ticket: Ticket, turn: Turn) -> None:
    """Send one row in its turn, if it may still go, and write down what became of it."""
    if obstacle := await _held_back(means, ticket):
        await _write(means, lambda session: put_off(session, means, ticket, obstacle))
        return
    until = asyncio.get_running_loop().time() + SEND_WITHIN
    try:
        parcel = await means.book.take(ticket.row_id)
    except TROUBLE:
        raise
    except Exception:
        log.exception("delivery.not_taken", row=ticket.row_id)
        await _write(means, lambda session: set_aside(session, means, ticket.row_id))
        return
    if parcel is None:
        return
    try:
        message = await _written(means, parcel)
    except asyncio.CancelledError:
        means.book.leave(parcel)
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


async def _written(means: Means, parcel: Parcel) -> Message | None:
    """The message of a row; None where it does not go after all, which is written down."""
    if parcel.row.attempts > ATTEMPTS:  # every sender died of it, or with it
        await _record(means, parcel, lambda session: lapse(session, means, parcel, "its sender vanished too often"))
        return None
    try:
        message = parcel.message or means.compose(parcel)
        message = await means.finish(message) if message else None
    except Exception as error:  # our own mistake must stop nobody else, nor pass for something that arrived
        log.exception("delivery.not_composed", key=parcel.row.key)
        await _record_error(means, parcel, NotWritten(f"it could not be written: {error!r}"))
        return None
    expires_at = parcel.row.expires_at
    if message and not (expires_at and expires_at <= means.now()):
        return message
    why = "expired" if message else NOTHING_TO_SAY
    await _record(means, parcel, lambda session: lapse(session, means, parcel, why))
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
        _heed(means, row.platform, error)
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
    due = parcel.dose.due_at if parcel.dose else row.not_before
    late = (at - due).total_seconds()
    very_late = late > VERY_LATE.total_seconds()
    means.figures.note_sent(row.kind, due=due, late=late, very_late=very_late, copy=row.may_be_a_copy)
    log.info("delivery.sent", key=row.key, attempts=row.attempts)


def _heed(means: Means, platform: str, error: DeliveryError) -> None:
    """What an answer says of the platform as a whole holds at once, whatever becomes of the row."""
    pace = means.paces[platform]
    means.lines[platform].note(error)
    match error:
        case SlowDown():
            pace.reached()
            pace.slow_down(error.retry_after)
        case NotSent():
            pace.unreached()
        case NotRendered():
            pass  # nobody was asked
        case Failing() | Rejected() | Unreachable() | Moved():
            pace.reached()
        case Unauthorized():
            means.stop(error)


async def _put(door: Door, parcel: Parcel, message: Message, until: float) -> MessageRef:
    """A new message, or an edit of one that hangs there. Raises a DeliveryError; Uncertain if the door is not done by an instant."""
    row = parcel.row
    try:
        async with asyncio.timeout_at(until):
            if row.kind == outbox.EDIT:
                # who deleted a dose's card wants no second one
                ref = MessageRef(parcel.address, row.facts["message"])
                return await door.edit(ref, message, plainly=row.plainly, anew=parcel.dose is None)
            return await door.send(parcel.address, message, nonce=f"out-{row.id}", plainly=row.plainly)
    except TimeoutError as error:
        raise Uncertain(f"no end of it in {SEND_WITHIN:g} s") from error


async def _record_error(means: Means, parcel: Parcel, error: DeliveryError) -> None:
    await _record(means, parcel, lambda session: react(session, means, parcel, error))


async def _record(means: Means, parcel: Parcel, write: Callable[[AsyncSession], Awaitable[None]]) -> None:
    """Write down how a send ended, and what follows from it, unless the row is no longer ours: then others see to it."""

    async def if_ours(session: AsyncSession) -> None:
        if await outbox.still_ours(session, parcel.row):
            await outbox.name_anew(session, parcel)
            await write(session)
        else:
            log.warning("delivery.came_back_late", key=parcel.row.key)

    await _write(means, if_ours)


async def _write(means: Means, write: Callable[[AsyncSession], Awaitable[None]]) -> None:
    async def transaction() -> None:
        async with means.database.write() as session:
            await write(session)

    await _insist(transaction)


async def _insist(record: Callable[[], Awaitable[None]]) -> None:
    """Record something also when the database is away for a moment: else the message would go once more."""
    until = monotonic() + RECORD_WITHIN
    while True:
        try:
            return await record()
        except TROUBLE as error:
            if monotonic() > until or isinstance(error, REFUSALS):
                raise
            log.warning("delivery.not_recorded_yet", reason=type(error).__name__)
        await asyncio.sleep(RECORD_AGAIN)
