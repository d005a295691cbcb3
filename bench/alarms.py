"""Why subscribers have date jobs in a window and no cron jobs: the measurement behind the design notes, in one table.

    python -m bench.alarms            less than two minutes

The faults are those of APScheduler 3.11 with a *cron* job for each subscriber, or with its defaults. The last rows are what `clock` does:
at most 500 date jobs at a time, in memory, without a grace period, the next window only when the last one has drained.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

YEAR = 2026
PEOPLE = 10_000
WINDOW = 500


# ── what a cron job does on the nights when clocks change ─────────────────────────────────────────────────────────────


def cron_faults(hour: int, minute: int) -> tuple[int, int]:
    """Of all zones: in how many a daily cron job leaves out a date of the year, and in how many it fires twice on one."""
    skipping = doubling = 0
    for name in available_timezones():
        fired = list(fire_dates(CronTrigger(hour=hour, minute=minute, timezone=ZoneInfo(name)), ZoneInfo(name)))
        doubling += len(fired) > len(set(fired))
        skipping += len(set(fired)) < 365
    return skipping, doubling


def fire_dates(trigger: CronTrigger, zone: ZoneInfo) -> Iterator[date]:
    """The local date of each firing within the year, as the trigger itself gives them."""
    before: datetime | None = None
    now = datetime(YEAR, 1, 1, tzinfo=zone) - timedelta(microseconds=1)
    while True:
        fires = trigger.get_next_fire_time(before, now)
        if fires is None or fires.year > YEAR:
            return
        if fires.year == YEAR:
            yield fires.date()
        before = now = fires


# ── what a scheduler does when many are due at once ───────────────────────────────────────────────────────────────────


@dataclass
class Run:
    """What became of some jobs: how many ran or were dropped, the longest time the loop answered nobody, and the cost."""

    ran: int = 0
    lost: int = 0
    stall: float = 0.0
    megabytes: float = 0.0
    seconds: float = 0.0


class Watched:
    """A scheduler whose jobs are counted into a run, and whose loop is probed for stalls."""

    def __init__(self, store: str | None = None) -> None:
        stores = {"default": SQLAlchemyJobStore(store)} if store else {}
        self.scheduler = AsyncIOScheduler(jobstores=stores, timezone=UTC)
        self.scheduler.add_listener(self.count, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
        self.run = Run()
        self.awaited = 0
        self.settled = asyncio.Event()

    def count(self, event: JobExecutionEvent) -> None:
        """Count a job that ran, or was dropped for being late."""
        self.run.ran += event.code == EVENT_JOB_EXECUTED
        self.run.lost += event.code == EVENT_JOB_MISSED
        if self.run.ran + self.run.lost >= self.awaited:
            self.settled.set()

    async def until(self, jobs: int) -> None:
        """Wait until so many jobs ran or were dropped; a minute at most, and what is silent by then is lost."""
        self.awaited = jobs
        self.settled.clear()
        if self.run.ran + self.run.lost < jobs:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.settled.wait(), 60)
        self.run.lost = jobs - self.run.ran

    async def probe(self) -> None:
        """Note how much later than asked a short sleep returns: so long the loop answered nobody."""
        while True:
            asleep = perf_counter()
            await asyncio.sleep(0.005)
            self.run.stall = max(self.run.stall, perf_counter() - asleep - 0.005)


async def all_at_once(jobs: int, options: dict[str, object], store: str | None = None) -> Run:
    """A daily cron job for each subscriber, all at the same second, added well before."""
    watched = Watched(store)
    watched.scheduler.start(paused=True)
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3 + jobs // (200 if store else 5_000))
    daily = CronTrigger(hour=due.hour, minute=due.minute, second=due.second, timezone=UTC)
    for number in range(jobs):
        watched.scheduler.add_job(ring, daily, id=f"daily:{number}", **options)
    watched.scheduler.resume()
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds() - 0.5)
    probe = asyncio.create_task(watched.probe())
    await watched.until(jobs)
    await asyncio.sleep(0.02)  # the probe wakes once more and sees the last stall
    probe.cancel()
    watched.scheduler.shutdown()
    return watched.run


async def in_windows(people: int) -> Run:
    """The way of `clock`: a window of alarms, and the next one when it has drained."""
    watched = Watched()
    watched.scheduler.start()
    probe = asyncio.create_task(watched.probe())
    for first in range(0, people, WINDOW):
        last = min(first + WINDOW, people)
        due = datetime.now(UTC) + timedelta(milliseconds=200)
        for number in range(first, last):
            alarm = {"id": f"dose:{number}", "misfire_grace_time": None, "replace_existing": True}
            watched.scheduler.add_job(ring, DateTrigger(due), **alarm)
        await watched.until(last)
    await asyncio.sleep(0.02)  # the probe wakes once more and sees the last stall
    probe.cancel()
    watched.scheduler.shutdown()
    return watched.run


async def kept_ready(jobs: int) -> Run:
    """A cron job for each subscriber, held in memory until tomorrow: what that costs before anything is sent."""
    watched = Watched()
    for number in range(jobs):
        watched.scheduler.add_job(ring, CronTrigger(hour=9), id=f"daily:{number}")
    watched.scheduler.start()
    watched.scheduler.shutdown()
    return watched.run


async def ring() -> None:
    """The alarm itself: the row goes to the pace, which takes no time."""


def measured(work: Callable[..., Coroutine[None, None, Run]], *arguments: object) -> Run:
    """The run of one experiment in a fresh process, so that each shows the memory it took itself."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(in_this_process, work, arguments).result()


