"""Fifty at once read a row, think, and write it: nobody's write is lost, nobody hears that the database is locked.

`make chaos` lets each of the fifty do it two hundred times.
"""

from __future__ import annotations

import asyncio
import os

from sqlalchemy import select

from bot.store import people, subscriptions
from bot.store.database import Database
from bot.store.tables import Person, Subscription
from tests.delivery.crowd import crowd

WRITERS, TIMES = (50, 200) if os.environ.get("TRILHA_WHOLE") else (50, 8)


async def test_fifty_writers_of_one_row_lose_no_write(database: Database) -> None:
    await crowd(database, 1)

    async def write() -> None:
        for _ in range(TIMES):
            async with database.write() as session:
                subscription = await subscriptions.lock(session, 1)
                assert subscription
                before = subscription.minutes
                await asyncio.sleep(0)  # whoever else wants it has the word now
                subscription.minutes = before + 1

    await asyncio.gather(*(write() for _ in range(WRITERS)))
    async with database.read() as session:
        assert await session.scalar(select(Subscription.minutes)) == 15 + WRITERS * TIMES


async def test_readers_beside_the_writers_see_whole_writes_only(database: Database) -> None:
    await crowd(database, 1)
    written = asyncio.Event()

    async def write() -> None:
        for _ in range(TIMES):
            async with database.write() as session:
                person = await people.find(session, "terminal", "p1")
                subscription = await subscriptions.lock(session, 1)
                assert person
                assert subscription
                person.name = f"{subscription.minutes + 1}"
                await session.flush()
                subscription.minutes += 1

    async def read() -> None:
        while not written.is_set():
            async with database.read() as session:
                row = (await session.execute(select(Person.name, Subscription.minutes).join(Subscription))).one()
            assert row.name in ("Learner 1", str(row.minutes))

    reading = [asyncio.create_task(read()) for _ in range(3)]
    await asyncio.gather(*(write() for _ in range(5)))
    written.set()
    await asyncio.gather(*reading)
