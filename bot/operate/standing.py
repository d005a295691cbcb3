"""How things stand, for whoever looks after the bot: what `trilha doctor` says first. It changes nothing and finds no fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.delivery import recompute
from bot.learning.timetable import zone_data_version
from bot.settings import Settings
from bot.store import outbox, remembered, subscriptions
from bot.store.database import Database
from bot.store.lead import is_taken
from bot.store.locks import Lock
from bot.store.migrate import revision

PLATFORMS = ("telegram", "discord")


async def standing(database: Database, settings: Settings, now: datetime) -> list[str]:
    """A sentence each on schema and zone data, who leads, what waits, what is on its way, what waits for a token, and the pace."""
    served = served_by(settings)
    async with database.read(patiently=True) as session:
        waiting, since = await outbox.queue(session, now, served)
        unclaimed = await subscriptions.count_due(session, None, now, served)
        unserved = {
            platform: await subscriptions.count_due(session, None, now, [platform])
            for platform in PLATFORMS
            if platform not in served
        }
        on_their_way, lease = await outbox.leases(session)
        zones = await remembered.recall(session, recompute.NAME)
    return [
        f"Schema {await revision(database)}, the newest. {_of_zones(zones)}",
        "A process leads: it sends the doses."
        if await is_taken(database, Lock.LEADING)
        else "Nobody leads: no dose is sent.",
        f"Messages that wait: {waiting}{_oldest(since, now)}. Doses that are due and not claimed yet: {unclaimed}.",
        f"Messages on their way: {on_their_way}{_lease(lease, now)}.",
        *(f"{n} doses wait for {name.capitalize()}, which is not set up." for name, n in unserved.items() if n),
        *_pace(settings),
    ]


def served_by(settings: Settings) -> tuple[str, ...]:
    """The platforms that a `run` with these settings speaks on, and the terminal."""
    tokens = zip(PLATFORMS, (settings.telegram_token, settings.discord_token), strict=True)
    return (*(platform for platform, token in tokens if token), "terminal")


def _of_zones(kept: str | None) -> str:
    current = zone_data_version()
    if kept is None:
        return f"Zone data {current}."
    if kept != current:
        return f"Zone data {current}; what is due goes by {kept} until the next start."
    return f"Zone data {current}, and what is due goes by it."


def _lease(ends: datetime | None, now: datetime) -> str:
    if ends is None:
        return ""
    if ends < now:
        return f"; the oldest lease ended {_span(now - ends)} ago"
    return f"; the oldest lease ends in {_span(ends - now)}"


def _oldest(since: datetime | None, now: datetime) -> str:
    return f", the oldest for {_span(now - since)}" if since else ""


def _span(long: timedelta) -> str:
    seconds = int(long.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} minutes" if seconds < 7200 else f"{seconds // 3600} hours"


def _pace(settings: Settings) -> Iterator[str]:
    paces = ", ".join(f"{settings.pace_of(platform)} on {platform.capitalize()}" for platform in PLATFORMS)
    paid = "on: beyond 30 a second each costs the bot Stars" if settings.paid_broadcast else "off: nothing costs Stars"
    yield f"Doses a second, at most: {paces}. Paid broadcast is {paid}."
