"""The wall clock steps while the bot runs: two hours back, two hours ahead, a whole day. Nobody gets two doses for one day.

The whole process runs under libfaketime where that is installed (Debian: `apt install faketime`). What the bot's clock showed at any
instant is known, so each message is held against it: none is on its way before its hour by the clock that the bot was given.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot.delivery.senders import SENDERS
from bot.store.tables import Dose, Outgoing
from tests.chaos.judge import Verdict
from tests.chaos.platforms import doses_on_screens
from tests.chaos.stage import NotPlayed, Stage

BACK, AHEAD, A_DAY = timedelta(hours=-2), timedelta(hours=2), timedelta(days=1)
ON_ITS_WAY = 5.0
"""Seconds around a step within which a message that arrives was taken before it or is written down after it."""


class FakeClock:
    """The clock of the bot, as far ahead of the true one as a file says."""

    def __init__(self, stage: Stage) -> None:
        self._file = stage.folder / "ahead"
        self._steps: list[tuple[float, timedelta]] = []
        self.step(timedelta())
        stage.environment |= {
            "LD_PRELOAD": _library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def step(self, ahead: timedelta) -> None:
        """From now on it is that far ahead."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead.total_seconds():+.0f}")
        new.replace(self._file)  # at once, or the bot might read half of it
        self._steps.append((time.monotonic(), ahead))

    def showed(self, at: float) -> datetime:
        """What it showed at an instant of the monotonic clock."""
        ahead = next(ahead for since, ahead in reversed(self._steps) if since <= at)
        return datetime.now(UTC) - timedelta(seconds=time.monotonic() - at) + ahead

    def stepped_back_around(self, at: float) -> bool:
        """Whether a step back lies so near to an instant that what arrived then was on its way meanwhile."""
        steps = zip(self._steps, self._steps[1:], strict=False)
        return any(later < earlier and abs(since - at) <= ON_ITS_WAY for (_, earlier), (since, later) in steps)


async def steps(stage: Stage, people: int = 60) -> Verdict:
    """Back two hours in the middle of the hour, ahead to two hours later, and then a day: one more dose for that day, and no burst."""
    await stage.subscribers(people)
    clock = FakeClock(stage)
    await stage.start()
    await stage.sends_reach(20)
    clock.step(BACK)
    await asyncio.sleep(10)
    clock.step(AHEAD)  # later than true: the same day, no second dose
    await stage.all_delivered()
    clock.step(timedelta())  # back once more, when everybody has theirs
    await asyncio.sleep(10)
    first_day = {dose: len(calls) for dose, calls in doses_on_screens(stage.telegram).items()}
    clock.step(A_DAY)
    async with asyncio.timeout(stage.patience):
        while len(doses_on_screens(stage.telegram)) < 2 * people:
            await asyncio.sleep(0.2)
    await asyncio.sleep(5)
    await stage.stop()
    crossing, early = await _held_against(stage, clock)
    days = [stage.slot.first_day, stage.slot.first_day + timedelta(days=1)]
    verdict = await stage.judged(days=days, now=datetime.now(UTC) + A_DAY, crossing=crossing)
    verdict.require(not early, f"before their hour by the bot's own clock: {early}")
    verdict.require(len(crossing) <= SENDERS, f"{len(crossing)} were on their way when the clock was set back")
    verdict.require(first_day == dict.fromkeys(first_day, 1), f"on the first day: {first_day}")
    verdict.require(len(first_day) == people, f"{len(first_day)} doses on the first day")
    verdict.notes.append(f"{len(crossing)} on their way at a step back")
    return verdict


async def _held_against(stage: Stage, clock: FakeClock) -> tuple[set[int], list[str]]:
    """The doses that were on their way when the clock was set back, and those that were early for no such reason.

    On their way are those that arrived after the step, and those that arrived before it and were written down after it.
    """
    async with stage.database.read() as session:
        sent = select(Dose.id, Dose.due_at, Outgoing.sent_at).join(Outgoing, Outgoing.dose_id == Dose.id)
        known = {dose: (due, sent_at) for dose, due, sent_at in await session.execute(sent)}
    crossing: set[int] = set()
    early: list[str] = []
    for dose, calls in doses_on_screens(stage.telegram).items():
        due, sent_at = known[dose]
        for shown in (clock.showed(call.at) for call in calls):
            if min(shown, sent_at) >= due:
                continue
            if any(clock.stepped_back_around(call.at) for call in calls):
                crossing.add(dose)
            else:
                early.append(f"dose {dose} at {shown}, written down at {sent_at}, due {due}")
    return crossing, early


def _library() -> str:
    """Raises NotPlayed where it is not installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise NotPlayed("libfaketime is not installed (Debian: apt install faketime)")
    return os.fspath(found[0])
