"""The stage of the delivery benchmarks: a Bot API server and a bot, each in its own process, and subscribers in a database."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from sqlalchemy import update

from bench.probe import cpu_seconds, megabytes
from bot.delivery import recompute
from bot.learning.timetable import find_zone, zone_data_version
from bot.store import remembered
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import Subscription
from tests.delivery.crowd import Slot, crowd
from tests.rig.telegram.process import RemotePerson, RemoteServer

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 600.0
"""Seconds after which a bot that does not get ready is given up."""


class Process:
    """A bot in its own process, which tells by lines on its standard output."""

    def __init__(self, process: asyncio.subprocess.Process, started_in: float) -> None:
        self._process = process
        self.pid = process.pid
        self.started_in = started_in
        self._cpu = self.cpu()

    def cpu(self) -> float:
        """Seconds of a processor it has had."""
        return cpu_seconds(self.pid)

    def cpu_since(self) -> float:
        """The same, since this was asked last."""
        before, self._cpu = self._cpu, self.cpu()
        return self._cpu - before

    def megabytes(self) -> float:
        """The memory it holds now."""
        return megabytes(self.pid)

    async def asked(self) -> str:
        """Its answer to a line."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(b"\n")
        return (await self._process.stdout.readline()).decode().strip()

    async def found(self) -> Any:
        """What its probe found since the last time."""
        return json.loads(await self.asked())

    async def said(self) -> str:
        """Its next line, unasked."""
        assert self._process.stdout
        return (await self._process.stdout.readline()).decode().strip()

    def kill(self) -> None:
        """At once."""
        self._process.kill()


@asynccontextmanager
async def running(*command: str, **environment: str) -> AsyncIterator[Process]:
    """`python -m …`, from the moment it says that it started to the end of the block."""
    began = perf_counter()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command),
        env=inherited | environment,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        assert process.stdin
        line = await asyncio.wait_for(process.stdout.readline(), LONGEST)
        assert line == b"started\n", f"{command} said {line!r}"
        yield Process(process, perf_counter() - began)
    finally:
        if process.returncode is None:
            process.terminate()
        if process.stdin:
            process.stdin.close()
        await process.wait()


def settings_of(telegram: RemoteServer, url: str, folder: Path) -> dict[str, str]:
    """The environment of our bot."""
    return {
        "BOT_TELEGRAM_TOKEN": telegram.token,
        "BOT_TELEGRAM_API_URL": telegram.url,
        "BOT_DATABASE_URL": url,
        "BOT_DATA_DIR": str(folder),
        "BOT_CATALOG": str(ROOT / "tests" / "small_catalog.yaml"),
        "BOT_HEALTH_LISTEN": "off",
        "BOT_LOG_LEVEL": "WARNING",
    }


@dataclass(slots=True)
class Sends:
    """When messages arrived at the server, in seconds, in order."""

    times: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """From the first to the last."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0]) if len(self.times) > 1 else 0.0


async def sends(telegram: RemoteServer, count: int, within: float) -> Sends:
    """Wait until so many doses are on screens, or the time is over; when each arrived."""
    until, arrived, place = perf_counter() + within, Sends(), 0
    while True:
        news = await telegram.command("times", since=place, part="done:")
        arrived.times += news["times"]
        place = news["next"]
        if len(arrived.times) >= count or perf_counter() >= until:
            return arrived
        await asyncio.sleep(0.25)


async def fill(url: str, count: int, slot: Slot, first: int = 1, platform: str = "telegram") -> None:
    """A database with so many subscribers whose dose is due at a slot, as a bot leaves it that ran with today's zone data."""
    database = Database(url)
    await migrate(database)
    await crowd(database, count, slot, platform, first)
    async with database.write() as session:
        await remembered.remember(session, recompute.NAME, zone_data_version())
    await database.close()


async def move_everybody(url: str) -> None:
    """Leave the database as after new zone data that moves everybody: each due instant is wrong, and the next start mends it."""
    database = Database(url)
    async with database.write() as session:
        await session.execute(update(Subscription).values(next_due_at=datetime.now(UTC) + timedelta(days=2)))
        await remembered.remember(session, recompute.NAME, "of another year")
    await database.close()


def in_a_moment(seconds: float = 0) -> Slot:
    """The slot of this minute, or of the one that holds the instant so many seconds from now."""
    return Slot.around(datetime.now(UTC) + timedelta(seconds=seconds))


async def wait_until(instant: datetime) -> None:
    """Wait for an instant."""
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))


def at_another_hour(slot: Slot) -> Slot:
    """A slot that is due twelve hours later; nobody of it gets anything while a benchmark runs."""
    later = (slot.due + timedelta(hours=12)).astimezone(find_zone(slot.zone))
    return Slot(slot.zone, later.time(), later.date(), later.astimezone(UTC))


async def answers(people: Iterable[RemotePerson], every: float, until: asyncio.Event | None = None) -> list[float]:
    """How long each waited for the answer to a command, in seconds; one of them asks every so often, in turn."""
    waited: list[float] = []

    async def ask(person: RemotePerson) -> None:
        began = perf_counter()
        await person.says("/streak")
        await person.sees_something("first Done", within=30)
        waited.append(perf_counter() - began)

    asking = []
    for person in people:
        if until and until.is_set():
            break
        asking.append(asyncio.create_task(ask(person)))
        await asyncio.sleep(every)
    await asyncio.gather(*asking)
    return waited


def p95(times: list[float]) -> float:
    """Nineteen of twenty are shorter."""
    return quantiles(times, n=20)[-1] if len(times) > 1 else 0.0
