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
    """Notes how much later than asked a short sleep returns.

    Where it is to look, `own` is the most that the loop's thread computed between two ticks: the rest of a stall is what others had of the
    machine. To look costs half a percent of a core, so it does not where processor time is measured.
    """

    def __init__(self, look: bool = False) -> None:
        self.worst = self.own = 0.0
        self._computed = thread_time if look else lambda: 0.0
        self.more: dict[str, list[float]] = {}
        self._task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        computed = self._computed()
        while True:
            asleep = perf_counter()
            await asyncio.sleep(TICK)
            self.worst = max(self.worst, perf_counter() - asleep - TICK)
            before, computed = computed, self._computed()
            self.own = max(self.own, computed - before)

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
