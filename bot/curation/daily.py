"""What the desk does by itself as time passes: the rooms' summary, the age of what waits, and thanks for what helped.

waiting 14 days ──▶ raised: curators are told ──2 days──▶ closed, with an apology to whoever brought it
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.curation import decide
from bot.curation.queue import DAY
from bot.learning.timetable import find_zone
from bot.states import SuggestionState
from bot.store import audit, feed_items, news, outbox, queue, remembered, rooms, subscriptions, suggestions, voices
from bot.store.database import Database
from bot.store.priority import Priority
from bot.store.tables import Room

OLD = timedelta(days=14)
LAST_CALL = timedelta(days=2)
HELPED = (1, 5, 25, 100, 500)
"""How many learners a link must have helped for its author to hear of it."""
THANKED = "desk.thanked"
"""Under this name the day is remembered on which that was last looked at."""
TOPICS = 5
FEEDS, TITLES = 5, 3


def next_summary(hour: time, zone: tzinfo, now: datetime) -> datetime:
    """The next instant at which a clock on the wall shows an hour; one that a spring night leaves out is an hour later."""
    today = now.astimezone(zone)
    at = datetime.combine(today.date(), hour, zone)
    if at <= now:
        at = datetime.combine(today.date() + DAY, hour, zone)
    return at


async def keep_desk(session: AsyncSession, now: datetime) -> list[int]:
    """Do what is due; give the numbers whose age is to be brought up now."""
    for room in await rooms.due(session, now):
        await _summarise(session, room, now)
    for row in await queue.raised_before(session, now - LAST_CALL):
        await decide.close_old(session, row, now)
    return [row.id for row in await queue.raise_old(session, now - OLD, now)]


async def next_due(session: AsyncSession, after: datetime) -> datetime | None:
    """The next instant at which `keep_desk` has something to do."""
    oldest, raised = await queue.ages(session)
    instants = [
        await rooms.next_due(session, after),
        oldest + OLD if oldest else None,
        raised + LAST_CALL if raised else None,
    ]
    return min((instant for instant in instants if instant and instant > after), default=None)


async def _summarise(session: AsyncSession, room: Room, now: datetime) -> None:
    """One word to a room, with what happened since the last one. A day on which nothing waits and nothing happened is quiet."""
    waiting = await queue.waiting(session)
    decided = await audit.decided_since(session, room.since)
    over = no_room(await feed_items.over_since(session, room.since))
    if waiting or decided or over:
        await outbox.put(session, [_row(room, {**await _facts(session, waiting, decided, now), **over}, now)])
    room.since, room.next_at = now, next_summary(room.summary_at, find_zone(room.zone), now)


async def _facts(
    session: AsyncSession, waiting: list[queue.InQueue], decided: list[tuple[str | None, int, int]], now: datetime
) -> dict[str, Any]:
    topics = Counter(one.topic or "" for one in waiting)
    return {
        "waiting": len(waiting),
        "oldest": (now - min(one.made_at for one in waiting)) // DAY if waiting else 0,
        "topics": [[topic, count] for topic, count in topics.most_common(TOPICS) if topic],
        "old": [row.id for row in await queue.raised_before(session, now)][:10],
        "decided": [list(one) for one in decided],
    }


def no_room(over: Sequence[tuple[int, str, str]]) -> dict[str, Any]:
    """What feeds brought beyond their day, as the summary tells it: how many, and the first titles of the feeds with the most."""
    if not over:
        return {}
    of_feed: dict[int, list[str]] = defaultdict(list)
    for number, _, title in over:
        of_feed[number].append(title)
    names = {number: name for number, name, _ in over}
    most = sorted(of_feed.items(), key=lambda one: -len(one[1]))[:FEEDS]
    told = [[number, names[number], titles[:TITLES], len(titles)] for number, titles in most]
    return {"over": len(over), "over_of": told}


def _row(room: Room, facts: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "key": f"summary:{room.id}:{room.next_at:%Y-%m-%dT%H:%M}",
        "kind": "summary",
        "platform": room.platform,
        "chat": room.chat,
        "thread": room.thread,
        "person_id": room.person_id,
        "facts": {**facts, "language": room.language},
        "priority": Priority.AFTER_DOSES,
        "not_before": now,
        "expires_at": now + DAY,
    }


async def thank(database: Database, now: datetime) -> None:
    """Once a day: whoever brought a link hears with their next dose how many it helped, when that passes a mark.

    Counting goes through much that was ever done, so nobody who writes waits for it.
    """
    today = now.date().isoformat()
    async with database.read() as session:
        if await remembered.recall(session, THANKED) == today:
            return
        helpful = await suggestions.helpful(session, HELPED[-1])
    async with database.write() as session:
        await remembered.remember(session, THANKED, today)
        for number, count in helpful.items():
            await _thank_for(session, number, count)


async def _thank_for(session: AsyncSession, number: int, count: int) -> None:
    """Have those who brought a link hear of it, where it passed a mark and was not taken back meanwhile."""
    passed = max((mark for mark in HELPED if mark <= count), default=0)
    row = await suggestions.find(session, number)
    if row is None or row.state != SuggestionState.APPROVED or passed <= row.helped:
        return
    row.helped = passed
    for person_id in await voices.people_of(session, row.id):
        if subscription := await subscriptions.of_person(session, person_id):
            known = {**row.facts, **row.edits}
            title = str(known.get("title") or row.address)[:100]
            news.add(subscription, {"kind": "helped", "n": count, "title": title})
