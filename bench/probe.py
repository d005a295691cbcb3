"""How long an event loop answered nobody, and what a process has cost so far."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from time import perf_counter, thread_time

TICK = 0.01
_A_SECOND = os.sysconf("SC_CLK_TCK")


class Probe:
    """Notes how much later than asked a short sleep returns, and for how long the loop's thread computed meanwhile.

    `own` is the most it computed between two ticks: what the rest of a stall is, others had of the machine.
    """

    def __init__(self) -> None:
        self.worst = self.own = 0.0
        self.more: dict[str, list[float]] = {}
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            asleep, computed = perf_counter(), thread_time()
            await asyncio.sleep(TICK)
            self.worst = max(self.worst, perf_counter() - asleep - TICK)
            self.own = max(self.own, thread_time() - computed)

    def told(self) -> str:
        """What was found, as a line of JSON; it begins anew."""
        found = json.dumps({"stall": self.worst, "own": self.own, **self.more})
        self.worst = self.own = 0.0
        for times in self.more.values():
            times.clear()
        return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a process, without what its kernel did for others."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _A_SECOND


def megabytes(pid: int) -> float:
    """The memory a process holds now."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000