def in_this_process(work: Callable[..., Coroutine[None, None, Run]], arguments: tuple[object, ...]) -> Run:
    """One experiment, with the time it took and the memory it needed at its worst."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a line for each dropped job; nothing else tells of it
    before, began = peak_megabytes(), perf_counter()
    run = asyncio.run(work(*arguments))
    run.seconds, run.megabytes = perf_counter() - began, peak_megabytes() - before
    return run


def peak_megabytes() -> float:
    """The most memory this process ever held, as Linux counts it: `getrusage` would add what was there before the exec."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows() -> Iterator[tuple[str, str]]:
    """What was done, and what came of it."""
    zones = len(available_timezones())
    for hour, minute in ((0, 15), (1, 30), (2, 30), (9, 0)):
        skipping, doubling = cron_faults(hour, minute)
        found = f"{skipping} of {zones} zones leave out a date, {doubling} fire twice on one"
        yield f"daily cron job at {hour:02}:{minute:02}, {YEAR}", found
    for jobs in (3_500, 7_000, 14_000):
        grace = measured(all_at_once, jobs, {})
        found = f"{grace.ran:,} ran, {grace.lost:,} lost, worst stall {grace.stall * 1000:,.0f} ms"
        yield f"{jobs:,} cron jobs due in one second, default grace", found
    with tempfile.TemporaryDirectory() as folder:
        stored = measured(all_at_once, 2_000, {"misfire_grace_time": None}, f"sqlite:///{folder}/jobs")
    yield (
        "2,000 cron jobs in the SQL job store, no grace",
        f"{stored.ran:,} ran, worst stall {stored.stall * 1000:.0f} ms",
    )
    ready = measured(kept_ready, 50_000)
    yield "50,000 cron jobs held in memory", f"{ready.megabytes:.0f} MB, {ready.seconds:.1f} s to start"
    windowed = measured(in_windows, PEOPLE)
    yield (
        f"{PEOPLE:,} date jobs in windows of {WINDOW}, no grace",
        f"{windowed.ran:,} ran, {windowed.lost} lost, worst stall {windowed.stall * 1000:.0f} ms, "
        f"{windowed.megabytes:.0f} MB, {windowed.seconds:.0f} s",
    )


def main(table: Iterable[tuple[str, str]]) -> int:
    """Print the table as it comes; return 1 if our own way lost an alarm."""
    print(f"APScheduler {version('apscheduler')}, Python {sys.version.split()[0]}\n")
    lost = False
    for what, found in table:
        print(f"{what:<52} {found}", flush=True)
        lost = "windows" in what and " 0 lost" not in found
    return int(lost)


if __name__ == "__main__":
    sys.exit(main(rows()))
