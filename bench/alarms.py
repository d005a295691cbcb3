"""Why subscribers have date jobs in a window and no cron jobs: the measurement behind the design notes, in one table.

    python -m bench.alarms            less than two minutes

The faults are those of APScheduler 3.11 with a *cron* job for each subscriber, or with its defaults. The last rows are what `clock` does:
at most 500 date jobs at a time, in memory, without a grace period, the next window only when the last one has drained.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo, available_timezones

from apscheduler.events import EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
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


def fire_dates(trigger: CronTrigger, zone: ZoneInfo) -> Iterator[object]:
    """The local date of each firing within the year. Whole quiet months are walked too: the trigger decides, not we."""
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
    """What became of some jobs: how many ran, how many were dropped, and the longest time the loop answered nobody."""

    ran: int = 0
    lost: int = 0
    awaited: int = 0
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    stall: float = 0.0
    megabytes: float = 0.0
    seconds: float = 0.0


async def all_at_once(jobs: int, *, grace: dict[str, object], store: str | None = None) -> Run:
    """Jobs that are all due in the same second, added beforehand."""
    run = Run()
    scheduler = watched(run, store)
    scheduler.start(paused=True)
    due = datetime.now(UTC) + timedelta(seconds=0.002 * jobs if store else 0.0004 * jobs + 1)
    for number in range(jobs):
        scheduler.add_job(ring, DateTrigger(due), id=f"dose:{number}", **grace)
    scheduler.resume()
    with stalls_of(run):
        await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        await until_settled(run, jobs)
    scheduler.shutdown()
    return run


async def in_windows(people: int) -> Run:
    """The way of `clock`: a window of alarms, and the next one when it has drained."""
    run, before, began = Run(), resident(), perf_counter()
    scheduler = watched(run, None)
    scheduler.start()
    with stalls_of(run):
        for first in range(0, people, WINDOW):
            due = datetime.now(UTC) + timedelta(milliseconds=200)
            for number in range(first, min(first + WINDOW, people)):
                scheduler.add_job(
                    ring, DateTrigger(due), id=f"dose:{number}", misfire_grace_time=None, replace_existing=True
                )
            await until_settled(run, min(first + WINDOW, people))
    run.megabytes, run.seconds = resident() - before, perf_counter() - began
    scheduler.shutdown()
    return run


async def kept_ready(jobs: int) -> Run:
    """A job for each subscriber, held in memory until tomorrow: what that costs before anything is sent."""
    run, before, began = Run(), resident(), perf_counter()
    scheduler = watched(run, None)
    for number in range(jobs):
        scheduler.add_job(ring, CronTrigger(hour=9), id=f"daily:{number}")
    scheduler.start()
    run.megabytes, run.seconds = resident() - before, perf_counter() - began
    scheduler.shutdown()
    return run


async def ring() -> None:
    """The alarm itself: the row goes to the pace, which takes no time."""


def watched(run: Run, store: str | None) -> AsyncIOScheduler:
    """A scheduler whose executed and missed jobs are counted."""
    scheduler = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(store)} if store else {}, timezone=UTC)

    def count(event: object) -> None:
        run.ran += getattr(event, "code", 0) == EVENT_JOB_EXECUTED
        run.lost += getattr(event, "code", 0) == EVENT_JOB_MISSED
        if run.ran + run.lost >= run.awaited:
            run.settled.set()

    scheduler.add_listener(count, EVENT_JOB_EXECUTED | EVENT_JOB_MISSED)
    return scheduler


async def until_settled(run: Run, jobs: int) -> None:
    """Wait until so many jobs ran or were dropped; a minute at most, and what is silent by then is lost."""
    run.awaited = jobs
    run.settled.clear()
    if run.ran + run.lost < jobs:
        with suppress(TimeoutError):
            await asyncio.wait_for(run.settled.wait(), 60)
    run.lost = jobs - run.ran


@contextmanager
def stalls_of(run: Run) -> Iterator[None]:
    """Write the longest stall of the loop into a run: how much later than asked a short sleep returned."""

    async def probe() -> None:
        while True:
            asleep = perf_counter()
            await asyncio.sleep(0.005)
            run.stall = max(run.stall, perf_counter() - asleep - 0.005)

    task = asyncio.get_running_loop().create_task(probe())
    try:
        yield
    finally:
        task.cancel()


def resident() -> float:
    """Megabytes of memory the process holds (Linux)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows() -> Iterator[tuple[str, str]]:
    """What was done, and what came of it."""
    zones = len(available_timezones())
    for hour, minute in ((0, 0), (0, 15), (1, 30), (2, 30), (9, 0)):
        skipping, doubling = cron_faults(hour, minute)
        found = f"{skipping} of {zones} zones leave out a date, {doubling} fire twice on one"
        yield f"daily cron job at {hour:02}:{minute:02}, {YEAR}", found
    for jobs in (5_000, 10_000, 20_000):
        grace = measured(all_at_once, jobs, {})
        yield f"{jobs:,} date jobs due in one second, default grace", f"{grace.ran:,} ran, {grace.lost:,} lost"
    with tempfile.TemporaryDirectory() as folder:
        stored = measured(all_at_once, 2_000, {"misfire_grace_time": None}, f"sqlite:///{folder}/jobs")
    yield "2,000 date jobs in the SQL job store, no grace", f"{stored.ran:,} ran, worst stall {stored.stall * 1000:.0f} ms"
    ready = measured(kept_ready, 50_000)
    yield "50,000 cron jobs held in memory", f"{ready.megabytes:.0f} MB, {ready.seconds:.1f} s to start"
    windowed = measured(in_windows, PEOPLE)
    yield (
        f"{PEOPLE:,} date jobs in windows of {WINDOW}, no grace",
        f"{windowed.ran:,} ran, {windowed.lost} lost, worst stall {windowed.stall * 1000:.0f} ms, "
        f"{windowed.megabytes:.0f} MB, {windowed.seconds:.0f} s",
    )


def measured(work: Callable[..., Coroutine[None, None, Run]], *arguments: object) -> Run:
    """The run of one experiment in a fresh process, so that each sees the memory it took itself."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, work, arguments).result()


def _run(work: Callable[..., Coroutine[None, None, Run]], arguments: tuple[object, ...]) -> Run:
    before, began = resident(), perf_counter()
    run = asyncio.run(work(*arguments))
    return replace(run, settled=None, megabytes=run.megabytes or resident() - before, seconds=perf_counter() - began)


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
