"""What each answer of a platform does to the row that was sent, and to the person, the room or the chat that it was for.

All of it happens in one transaction, and only while the row is ours (`send.py` asks): who comes back after a lease changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.delivery.means import Means
from bot.delivery.notices import tell_curators, tell_owners
from bot.errors import DeliveryError, Failing, Moved, NotSent, NotWritten, Rejected, SlowDown, Unauthorized, Unreachable
from bot.states import OutboxState, SubscriptionState
from bot.store import days_off, doses, news, outbox, people, rooms, subscriptions
from bot.store.outbox import Parcel, Ticket
from bot.store.priority import Priority
from bot.store.tables import Subscription
from bot.store.taken import TakenDose, TakenRow

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


async def react(session: AsyncSession, means: Means, parcel: Parcel, error: DeliveryError) -> None:
    """THE table of reactions: what each kind of answer does to a row that is ours, and to those whom it was for."""
    row, now = parcel.row, means.now()
    match error:
        case SlowDown():
            pause = timedelta(seconds=error.retry_after)
            await outbox.wait(session, row, now + pause, error.reason, attempts=row.attempts - 1)
        case NotSent():
            await outbox.wait(session, row, now + UNREACHED, error.reason, attempts=row.attempts - 1)
        case Unauthorized():
            await outbox.wait(session, row, now, error.reason, attempts=row.attempts - 1)
        case Moved() if row.attempts < ATTEMPTS:
            await outbox.wait(session, row, now, error.reason)
            await outbox.move(session, parcel.address, error.address)
        case Unreachable() if not error.sure and row.facts.get(outbox.NOT_FOUND) != _chat_of(row):
            facts = {**await outbox.facts_of(session, row), outbox.NOT_FOUND: _chat_of(row)}
            await outbox.wait(session, row, now + LOOK_AGAIN, error.reason, attempts=row.attempts - 1, facts=facts)
        case Unreachable():
            await _give_up_address(session, means, parcel, error.reason, now)
        case Rejected() if not row.plainly:
            await outbox.wait(session, row, now, error.reason, attempts=row.attempts - 1, plainly=True)
            log.error("delivery.rejected", key=row.key, reason=error.reason)
            await _tell_owners(session, means, parcel, "rejected", error.reason)
        case Failing() if row.attempts < ATTEMPTS:
            pause = backoff(row.attempts, means.chance)
            flagged = row.flagged or not isinstance(error, NotWritten)
            await outbox.wait(session, row, now + pause, error.reason, flagged=flagged)
        case Rejected() | Failing() | Moved():
            await lapse(session, means, parcel, error.reason)
        case _ if row.doubts:
            await outbox.sent(session, row, None, now, reason="lost twice")
            await excuse_if_open(session, parcel, now)
        case _:
            pause = backoff(row.attempts, means.chance)
            # where its nonce is known for a while, before that is over
            first = Priority.URGENT if means.doors[row.platform].honours_nonce else row.priority
            await outbox.wait(
                session, row, now + pause, error.reason, state=OutboxState.UNCERTAIN, doubts=1, priority=first
            )


async def _give_up_address(session: AsyncSession, means: Means, parcel: Parcel, reason: str, now: datetime) -> None:
    """Nobody is there any more: nothing goes there. Doses go to another account of theirs, else they are paused; a lost room is told of."""
    row = parcel.row
    goes_on = await _go_on_elsewhere(session, means, parcel, reason, now)
    if not goes_on:
        await outbox.give_up(session, row, reason)
        means.figures.dead[row.kind] += 1
    means.figures.dead.update(await outbox.give_up_address(session, parcel.address, reason))
    if not goes_on and await _pause_blocked(session, parcel, now):
        means.figures.blocked[row.platform] += 1
    if await rooms.lose(session, parcel.address):
        facts = {"platform": row.platform.capitalize(), "reason": reason}
        await tell_curators(session, means.owners, "alert.room_lost", facts, now)


def backoff(attempts: int, chance: Random) -> timedelta:
    """A wait that grows, with up to half as much again by chance, so that many rows do not come back together."""
    return timedelta(seconds=min(FIRST_WAIT * GROWTH ** (attempts - 1), LONGEST_WAIT) * chance.uniform(1, 1.5))


async def put_off(session: AsyncSession, means: Means, ticket: Ticket, obstacle: NotSent) -> None:
    """Nobody answers there, or silence is wanted: it is not even taken."""
    pause = timedelta(seconds=obstacle.retry_after) if isinstance(obstacle, SlowDown) else UNREACHED
    await outbox.put_off(session, ticket.row_id, means.now() + pause, obstacle.reason)


async def set_aside(session: AsyncSession, means: Means, row_id: int) -> None:
    """Taking it failed by something of its own, such as a dose that nothing can be made of: an attempt, so that it ends some day."""
    if (row := await outbox.hold(session, row_id)) is None:
        return
    row.attempts, row.lease_until = row.attempts + 1, None
    if row.attempts < ATTEMPTS:
        row.not_before, row.reason = means.now() + backoff(row.attempts, means.chance), NOT_TAKEN
        return
    row.state, row.lease_until = OutboxState.SENDING, means.now()  # taken, so that it ends as any other
    dose = await doses.find(session, row.dose_id) if row.dose_id else None
    taken = TakenRow.of(row), TakenDose.of(dose) if dose else None
    await lapse(session, means, Parcel(*taken, resource=None, trail=None, language=None), NOT_TAKEN)


async def lapse(session: AsyncSession, means: Means, parcel: Parcel, reason: str) -> None:
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
    if parcel.row.kind == "dose" and dose and not dose.outcome and not parcel.row.facts.get(outbox.SEEN):
        why = "unsure" if parcel.row.may_be_a_copy else "lost"
        await days_off.excuse(session, dose.subscription_id, [dose.day], why, since=dose.due_at, until=now)


async def _tell_owners(session: AsyncSession, means: Means, parcel: Parcel, what: str, reason: str) -> None:
    """Trouble with a message is told to the owners; trouble with telling them only stands in the log."""
    if parcel.row.kind != "notice":
        facts = {"reason": reason, "row": parcel.row.key}
        await tell_owners(session, means.owners, f"{parcel.row.platform}.{what}", facts, means.now())


async def _go_on_elsewhere(session: AsyncSession, means: Means, parcel: Parcel, reason: str, now: datetime) -> bool:
    """Who has linked an account on another platform gets their doses there from now on. True if this is one, and goes there at once.

    It knows which accounts refused it, so each of them is asked once. Only an account's own chat is left like that: a thread that refuses
    stands for an account that would lead back into it. What is no dose was for this account alone, such as a warning.
    """
    row = parcel.row
    here = _chat_of(row)
    is_dose = row.subscription_id is not None
    subscription = await _subscription_of(session, parcel, wherever=is_dose)
    if subscription is None or subscription.person_id is None or not subscription.is_active:
        return False
    accounts = await people.identities(session, subscription.person_id)
    if here not in [f"{one.platform}:{one.platform_id}" for one in accounts]:
        return False
    facts = await outbox.facts_of(session, row)
    refused = [*facts.get(outbox.REFUSED, ()), here]
    comes_to = _address_of(subscription)
    moves = comes_to == parcel.address  # else they have chosen another place meanwhile
    others = [Address(one.platform, one.platform_id) for one in accounts if one.platform != row.platform]
    places = [one for one in (others if moves else [comes_to]) if one.platform in means.doors]
    there = next((one for one in places if f"{one.platform}:{one.chat}" not in refused), None)
    if there and moves:
        subscription.platform, subscription.chat, subscription.thread = there.platform, there.chat, there.thread
        means.figures.blocked[row.platform] += 1
        await outbox.send_to(session, subscription.id, there)
        tells = row.kind in outbox.CARRY_DOSES or await outbox.tell_refused(session, subscription.id, here)
        if not tells:
            news.add_refused(subscription, here)
    if there and is_dose:
        await outbox.redirect(session, row, there, now, reason, {**facts, outbox.REFUSED: refused})
    return there is not None and is_dose


async def _pause_blocked(session: AsyncSession, parcel: Parcel, now: datetime) -> bool:
    """They blocked us: one refusal is enough, all they have is kept, and they come back with /start. False if they got nothing anyway."""
    subscription = await _subscription_of(session, parcel)
    if subscription is None or not subscription.is_active:
        return False
    history = await subscriptions.schedules(session, subscription)
    day = parcel.dose.day if parcel.dose and parcel.row.kind == "dose" else history.today(now)
    await days_off.begin_block(session, subscription.id, day)
    subscription.state = SubscriptionState.PAUSED
    subscriptions.set_due(subscription, None)
    return True


async def _subscription_of(session: AsyncSession, parcel: Parcel, *, wherever: bool = False) -> Subscription | None:
    """Theirs who were to get it, as long as it still goes to where this went, or `wherever` it goes."""
    found: Subscription | None = None
    if parcel.row.subscription_id is not None:
        found = await subscriptions.lock(session, parcel.row.subscription_id)
    elif parcel.row.person_id is not None:
        found = await subscriptions.of_person(session, parcel.row.person_id)
    return found if found and (wherever or _address_of(found) == parcel.address) else None


def _chat_of(row: TakenRow) -> str:
    """The chat that a row goes to, as the facts of rows name it."""
    return f"{row.platform}:{row.chat}"


def _address_of(subscription: Subscription) -> Address:
    return Address(subscription.platform, subscription.chat, subscription.thread)
