"""Our bot for the benchmarks: the App as `trilha run` builds it, at a pace that no setting allows; it tells about itself when asked.

python -m bench.our_bot PER_SECOND, with the settings in the environment
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import wraps
from time import perf_counter
from typing import Any

from bench.probe import Probe
from bot.app import App
from bot.delivery import rounds
from bot.logs import set_up
from bot.operate.memory import keep_for_good
from bot.operate.run import open_doors
from bot.settings import read_settings
from bot.store import subscriptions


def timed(times: list[float], work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The same work, with its seconds noted."""

    @wraps(work)
    async def watched(*given: Any, **named: Any) -> Any:
        began = perf_counter()
        try:
            return await work(*given, **named)
        finally:
            times.append(perf_counter() - began)

    return watched


async def main(per_second: float) -> None:
    """Serve until SIGTERM; a line on standard input is answered with what the probe found since the last one."""
    settings = read_settings(None).model_copy(update={"bulk_per_second": per_second})
    set_up(settings)
    app = App(settings, open_doors(settings))
    probe = Probe()
    probe.more = {"query": [], "claim": []}
    subscriptions.due_by = timed(probe.more["query"], subscriptions.due_by)  # type: ignore[assignment]
    rounds.claim_due = timed(probe.more["claim"], rounds.claim_due)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, app.stopping.set)

    async def tell() -> None:
        while await asyncio.to_thread(sys.stdin.readline):
            print(probe.told(), flush=True)

    await app.start()
    keep_for_good()
    probe.worst = 0.0  # starting is measured by itself
    print("started", flush=True)
    telling = asyncio.create_task(tell())
    await app.stopping.wait()
    await app.stop()
    telling.cancel()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
