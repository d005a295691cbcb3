"""The wall clock steps while the bot runs: two hours back, two hours ahead, a whole day. Nobody gets two doses for one day.

The whole process runs under libfaketime where that is installed (Debian: `apt install faketime`).
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.chaos.judge import Verdict, doses_on_screens, judge
from tests.chaos.stage import SENDERS, NotPlayed, Stage

STEPS = (timedelta(hours=-2), timedelta(hours=2), timedelta(days=1))


async def steps(stage: Stage, people: int = 60) -> Verdict:
    """Back two hours in the middle of the hour, ahead to the true time, and then a day: one more dose for that day, and no burst."""
    await stage.subscribers(people)
    ahead = stage.folder / "ahead"
    _set(ahead, timedelta())
    stage.environment |= {
        "LD_PRELOAD": _library(),
        "FAKETIME_TIMESTAMP_FILE": str(ahead),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    await stage.start()
    await stage.sends_reach(20)
    _set(ahead, STEPS[0])
    await asyncio.sleep(10)
    _set(ahead, STEPS[1])  # two hours later than true: the same day, no second dose
    await stage.all_delivered()
    _set(ahead, timedelta())
    await asyncio.sleep(10)
    first_day = {dose: len(calls) for dose, calls in doses_on_screens(stage.telegram).items()}
    _set(ahead, STEPS[2])
    async with asyncio.timeout(120):
        while len(doses_on_screens(stage.telegram)) < 2 * people:
            await asyncio.sleep(0.2)
    await asyncio.sleep(5)
    await stage.stop()
    days = [stage.slot.first_day, stage.slot.first_day + timedelta(days=1)]
    now = datetime.now(UTC) + STEPS[2]
    verdict = await judge(stage.telegram, stage.database, doubts=0, days=days, now=now, early=SENDERS)
    verdict.require(first_day == dict.fromkeys(first_day, 1), f"on the first day: {first_day}")
    verdict.require(len(first_day) == people, f"{len(first_day)} doses on the first day")
    return verdict


def _set(file: Path, ahead: timedelta) -> None:
    file.write_text(f"{ahead.total_seconds():+.0f}")


def _library() -> str:
    """Raises NotPlayed where it is not installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        raise NotPlayed("libfaketime is not installed (Debian: apt install faketime)")
    return str(found[0])
