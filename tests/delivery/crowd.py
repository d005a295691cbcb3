"""Many subscribers at once, written straight into the tables: a conversation for each would take minutes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time

from sqlalchemy import insert

from bot.chat import Address
from bot.doors.terminal import TerminalDoor
from bot.store.database import Database
from bot.store.tables import Identity, Person, Schedule, Subscription

FIRST_DAY = date(2026, 3, 3)
FIRST_DUE = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)  # 08:00 in São Paulo


async def crowd(database: Database, count: int) -> None:
    """Subscribers 1 to `count`, in English, with their dose at 08:00 in São Paulo from 3 March 2026 on."""
    numbers = range(1, count + 1)
    zone = {"hour": time(8), "turn": time(4), "zone": "America/Sao_Paulo", "days": "1234567"}
    given = {"platform": "terminal", "trail": "first-steps", "known_topics": [], "topics": [], "minutes": 15}
    due = {"state": "active", "began_on": FIRST_DAY, "next_day": FIRST_DAY, "next_due_at": FIRST_DUE}
    async with database.write() as session:
        people = [{"id": n, "name": f"Learner {n}", "language": "en", "met_at": FIRST_DUE} for n in numbers]
        await session.execute(insert(Person), people)
        named = [{"platform": "terminal", "platform_id": f"p{n}", "person_id": n} for n in numbers]
        await session.execute(insert(Identity), named)
        rows = [
            {"id": n, "owner": f"person:{n}", "person_id": n, "chat": f"p{n}", **given, **zone, **due} for n in numbers
        ]
        await session.execute(insert(Subscription), rows)
        acting = [{"subscription_id": n, "from_day": FIRST_DAY, **zone} for n in numbers]
        await session.execute(insert(Schedule), acting)


def copies(*doors: TerminalDoor) -> Counter[str]:
    """How many unasked messages each chat got."""
    return Counter(sent.to.chat for door in doors for sent in door.sent)


def chat_of(number: int) -> Address:
    """Where subscriber `number` is."""
    return Address("terminal", f"p{number}")
