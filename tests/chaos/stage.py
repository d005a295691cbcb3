"""Where a scenario is played: a Bot API server, a database, a crowd whose dose is due, and `trilha run` in its own process.

A scenario is a function of a stage. All chance comes from the stage's seed, so a run can be played again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from bot.failpoints import VARIABLE
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.outbox import WAITING
from bot.store.tables import Outgoing, Subscription
from tests.chaos.postgres import Postgres
from tests.delivery.crowd import Slot, crowd
from tests.house import SMALL_CATALOG
from tests.rig.telegram import Person, TelegramServer

ROOT = Path(__file__).resolve().parents[2]


SENDERS = 24
"""As many sends of a bot may be on their way at once (`bot/delivery/send.py`)."""


class NotPlayed(Exception):
    """A scenario that this machine has no means for; the words say which."""


class Stage:
    """One run of one scenario. `doubtful` counts the sends that a kill caught on their way, `kills` the kills."""

    def __init__(
        self, folder: Path, url: str, seed: int, telegram: TelegramServer, postgres: Postgres | None = None
    ) -> None:
        self.folder, self.url, self.seed = folder, url, seed
        self.telegram = telegram
        self.postgres = postgres
        self.chance = Random(seed)
        self.database = Database(url)
        self.slot = Slot.around(datetime.now(UTC))
        self.people: dict[int, Person] = {}
        self.kills = 0
        self.doubtful = 0
        self.environment: dict[str, str] = {}
        self._openings = 0
        self._bot: asyncio.subprocess.Process | None = None
        self._processes: list[asyncio.subprocess.Process] = []

    async def subscribers(self, count: int) -> None:
        """So many people whose dose is due at this minute; nobody runs yet."""
        await migrate(self.database)
        first = len(self.people) + 1
        await crowd(self.database, count, self.slot, "telegram", first)
        for number in range(first, first + count):
            self.people[number] = self.telegram.person(number, f"Learner {number}", "en", started=True)

    # ------------------------------------------------------------------------------------------------------- the bot

    async def opened(self, within: float = 60.0) -> None:
        """Wait until the bot has reached the server."""
        await self.telegram.calls_reach(self._openings + 1, "getMe", within)

    async def start(self, failpoint: str = "", **environment: str) -> None:
        """Let the bot run; it dies at `failpoint`, if one is named."""
        self._openings = len(self.telegram.calls("getMe"))
        self._bot = await self.spawn(**{VARIABLE: failpoint}, **environment)

    async def spawn(self, **environment: str) -> asyncio.subprocess.Process:
        """`trilha run` in a process of its own, as an operator starts it."""
        given = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | {
            "BOT_TELEGRAM_TOKEN": self.telegram.token,
            "BOT_TELEGRAM_API_URL": self.telegram.url,
            "BOT_DATABASE_URL": self.url,
            "BOT_CATALOG": str(SMALL_CATALOG),
            "BOT_DATA_DIR": str(self.folder),
            "BOT_HEALTH_LISTEN": "off",
            "PYTHONPATH": str(ROOT),
        }
        with (self.folder / "log").open("a") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env=given | self.environment | environment,
                stderr=log,
                cwd=self.folder,
            )
        self._processes.append(process)
        return process

    def log(self) -> str:
        """What the bot has said so far."""
        return (self.folder / "log").read_text("utf-8")

    @property
    def pid(self) -> int:
        """The bot's process."""
        assert self._bot is not None, "nobody runs"
        return self._bot.pid

    @property
    def runs(self) -> bool:
        """Whether the bot is there."""
        return self._bot is not None and self._bot.returncode is None

    async def kill(self) -> None:
        """`kill -9`, at this moment."""
        assert self._bot is not None, "nobody runs"
        if self.runs:
            self._bot.kill()
        await self.killed()

    async def killed(self, within: float = 60.0) -> None:
        """Wait for the bot to kill itself at a failpoint, and count what that leaves in doubt."""
        assert self._bot is not None, "nobody runs"
        code = await asyncio.wait_for(self._bot.wait(), within)
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}; see {self.folder / 'log'}"
        self.kills += 1
        self.doubtful += await self.rows_in("sending")

    async def stop(self) -> float:
        """SIGTERM, once the bot listens to signals; the seconds that it took to end well."""
        assert self._bot is not None, "nobody runs"
        await self.opened()
        began = time.monotonic()
        self._bot.send_signal(signal.SIGTERM)
        code = await asyncio.wait_for(self._bot.wait(), 60)
        assert code == 0, f"the bot ended with {code}; see {self.folder / 'log'}"
        return time.monotonic() - began

    async def close(self) -> None:
        """Leave nothing running."""
        for process in self._processes:
            if process.returncode is None:
                process.kill()
            await process.wait()
        await self.database.close()

    # ------------------------------------------------------------------------------------------------- how far it is

    async def rows_in(self, *states: str) -> int:
        """How many rows of the outbox are in any of these states."""
        async with self.database.read() as session:
            return (
                await session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.state.in_(states))) or 0
            )

    async def all_delivered(self, within: float = 240.0) -> None:
        """Wait until nothing is due, on its way, or waits to be sent again."""
        async with asyncio.timeout(within):
            while await self._unclaimed() or await self.rows_in("sending", *WAITING):
                await asyncio.sleep(0.2)

    async def _unclaimed(self) -> int:
        due = select(func.count()).where(Subscription.state == "active", Subscription.next_due_at <= datetime.now(UTC))
        async with self.database.read() as session:
            return await session.scalar(due) or 0

    async def sends_reach(self, count: int, within: float = 60.0) -> None:
        """Wait until the server has put that many messages on screens."""
        await self.telegram.calls_reach(count, within=within)

    def sends(self) -> int:
        """How many messages the server has put on screens."""
        return sum(call.delivered for call in self.telegram.calls("sendMessage"))


@asynccontextmanager
async def set_stage(folder: Path, url: str, seed: int, postgres: Postgres | None = None) -> AsyncIterator[Stage]:
    """A stage, and nothing left running after it. `postgres` is the server of the database, for those who stop it."""
    async with TelegramServer() as telegram:
        telegram.faults.reseed(seed)
        stage = Stage(folder, url, seed, telegram, postgres)
        try:
            yield stage
        finally:
            await stage.close()
