"""Keeps appointments: what a person is due besides the dose becomes a row of the outbox when its time has come, or is let go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.claim import DOSE, WINDOW, dose_row
from bot.i18n.showing import show_hour
from bot.learning.appointment import next_at
from bot.learning.streak import Status, classify
from bot.learning.timetable import find_zone
from bot.store import appointments, catalog, doses, outbox, subscriptions
from bot.store.history import history_of
from bot.store.tables import Appointment, Subscription

log = structlog.get_logger("delivery")

Row = dict[str, Any]
Keep = Callable[[AsyncSession, Appointment, Subscription, datetime], Awaitable[Row | None]]
NUDGE = DOSE + 1
"""Its priority: a dose goes first."""


async def keep_appointments(session: AsyncSession, now: datetime) -> int:
    """Turn the appointments whose time has come into outbox rows; how many. One that makes no sense is dropped."""
    rows: list[Row] = []
    for appointment in await appointments.take_due(session, now, WINDOW):
        subscription = await subscriptions.of_person(session, appointment.person_id, lock=False)
        if subscription is None or appointment.kind not in KINDS:
            continue
        try:
            row = await KINDS[appointment.kind](session, appointment, subscription, now)
        except ValueError:
            log.exception("appointment.failed", appointment=appointment.id, kind=appointment.kind)
            continue
        if row:
            rows.append(row)
    return len(await outbox.put(session, rows))


async def _snooze(
    session: AsyncSession, appointment: Appointment, subscription: Subscription, now: datetime
) -> Row | None:
    """The dose they asked for later, unless it is done."""
    dose = await doses.find(session, int(appointment.about))
    if subscription.state != "active" or dose is None or dose.outcome:
        return None
    stamp = appointment.due_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
    return dose_row(subscription, dose, now) | {
        "key": f"snooze:{dose.id}:{stamp}",
        "kind": "snooze",
        "lease_until": None,
        "not_before": appointment.due_at,
        "expires_at": appointment.due_at + timedelta(hours=12),
    }


async def _nudge(
    session: AsyncSession, appointment: Appointment, subscription: Subscription, now: datetime
) -> Row | None:
    """A word about today's dose, if today is open and the dose is there. The next evening has an appointment of its own."""
    if subscription.nudge_at is None or subscription.state == "stopped":
        return None
    history = await history_of(session, subscription, now)
    await _again(session, appointment, next_at(history.schedules, subscription.nudge_at, max(now, appointment.due_at)))
    today = history.schedules.today(now)
    dose = await doses.of_day(session, subscription.id, today)
    is_open = classify(history, now, today, today)[0].status is Status.OPEN
    if subscription.state != "active" or not is_open or dose is None or dose.resource_id is None or dose.outcome:
        return None
    kept = await catalog.find(session, dose.resource_id)
    ends = history.schedules.bounds(today)[1]
    return {
        "key": f"nudge:{subscription.id}:{today}",
        "kind": "nudge",
        "platform": subscription.platform,
        "chat": subscription.chat,
        "thread": subscription.thread,
        "person_id": subscription.person_id,
        "facts": {
            "says": "nudge.open",
            "title": kept.title if kept else "",
            "until": show_hour(ends.astimezone(find_zone(history.schedules.on(today).zone)).time()),
        },
        "priority": NUDGE,
        "not_before": appointment.due_at,
        "expires_at": ends,
    }


async def _again(session: AsyncSession, appointment: Appointment, at: datetime) -> None:
    await appointments.make(session, appointment.person_id, appointment.kind, appointment.about, at)


KINDS: dict[str, Keep] = {"snooze": _snooze, "nudge": _nudge}
"""What an appointment of each kind becomes."""
