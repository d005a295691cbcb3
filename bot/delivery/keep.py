"""Keeps appointments: what a person is due besides the dose becomes a row of the outbox when its time has come, or is let go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.delivery.claim import dose_row
from bot.delivery.window import WINDOW
from bot.i18n.showing import show_hour
from bot.learning.appointment import next_at
from bot.learning.preferences import languages_for
from bot.learning.progress import progress_of
from bot.learning.streak import Status, classify
from bot.learning.timetable import find_zone
from bot.learning.way import stops_of, without_known
from bot.store import appointments, doses, marks, outbox, subscriptions
from bot.store import catalog as kept_catalog
from bot.store.database import Database
from bot.store.history import history_of
from bot.store.journal import journal_of
from bot.store.priority import Priority
from bot.store.tables import Appointment, Person, Subscription

log = structlog.get_logger("delivery")

Row = dict[str, Any]
Keep = Callable[[AsyncSession, Catalog, Appointment, Subscription, datetime], Awaitable[Row | None]]
WEEK = timedelta(days=7)
LATER = timedelta(hours=1)
PART = 50
"""How many one transaction keeps: each takes a dozen statements, whoever else wants to write waits, and a slow server takes its time."""


async def keep_appointments(database: Database, catalog: Catalog, now: datetime) -> None:
    """Keep the appointments whose time has come, a part in each transaction; what is beyond a window waits until doses had their turn."""
    for _ in range(WINDOW // PART):
        async with database.write() as session:
            kept = await _keep_part(session, catalog, now)
        if kept < PART:
            break


async def _keep_part(session: AsyncSession, catalog: Catalog, now: datetime) -> int:
    """Turn a part of them into outbox rows; how many they were.

    One that fails makes no other wait. What comes again and again is tried an hour later, or one fault would end it for good.
    """
    due = await appointments.take_due(session, now, PART)
    for appointment in due:
        subscription = await subscriptions.of_person(session, appointment.person_id, lock=False)
        if subscription is None or appointment.kind not in KINDS:
            continue
        try:
            async with session.begin_nested():  # what the database refuses would take the others along
                if row := await KINDS[appointment.kind](session, catalog, appointment, subscription, now):
                    await outbox.put(session, [row])
        except Exception:
            log.exception("appointment.failed", appointment=appointment.id, kind=appointment.kind)
            if appointment.kind in COMES_AGAIN:
                await _again(session, appointment, now + LATER)
    return len(due)


async def _snooze(
    session: AsyncSession, catalog: Catalog, appointment: Appointment, subscription: Subscription, now: datetime
) -> Row | None:
    """The dose they asked for later, unless it is done."""
    dose = await doses.find(session, int(appointment.about))
    if not subscription.is_active or dose is None or dose.outcome:
        return None
    history = await subscriptions.schedules(session, subscription)
    if history.pause_on(history.today(now)):
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
    session: AsyncSession, catalog: Catalog, appointment: Appointment, subscription: Subscription, now: datetime
) -> Row | None:
    """A word about today's dose, if today is open and the dose is there. The next evening has an appointment of its own."""
    if subscription.nudge_at is None or subscription.is_stopped:
        return None
    history = await history_of(session, subscription, now)
    await _again(session, appointment, next_at(history.schedules, subscription.nudge_at, max(now, appointment.due_at)))
    today = history.schedules.today(now)
    dose = await doses.of_day(session, subscription.id, today)
    is_open = classify(history, now, today, today)[0].status is Status.OPEN
    if not subscription.is_active or not is_open or dose is None or dose.resource_id is None or dose.outcome:
        return None
    kept = await kept_catalog.find(session, dose.resource_id)
    ends = history.schedules.bounds(today)[1]
    return _bare_row(subscription, appointment) | {
        "key": f"nudge:{subscription.id}:{today}",
        "kind": "nudge",
        "facts": {
            "title": kept.title if kept else "",
            "until": show_hour(ends.astimezone(find_zone(history.schedules.on(today).zone)).time()),
        },
        "expires_at": ends,
    }


async def _digest(
    session: AsyncSession, catalog: Catalog, appointment: Appointment, subscription: Subscription, now: datetime
) -> Row | None:
    """The seven days before it; the next week has an appointment of its own. A pause is quiet."""
    if subscription.digest_day is None or subscription.digest_at is None or subscription.is_stopped:
        return None
    history = await history_of(session, subscription, now)
    weekday = frozenset({subscription.digest_day})
    after = max(now, appointment.due_at)
    await _again(session, appointment, next_at(history.schedules, subscription.digest_at, after, weekday))
    is_paused = history.schedules.pause_on(history.schedules.today(now))
    if not subscription.is_active or subscription.silent_since or is_paused:
        return None
    since = appointment.due_at - WEEK
    entries = await journal_of(session, appointment.person_id, since)
    marked = await marks.by_name(session, appointment.person_id)
    settled = marks.settled_in(marked)
    way = without_known(stops_of(catalog, subscription.trail, subscription.topics), subscription.known_topics)
    progress = progress_of(history, now, subscription.weekly, catalog, way, (), settled)
    ahead = await _topics_ahead(session, catalog, subscription, settled)
    return _bare_row(subscription, appointment) | {
        "key": f"digest:{subscription.id}:{appointment.due_at:%G-W%V-%u}",
        "kind": "digest",
        "facts": {
            "days": len({fact.day for fact in history.completions if since <= fact.at}),
            "done": [entry.title for entry in entries if entry.title and entry.ended],
            "worked": [entry.title for entry in entries if entry.title and not entry.ended],
            "notes": [note for entry in entries for note in entry.notes],
            "next": next(
                (topic.id for topic in progress.topics or () if topic.done < topic.of and topic.id in ahead), ""
            ),
        },
        "expires_at": appointment.due_at + WEEK / 7,
    }


async def _topics_ahead(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, settled: Collection[str]
) -> set[str]:
    """The topics of which something of the core is left in a language of theirs."""
    person = await session.get(Person, subscription.person_id)
    languages = {*languages_for(subscription.resource_languages, person.language if person else ""), "mul"}
    return {
        entry.topic
        for entry in catalog.resources
        if entry.core and entry.id not in settled and entry.language.value in languages
    }


def _bare_row(subscription: Subscription, appointment: Appointment) -> Row:
    """What rows that carry no dose share."""
    return {
        "platform": subscription.platform,
        "chat": subscription.chat,
        "thread": subscription.thread,
        "person_id": subscription.person_id,
        "priority": Priority.AFTER_DOSES,
        "not_before": appointment.due_at,
    }


async def _again(session: AsyncSession, appointment: Appointment, at: datetime) -> None:
    await appointments.make(session, appointment.person_id, appointment.kind, appointment.about, at)


KINDS: dict[str, Keep] = {"snooze": _snooze, "nudge": _nudge, "digest": _digest}
"""What an appointment of each kind becomes."""
COMES_AGAIN = ("nudge", "digest")
