"""Many subscribers at once, written straight into the tables: a conversation for each would take minutes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from bot.chat import Address
from bot.doors.terminal import TerminalDoor
from bot.learning.timetable import find_zone
from bot.store.database import Database
from bot.store.subscriptions import lot_of
from bot.store.tables import Identity, Person, Schedule, Subscription


@dataclass(frozen=True, slots=True)
class Slot:
    """The hour a crowd shares in a zone, the first day on which it is due, and that instant (UTC)."""

    zone: str
    hour: time
    first_day: date
    due: datetime

    @classmethod
    def around(cls, instant: datetime) -> Slot:
        """The minute of an instant, in the zone where it is about noon: no day turns while a test runs."""
        east = 12 - instant.astimezone(UTC).hour
        zone = f"Etc/GMT{-east:+}" if east else "Etc/GMT"
        local = instant.astimezone(find_zone(zone))
        minute = local.replace(second=0, microsecond=0)
        return cls(zone, minute.time(), minute.date(), minute.astimezone(UTC))


EIGHT_IN_SAO_PAULO = Slot("America/Sao_Paulo", time(8), date(2026, 3, 3), datetime(2026, 3, 3, 11, tzinfo=UTC))
FIRST_DAY = EIGHT_IN_SAO_PAULO.first_day
FIRST_DUE = EIGHT_IN_SAO_PAULO.due
MET = timedelta(days=1)
PAGE = 1000
"""Rows a statement: PostgreSQL takes 32,767 values at most."""


async def crowd(
    database: Database, count: int, slot: Slot = EIGHT_IN_SAO_PAULO, platform: str = "terminal", first: int = 1
) -> None:
    """Subscribers `first`, `first` + 1, … in English, with their dose at the slot's hour from its first day on."""
    for begin in range(first, first + count, PAGE):
        await _add(database, range(begin, min(begin + PAGE, first + count)), slot, platform)


async def _add(database: Database, numbers: range, slot: Slot, platform: str) -> None:
    zone = {"hour": slot.hour, "turn": time(4), "zone": slot.zone, "days": "1234567"}
    given = {"platform": platform, "trail": "first-steps", "known_topics": [], "topics": [], "minutes": 15}
    due = {"state": "active", "began_on": slot.first_day, "next_day": slot.first_day, "next_due_at": slot.due}
    chats = {number: chat_of(number, platform).chat for number in numbers}
    async with database.write() as session:
        people = [{"id": n, "name": f"Learner {n}", "language": "en", "met_at": slot.due - MET} for n in numbers]
        await session.execute(insert(Person), people)
        named = [{"platform": platform, "platform_id": chats[n], "person_id": n} for n in numbers]
        await session.execute(insert(Identity), named)
        rows = [
            {"id": n, "owner": f"person:{n}", "person_id": n, "chat": chats[n], "lot": lot_of(n, slot.first_day)}
            | {**given, **zone, **due}
            for n in numbers
        ]
        await session.execute(insert(Subscription), rows)
        acting = [{"subscription_id": n, "from_day": slot.first_day, **zone} for n in numbers]
        await session.execute(insert(Schedule), acting)


def copies(*doors: TerminalDoor) -> Counter[str]:
    """How many unasked messages each chat got."""
    return Counter(sent.to.chat for door in doors for sent in door.sent)


def chat_of(number: int, platform: str = "terminal") -> Address:
    """Where subscriber `number` is."""
    return Address(platform, f"p{number}" if platform == "terminal" else str(number))
