"""Fifty at once read a row, think, and write it: nobody's write is lost, nobody hears that the database is locked.

`make chaos` lets each of the fifty do it two hundred times.
"""

from __future__ import annotations

import asyncio
import os
import time
from statistics import quantiles

from sqlalchemy import select

from bot.store import people, subscriptions
from bot.store.database import Database
from bot.store.tables import Person, Subscription
from tests.delivery.crowd import crowd

WHOLE = bool(os.environ.get("TRILHA_WHOLE"))
QUIET = 0.005
"""Seconds for each write on a machine that has nothing else to do; how long one waits is asserted there only."""
WRITERS, TIMES = (50, 200) if WHOLE else (50, 8)


async def test_fifty_writers_of_one_row_lose_no_write(database: Database) -> None:
    await crowd(database, 1)
    waits: list[float] = []

    async def write() -> None:
        for _ in range(TIMES):
            asked = time.perf_counter()
            async with database.write() as session:
                subscription = await subscriptions.lock(session, 1)
                waits.append(time.perf_counter() - asked)
                assert subscription
                before = subscription.minutes
                await asyncio.sleep(0)  # whoever else wants it has the word now
                subscription.minutes = before + 1

    began = time.perf_counter()
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    each = (time.perf_counter() - began) / len(waits)
    async with database.read() as session:
        assert await session.scalar(select(Subscription.minutes)) == 15 + WRITERS * TIMES
    longest = quantiles(waits, n=100)[-1]
    print(f"{len(waits)} writes, {each * 1000:.1f} ms each; p99 of the wait for one's turn {longest * 1000:.0f} ms")
    if WHOLE and each <= QUIET:
        assert longest <= 1


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
