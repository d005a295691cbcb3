"""The present time, the subscribers' alarms and the pulses. APScheduler lives here and nowhere else.

The row is the truth and the job is its alarm (design, section 2): one `DateTrigger` for each instant of claimed doses, in memory, without a
grace time, so that a crash, a full second or a night of daylight saving loses none. `make bench` repeats the measurement behind that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.ending import end

log = structlog.get_logger("clock")


class Present:
    """The present instant, UTC. In a terminal or a test it can be moved forward; nothing else may ask the system's clock."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self._ahead = ahead
        self._ahead_by = ahead.total_seconds()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC) + self._ahead

    def move_to(self, instant: datetime) -> None:
        """Let it be that instant now; it never goes back."""
        self._ahead = max(self._ahead, instant - datetime.now(UTC))
        self._ahead_by = self._ahead.total_seconds()
        self._moved.set()
        self._moved = asyncio.Event()

    def monotonic(self) -> float:
        """Seconds that only grow: the system's monotonic clock, moved forward with the instant."""
        return time.monotonic() + self._ahead_by

    async def sleep(self, seconds: float) -> None:
        """Wait that long, or until the time is moved: whoever waits for an instant looks again then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()

    def on_the_wall(self, instant: datetime) -> datetime:
        """The system clock's reading at an instant of ours."""
        return instant - self._ahead


class _QuietEnd(AsyncIOExecutor):  # type: ignore[misc]  # (the library has no types)
    """Says nothing of jobs that the end keeps from beginning: APScheduler calls them errors, with a traceback."""

    def _run_job_error(self, job_id: str, exc: BaseException, traceback: TracebackType | None = None) -> None:
        if not isinstance(exc, asyncio.CancelledError):
            super()._run_job_error(job_id, exc, traceback)


class Clock:
    """Rings alarms and beats pulses."""

    def __init__(self, present: Present) -> None:
        self._present = present
        self._beating: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            executors={"default": _QuietEnd()},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def start(self) -> None:
        """Let the time run."""
        self._scheduler.start()

    def stop(self) -> None:
        """No alarm rings after this."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def at_rest(self, within: float) -> None:
        """Wait, some seconds at most, until no pulse beats any more: one that was cut off still gives back what it held.

        One that did not hear of its end by half of that time is told again.
        """
        if self._beating:
            _, deaf = await asyncio.wait(self._beating, timeout=within / 2)
            await end(*deaf, within=within / 2)

    def alarm(self, name: str, at: datetime, ring: Callable[[], None]) -> None:
        """Ring once at an instant, at once if it is over; an alarm of the same name is replaced."""

        async def job() -> None:  # a coroutine runs in the loop; a plain function would go to a thread
            ring()

        self._scheduler.add_job(
            job,
            DateTrigger(self._present.on_the_wall(at)),
            id=name,
            misfire_grace_time=None,
            replace_existing=True,
        )

    def pulse(self, name: str, every: timedelta, beat: Callable[[], Awaitable[None]]) -> None:
        """Beat again and again; a beat that fails is logged and the next one comes. The end of all may cut one off."""

        async def job() -> None:
            task = asyncio.current_task()
            assert task is not None, "jobs run as tasks"
            self._beating.add(task)
            task.add_done_callback(self._beating.discard)
            try:
                await beat()
            except asyncio.CancelledError:  # it ends here: APScheduler would call it an error, with a traceback
                log.info("pulse.cut_off", pulse=name)
            except Exception:
                log.exception("pulse.failed", pulse=name)

        self._scheduler.add_job(
            job, IntervalTrigger(seconds=every.total_seconds()), id=f"pulse:{name}", misfire_grace_time=None
        )
