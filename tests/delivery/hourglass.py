"""Time that runs only when everybody waits for it: seconds of a test cost nothing, and nothing depends on the machine."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Sand(selectors.SelectSelector):
    """Never waits: it lets as much time pass as it was asked to wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits for something that never comes"
            self.passed += max(timeout, 0.0)
        return ready


class Hourglass(asyncio.SelectorEventLoop):
    """An event loop with such a time; `run` in it what sleeps by `asyncio.sleep` and reads the loop's `time`."""

    def __init__(self) -> None:
        self._sand = _Sand()
        super().__init__(self._sand)

    def time(self) -> float:
        return self._sand.passed

    def stalls(self, seconds: float) -> None:
        """The process is busy for so long, and nobody gets to run."""
        self._sand.passed += seconds


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end in a time of its own."""
    with asyncio.Runner(loop_factory=Hourglass) as runner:
        return runner.run(coroutine)


def hourglass() -> Hourglass:
    """The loop one runs in."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Hourglass)
    return loop
