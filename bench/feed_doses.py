"""What a dose feels of the feeds: one is due each second while nothing is visited, then while 1,000 feeds are, again and again.

    python -m bench.feed_doses [FEEDS]

The whole bot with a terminal's screens on SQLite, on the real clock; the sites are another process. Printed is how long after its instant
each dose was on its screen. A tenth of the feeds has something new in each round, as no hour of a real day would bring.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import update

from bench.bench_feeds import follow_all
from bench.delivery_stage import p95
from bench.feed_press import Press
from bot.app import App
from bot.doors.terminal import TerminalDoor
from bot.logs import set_up
from bot.operate.memory import keep_for_good
from bot.settings import read_settings
from bot.store.tables import Feed
from bot.web.fetch import Fetcher
from tests.delivery.crowd import Slot, crowd

DOSES = 40
FEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
AHEAD = timedelta(seconds=20)
CHANGED = 0.1
CATALOG = Path(__file__).parent.parent / "tests" / "small_catalog.yaml"


class Stage:
    """The bot, its learners and its feeds."""

    def __init__(self, folder: Path, press: Press) -> None:
        self.press = press
        self.door = TerminalDoor()
        settings = read_settings(None, data_dir=folder, catalog=CATALOG, log_level="ERROR")
        set_up(settings)

        async def resolve(host: str, port: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", press.port)]

        self.app = App(settings, [self.door], web=Fetcher(allowed=lambda _: True, resolve=resolve))
        self.people = 0

    async def begin(self) -> None:
        """Start, and follow every feed; the first visit is over when this returns."""
        await self.app.start()
        async with self.app.database.write() as session:
            await follow_all(session, self.press.feeds, self.app.now())
        await self.app.duties.poller.go()
        keep_for_good()

    async def plan(self) -> dict[str, datetime]:
        """Let one dose be due each second from soon on; when, by its chat."""
        first = self.app.now().replace(microsecond=0) + AHEAD
        due: dict[str, datetime] = {}
        for number in range(DOSES):
            self.people += 1
            instant = first + timedelta(seconds=number)
            await crowd(self.app.database, 1, slot_at(instant), first=self.people)
            due[f"p{self.people}"] = instant
        self.door.sent.clear()
        return due

    async def late(self, due: dict[str, datetime]) -> list[float]:
        """Wait for the doses; the seconds by which each was late."""
        over = max(due.values()) + timedelta(seconds=2 * DOSES)
        while len(self.door.sent) < DOSES and self.app.now() < over:
            await asyncio.sleep(0.2)
        return [(sent.at - due[sent.to.chat]).total_seconds() for sent in self.door.sent]

    async def visit_for_ever(self) -> None:
        """One round after the other."""
        while True:
            self.press.change(CHANGED)
            async with self.app.database.write() as session:
                await session.execute(update(Feed).values(next_at=self.app.now()))
            self.rounds += await self.app.duties.poller.go() > 0

    rounds = 0


def slot_at(instant: datetime) -> Slot:
    """The slot that is due at an instant, to the second."""
    slot = Slot.around(instant)
    return replace(slot, hour=slot.hour.replace(second=instant.second), due=instant.astimezone(UTC))


async def main() -> int:
    press = Press(FEEDS)
    with tempfile.TemporaryDirectory() as name:
        stage = Stage(Path(name), press)
        await stage.begin()
        print(f"{press.feeds} feeds, a dose each second, {DOSES} doses", flush=True)
        tell("nothing is visited", await stage.late(await stage.plan()))
        due = await stage.plan()
        visiting = asyncio.create_task(stage.visit_for_ever())
        tell("feeds are visited", await stage.late(due))
        print(f"rounds of visits meanwhile: {stage.rounds}")
        visiting.cancel()
        await asyncio.wait([visiting])
        await stage.app.stop()
    press.end()
    return 0


def tell(what: str, late: Sequence[float]) -> None:
    """How late they were, in milliseconds."""
    told = ", ".join(
        f"{name} {1000 * value:.0f}"
        for name, value in (("median", median(late)), ("p95", p95(list(late))), ("most", max(late)))
    )
    print(f"{what:20} {len(late)} of {DOSES} doses, late by ms: {told}", flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
