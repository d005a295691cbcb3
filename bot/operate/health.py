"""`/health` and `/metrics`: whether doses go out, for those who keep the bot running.

Health is told from outcomes (`bot/condition.py`), not from the process being there: 200 while the database answers and takes in what is
written, rounds are made (by the process that leads), every door hears its platform and nothing that should have gone waits for long;
else 503 with the reasons.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress

import structlog
from aiohttp import web

from bot.app import App
from bot.condition import Backlog, queue_of, troubles
from bot.delivery.figures import LATENESS
from bot.logs import troubles as troubles_told
from bot.settings import Place
from bot.store.trouble import TROUBLE

log = structlog.get_logger("health")

ANSWER_WITHIN = 3.0
"""Seconds in which the database must say how long the queue is."""
BEAT = 0.5
"""Seconds between two looks at how late the loop is; the worst of the last minute is told."""
TEXT = "text/plain; version=0.0.4; charset=utf-8"
SAYS = {
    "no_answer": "the database does not answer",
    "unwritable": "the database cannot be written: {reason}",
    "no_round_yet": "no round yet",
    "no_round": "no round since {since:%H:%M:%S}",
    "unheard": "{platform} cannot be heard: {reason}",
    "waiting": "waiting: {n}, the oldest for {minutes} minutes",
    "forsaken": "due for more than {minutes} minutes, and nobody claims them: {n}",
}
"""Each trouble in the words of those who read the page; in the chat it is said by `trouble.<kind>`."""


class Health:
    """A small server for those who look after the bot; never open to the world."""

    def __init__(self, app: App, place: Place) -> None:
        self._app = app
        self._place = place
        self._lags: deque[float] = deque(maxlen=int(60 / BEAT))
        self._beating: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. A taken port is a warning: the doses matter more."""
        self._beating = asyncio.create_task(self._beat())
        server = web.Application()
        server.router.add_get("/health", self._health)
        server.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.5, handle_signals=False)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, *self._place).start()
        except OSError as error:
            log.warning("health.not_listening", place=f"{self._place.host}:{self._place.port}", reason=str(error))
            return
        log.info("health.listening", addresses=[f"{host}:{port}" for host, port, *_ in self._runner.addresses])

    @property
    def address(self) -> str:
        """Where it listens, as a URL; empty where it does not."""
        found = self._runner.addresses if self._runner else []
        return f"http://{found[0][0]}:{found[0][1]}" if found else ""

    async def stop(self) -> None:
        """Close the port."""
        if self._beating:
            self._beating.cancel()
        if self._runner:
            await self._runner.cleanup()

    async def problems(self) -> list[str]:
        """What keeps doses from going out, in words; nothing while all is well."""
        found = troubles(self._app.here(), await self._queue(), self._app.now())
        return [SAYS[trouble.kind].format_map(trouble.facts) for trouble in found]

    async def _queue(self) -> Backlog | None:
        app = self._app
        with suppress(*TROUBLE):
            async with asyncio.timeout(ANSWER_WITHIN), app.database.read() as session:
                return await queue_of(session, app.here(), app.now())
        return None

    async def _health(self, _: web.Request) -> web.Response:
        problems = await self.problems()
        facts = {
            "ok": not problems,
            "leads": self._app.leader.leads,
            "paid_broadcast": self._app.settings.paid_broadcast,
            "problems": problems,
        }
        return web.json_response(facts, status=503 if problems else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        queue = await self._queue()
        lines = "\n".join([*self._figures(), *(_queue_lines(queue) if queue else ())])
        return web.Response(body=f"{lines}\n".encode(), headers={"Content-Type": TEXT})

    def _figures(self) -> Iterator[str]:
        app, figures = self._app, self._app.figures
        yield from _line("leads", "gauge", "1 in the process that polls and sends doses", {"": int(app.leader.leads)})
        paid = {"": int(app.settings.paid_broadcast)}
        yield from _line("paid_broadcast", "gauge", "1 where doses beyond 30 a second cost Stars", paid)
        yield from _line("loop_lag_seconds", "gauge", "Worst of the last minute", {"": max(self._lags, default=0.0)})
        for name, what, counts in (
            ("messages_sent_total", "Unasked messages that arrived", figures.sent),
            ("messages_copied_total", "Of those: copies, after an answer that was lost", figures.copies),
            ("messages_dead_total", "Given up, with the reason in the outbox", figures.dead),
        ):
            labelled = {f'{{kind="{kind}"}}': count for kind, count in sorted(counts.items())}
            yield from _line(name, "counter", what, labelled or {'{kind="dose"}': 0})
        yield from self._by_platform()
        events = {f'{{event="{event}"}}': count for event, count in sorted(troubles_told.items())}
        yield from _line("troubles_total", "counter", "Warnings and errors in the log, by their event", events)
        yield from _line("leads_begun_total", "counter", "How often it began to lead", {"": figures.leads_begun})
        if app.rounds.last_at:
            age = {"": round((app.now() - app.rounds.last_at).total_seconds(), 1)}
            yield from _line("last_round_seconds", "gauge", "Since the last round was made to its end", age)
        refusals = {f'{{problem="{problem}"}}': count for problem, count in sorted(figures.not_sent.items())}
        yield from _line("sends_failed_total", "counter", "Calls that did not end in a yes, by their meaning", refusals)
        yield from _line("doses_late_total", "counter", "More than six hours after their hour", {"": figures.very_late})
        yield from self._lateness()
        widest = {"": round(figures.widest_slot, 3)}
        yield from _line(
            "slot_spread_seconds", "gauge", "From the first to the last dose of one minute, worst of a day", widest
        )

    def _by_platform(self) -> Iterator[str]:
        app = self._app
        in_line = {platform: senders.in_line for platform, senders in app.senders.items()}
        aside = {platform: senders.aside for platform, senders in app.senders.items()}
        blocked = {platform: app.figures.blocked[platform] for platform in app.senders}
        for name, kind, what, values in (
            ("silence_seconds", "gauge", "For how long the platform still wants silence", app.silences),
            ("senders_in_line", "gauge", "Messages that wait for their turn or are on their way", in_line),
            ("senders_aside", "gauge", "Messages that wait for their chat alone", aside),
            ("people_blocked_total", "counter", "People who turned out to have blocked the bot", blocked),
        ):
            labelled = {f'{{platform="{platform}"}}': value for platform, value in sorted(values.items())}
            yield from _line(name, kind, what, labelled)

    def _lateness(self) -> Iterator[str]:
        figures, kept, buckets = self._app.figures, 0, dict[str, float]()
        for edge in LATENESS:
            kept += figures.lateness[edge]
            buckets[f'_bucket{{le="{edge}"}}'] = kept
        every = kept + figures.lateness[None]
        buckets |= {'_bucket{le="+Inf"}': every, "_sum": round(figures.seconds_late, 3), "_count": every}
        yield from _line("dose_lateness_seconds", "histogram", "From the hour of a dose to its arrival", buckets)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await asyncio.sleep(BEAT)
            self._lags.append(max(0.0, round(loop.time() - begun - BEAT, 4)))


def _queue_lines(queue: Backlog) -> Iterator[str]:
    yield from _line("outbox_waiting", "gauge", "Messages that should have gone by now", {"": queue.waiting})
    yield from _line("outbox_oldest_seconds", "gauge", "For how long the oldest of them waits", {"": queue.oldest})
    yield from _line(
        "doses_due", "gauge", "Doses whose hour has come and that nobody claimed yet", {"": queue.unclaimed}
    )


def _line(name: str, kind: str, what: str, values: Mapping[str, float]) -> Iterator[str]:
    """One metric in Prometheus' text format; the keys are what follows its name."""
    yield f"# HELP trilha_{name} {what}"
    yield f"# TYPE trilha_{name} {kind}"
    for labels, value in values.items():
        yield f"trilha_{name}{labels} {value}"
