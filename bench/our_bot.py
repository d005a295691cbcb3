"""Our bot for the benchmarks: the App as `trilha run` builds it, at a pace that no setting allows; it tells about itself when asked.

python -m bench.our_bot PER_SECOND [aiohttp|httpx] [look], with the settings in the environment

By default calls go as they do in `trilha run`; `look` as in `bench/probe.py`.
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
from bot.contract import Door
from bot.delivery import rounds, senders
from bot.delivery.claim import claim_due
from bot.doors.telegram import TelegramDoor
from bot.doors.telegram.library import Http
from bot.logs import set_up
from bot.operate.memory import keep_for_good
from bot.operate.run import open_doors
from bot.settings import Settings, read_settings
from bot.store import subscriptions

CONNECTIONS, SENDERS = 64, 96
"""Over httpx: each connection has a client of its own, so no more of them than keep the loop busy."""


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


def doors_of(settings: Settings, http: Http) -> list[Door]:
    """The doors of `trilha run`, with a choice of the library that carries the calls."""
    if http == "aiohttp":
        return open_doors(settings)
    assert settings.telegram_token, "the benchmarks are about Telegram"
    token = settings.telegram_token.get_secret_value()
    return [TelegramDoor(token, settings.telegram_api_url, http=http, connections=CONNECTIONS)]


async def main(per_second: float, http: Http, look: bool = False) -> None:
    """Serve until SIGTERM; a line on standard input is answered with what the probe found since the last one."""
    settings = read_settings(None).model_copy(update={"bulk_per_second": per_second})
    set_up(settings)
    if http == "httpx":
        senders.MOST_SENDERS = SENDERS
    app = App(settings, doors_of(settings, http))
    probe = Probe(look)
    probe.more = {"query": [], "claim": []}
    subscriptions.due_by = timed(probe.more["query"], subscriptions.due_by)  # type: ignore[assignment]
    rounds.claim_due = timed(probe.more["claim"], claim_due)  # type: ignore[attr-defined, assignment]
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, app.stopping.set)

    async def tell() -> None:
        while await asyncio.to_thread(sys.stdin.readline):
            print(probe.told(), flush=True)

    await app.prepare()
    keep_for_good()
    await app.open()
    probe.worst = probe.own = 0.0  # starting is measured by itself
    print("started", flush=True)
    telling = asyncio.create_task(tell())
    await app.stopping.wait()
    await app.stop()
    telling.cancel()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), "httpx" if "httpx" in sys.argv else "aiohttp", "look" in sys.argv))
