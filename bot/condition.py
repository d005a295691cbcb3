"""How the bot fares: what this process knows of itself, what the database tells, and which of that keeps doses from going out.

`/health` and `/metrics` on the web and /health in the chat tell these facts and these troubles, each in its own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.curation.links import AGAIN, IN_DOUBT
from bot.states import LinkState
from bot.store import feeds, links, outbox, remembered, subscriptions

ROUND_WITHIN = timedelta(seconds=60)
"""A leader makes a round every five seconds; a slow database may take some of them."""
OVERDUE = timedelta(minutes=10)
"""How long something may wait that should have gone: longer than any queue at a platform's pace, as windows are small."""
BACKUP = "backup.made"
"""Under this name it is remembered when the last copy was made."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a process knows of itself without asking anybody.

    `unwritable` and the values of `unheard` are reasons in the words of the database, a platform or the network; `silences` the seconds
    for which each of its platforms still wants silence, `disk_left` the bytes that are free where the data folder is, if that can be told.
    """

    leads: bool
    begun_at: datetime
    last_round: datetime | None
    unwritable: str | None = None
    silences: Mapping[str, float] = field(default_factory=dict)
    unheard: Mapping[str, str] = field(default_factory=dict)
    disk_left: int | None = None


class Backlog(NamedTuple):
    """What should have gone by now: rows of the outbox, doses not even claimed, and for how many seconds the oldest row waits.

    `forsaken` are those of the doses on our platforms that are due for long while no other dose goes out either: of a crowd that the
    platform's pace keeps waiting, somebody always gets one.
    """

    waiting: int
    unclaimed: int
    oldest: float
    forsaken: int = 0


class Upkeep(NamedTuple):
    """What else there is to look after: doses sent since an instant, feeds (failing, never read), links dead or to be visited."""

    sent: int
    feeds: int
    failing_feeds: int
    unread_feeds: int
    dead_links: int
    links_due: int
    backup_at: datetime | None


class Trouble(NamedTuple):
    """One thing that keeps doses from going out: which, and the facts of its sentence."""

    kind: str
    facts: Mapping[str, str | int | datetime] = {}


def troubles(here: Here, queue: Backlog | None, now: datetime) -> list[Trouble]:
    """What is wrong; nothing while doses go out. Without a `queue` the database did not say how long it is."""
    return [*_own(here, now), *([Trouble("no_answer")] if queue is None else _overdue(queue))]


def _own(here: Here, now: datetime) -> Iterator[Trouble]:
    if here.unwritable:
        yield Trouble("unwritable", {"reason": here.unwritable})
    if here.leads and here.last_round is None:
        yield Trouble("no_round_yet")
    elif here.leads and here.last_round and now - here.last_round > ROUND_WITHIN:
        yield Trouble("no_round", {"since": here.last_round})
    for platform, reason in here.unheard.items():
        yield Trouble("unheard", {"platform": platform, "reason": reason})


def _overdue(queue: Backlog) -> Iterator[Trouble]:
    if queue.oldest > OVERDUE.total_seconds():
        yield Trouble("waiting", {"n": queue.waiting, "minutes": int(queue.oldest // 60)})
    if queue.forsaken:
        yield Trouble("forsaken", {"n": queue.forsaken, "minutes": OVERDUE.seconds // 60})


async def queue_of(session: AsyncSession, here: Here, now: datetime) -> Backlog:
    """What should have gone by now on the platforms of this process."""
    waiting, oldest = await outbox.queue(session, now, here.silences)
    unclaimed = await subscriptions.count_due(session, None, now, here.silences)
    forsaken = await subscriptions.count_due(session, None, now - OVERDUE, here.silences)
    if forsaken and await outbox.doses_go(session, now - OVERDUE):
        forsaken = 0
    return Backlog(waiting, unclaimed, (now - oldest).total_seconds() if oldest else 0.0, forsaken)


async def upkeep_of(session: AsyncSession, catalog: Catalog, since: datetime, now: datetime) -> Upkeep:
    """What else there is to look after; doses are counted `since` an instant."""
    visited_feeds, failing, unread = await feeds.count_visited(session)
    visited = {entry.id: entry.url for entry in catalog.resources}
    made = await remembered.recall(session, BACKUP)
    return Upkeep(
        sent=await outbox.count_doses(session, since),
        feeds=visited_feeds,
        failing_feeds=failing,
        unread_feeds=unread,
        dead_links=(await links.counts(session)).get(LinkState.DEAD, 0),
        links_due=len(await links.due(session, visited, now, ok=AGAIN, other=IN_DOUBT)),
        backup_at=datetime.fromisoformat(made) if made else None,
    )
