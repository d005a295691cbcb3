"""Claims the subscriptions that are due: one transaction plans, inserts doses and their outbox rows, and moves `next_due_at` on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.chat import Address
from bot.delivery.window import WINDOW
from bot.learning.schedule import Claim, Due, Schedules, claim
from bot.planning.dose import plan
from bot.planning.long import put_away
from bot.planning.lost import lost_days
from bot.planning.presence import be_quiet
from bot.planning.slot import Slot
from bot.store import days_off, doses, news, outbox, subscriptions
from bot.store.outbox import Ticket
from bot.store.priority import Priority
from bot.store.seen import Seen, prepare, read
from bot.store.tables import Dose, Subscription
from bot.store.trouble import TROUBLE

AHEAD = timedelta(seconds=15)
"""How long before their hour subscriptions are claimed."""
BREATH = 8
"""After how many of them the loop turns to others: they take a few milliseconds together."""
ALARM_LEASE = timedelta(seconds=60)
"""How long after its hour a claimed dose belongs to the alarm before anybody may send it."""
SETBACK = timedelta(hours=1)
"""How long a subscription waits whose rows do not make sense."""

log = structlog.get_logger("delivery")


class Claimed(NamedTuple):
    """Of how many subscriptions it was decided what is due, and a ticket for each dose: not everybody who was due gets one."""

    people: int
    tickets: list[Ticket]


@dataclass(slots=True)
class Decided:
    """What was decided about everybody so far; it is written at the end, a table at a time.

    `given` are the days (by subscription) that have their dose already. `planned` are doses, `words` the rows of last words before we
    are quiet, `then` what is due next, `lost` the days on which we failed somebody.
    """

    now: datetime
    given: set[tuple[int, date]]
    planned: list[tuple[Subscription, Dose]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    then: dict[int, Due | None] = field(default_factory=dict)
    lost: list[days_off.Failed] = field(default_factory=list)


async def claim_due(
    session: AsyncSession,
    catalog: Catalog,
    platforms: Collection[str],
    now: datetime,
    limit: int = WINDOW,
    but: Collection[int] = (),
) -> Claimed:
    """Claim up to `limit` subscriptions, none of those in `but`.

    The order within a slot is by a hash of subscription and day, so that nobody is always last. A subscription whose rows make no
    sense is set back by `SETBACK` and stops nobody else.
    """
    due = await subscriptions.due_by(session, platforms, now + AHEAD, limit, but)
    if not due:
        return Claimed(0, [])
    histories = await sound_histories(session, due)
    seen = await read(session, due, now)
    since = min((one.next_day for one in due if one.next_day), default=date.max)
    decided = Decided(now, await doses.days_given(session, list(histories), since))
    for place, subscription in enumerate(due):
        if place % BREATH == 0:
            await asyncio.sleep(0)  # choosing takes a while; whoever speaks meanwhile is heard
        try:
            history, theirs = histories[subscription.id], prepare(seen.pop(subscription.id))
            await _decide(session, catalog, subscription, history, theirs, decided)
        except TROUBLE:  # the transaction is lost, and what others have in it
            raise
        except Exception:
            log.exception("claim.failed", subscription=subscription.id)
            subscription.next_due_at = now + SETBACK
    return Claimed(len(due), await _write(session, decided))


async def _decide(
    session: AsyncSession,
    catalog: Catalog,
    subscription: Subscription,
    history: Schedules,
    seen: Seen,
    decided: Decided,
) -> None:
    """Decide for one of them: a dose, a last word before we are quiet, or nothing but what is due next."""
    now, claimed = decided.now, claim(history, _expected(subscription), decided.now)
    lost = lost_days(subscription, history, claimed)
    if claimed.send and be_quiet(subscription, seen, history, claimed.send.day, now):
        decided.words.append(_last_word(subscription, claimed.send, history))
        decided.lost += lost
        return
    if claimed.send:
        await put_away(session, catalog, subscription, seen, claimed.send.day, now)
    dose, then = _plan(catalog, subscription, seen, claimed, history), claimed.then
    if dose and (subscription.id, dose.day) not in decided.given:
        decided.planned.append((subscription, dose))
        if dose.resource_id is None:  # the trail has nothing left: say so once, then wait for the person
            then = None
        if history.comes_back_on(dose.day):
            news.add(subscription, {"kind": "back"})
    decided.lost += lost
    decided.then[subscription.id] = then


async def next_in_line(
    session: AsyncSession, platforms: Collection[str], now: datetime, but: Collection[int]
) -> list[int]:
    """Who would be claimed next, one at most."""
    return [subscription.id for subscription in await subscriptions.due_by(session, platforms, now + AHEAD, 1, but)]


async def set_back(session: AsyncSession, subscription_ids: Collection[int], now: datetime) -> None:
    """Let somebody wait whose dose the database refuses."""
    for subscription_id in subscription_ids:
        log.error("claim.refused", subscription=subscription_id)
        if subscription := await subscriptions.lock(session, subscription_id):
            subscription.next_due_at = now + SETBACK


def _last_word(subscription: Subscription, due: Due, history: Schedules) -> dict[str, Any]:
    """The row of the one word that comes in place of a dose before we are quiet."""
    return {
        "key": f"silence:{subscription.id}:{due.day}",
        "kind": "silence",
        "platform": subscription.platform,
        "chat": subscription.chat,
        "thread": subscription.thread,
        "person_id": subscription.person_id,
        "subscription_id": subscription.id,
        "priority": Priority.DOSE,
        "not_before": due.at,
        "expires_at": history.bounds(due.day)[1],
    }


async def sound_histories(session: AsyncSession, some: Sequence[Subscription]) -> dict[int, Schedules]:
    """The histories of subscriptions, without those that make no sense, such as a zone nobody knows any more."""
    with suppress(ValueError):
        return await subscriptions.schedules_of(session, some)
    histories: dict[int, Schedules] = {}
    for subscription in some:
        try:
            histories |= await subscriptions.schedules_of(session, [subscription])
        except ValueError as error:
            log.error("schedule.makes_no_sense", subscription=subscription.id, reason=str(error))
    return histories


def _plan(catalog: Catalog, subscription: Subscription, seen: Seen, claimed: Claim, history: Schedules) -> Dose | None:
    if claimed.send is None:
        return None
    _, closes_at = history.bounds(claimed.send.day)
    return plan(catalog, subscription, seen, Slot(claimed.send.day, claimed.send.at, closes_at))


def _expected(subscription: Subscription) -> Due:
    assert subscription.next_day is not None, "only what is due is claimed"
    assert subscription.next_due_at is not None, "only what is due is claimed"
    return Due(subscription.next_day, subscription.next_due_at)


async def _write(session: AsyncSession, decided: Decided) -> list[Ticket]:
    """Write what was decided, and give a ticket for each dose. Lost days come first: they ride on the doses as news."""
    await subscriptions.set_due_all(session, decided.then)
    await days_off.excuse_all(session, decided.lost, "lost", until=decided.now)
    await news.attach(session, decided.planned)
    refused = {dose.subscription_id: news.take_refused(subscription, dose) for subscription, dose in decided.planned}
    await doses.store(session, [dose for _, dose in decided.planned], decided.now)
    rows = {}
    for subscription, dose in decided.planned:
        row = dose_row(subscription, dose, decided.now)
        if accounts := refused[dose.subscription_id]:
            row["facts"] = {outbox.REFUSED: accounts}
        rows[row["key"]] = row
    await outbox.put(session, decided.words)
    written = await outbox.put(session, list(rows.values()))
    return sorted(_ticket(row_id, rows[key]) for row_id, key in written)


def dose_row(subscription: Subscription, dose: Dose, now: datetime) -> dict[str, Any]:
    """The row that carries a dose."""
    return {
        "key": f"dose:{subscription.id}:{dose.day}:{dose.number}",
        "kind": "dose",
        "platform": subscription.platform,
        "chat": subscription.chat,
        "thread": subscription.thread,
        "person_id": subscription.person_id,
        "subscription_id": subscription.id,
        "dose_id": dose.id,
        "facts": {},
        "priority": Priority.DOSE,
        "not_before": dose.due_at,
        "expires_at": dose.closes_at,
        "lease_until": max(dose.due_at, now) + ALARM_LEASE,
    }


def _ticket(row_id: int, row: dict[str, Any]) -> Ticket:
    address = Address(row["platform"], row["chat"], row["thread"])
    return Ticket.of(row_id, row["key"], Priority.DOSE, row["not_before"], address, row["expires_at"])
