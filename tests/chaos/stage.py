"""Where a scenario is played: a Bot API server, a database, a crowd whose dose is due, and `trilha run` in its own process.

A scenario is a function of a stage. All chance comes from the stage's seed, so a run can be played again. It ends with `stage.judged`:
the judge, `trilha doctor` on the database, and the server's own complaints.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from bot.failpoints import VARIABLE
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.outbox import WAITING
from bot.store.tables import Outgoing, Subscription
from tests.chaos.judge import Verdict, judge
from tests.chaos.postgres import Postgres
from tests.delivery.crowd import Slot, crowd
from tests.house import SMALL_CATALOG
from tests.rig.telegram import Person, TelegramServer

ROOT = Path(__file__).resolve().parents[2]
COMMITS_OF_THE_DEAD = 0.5
"""Seconds in which PostgreSQL carries out what a killed process had asked for already."""
PATIENCE = 900.0
"""Seconds after which it is given up waiting; nothing is asserted about how long anything takes on a busy machine."""
ENDS_WITHIN = 10.0
"""Seconds within which `trilha run` promises to end after a SIGTERM."""


class NotPlayed(Exception):
    """A scenario that this machine has no means for; the words say which."""


class Stage:
    """One run of one scenario. `caught` counts how often a kill caught each row of the outbox on its way, `kills` the kills."""

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
        self.caught: Counter[int] = Counter()
        self.stops: list[float] = []
        self.environment: dict[str, str] = {}
        self._openings = 0
        self._bot: asyncio.subprocess.Process | None = None
        self._processes: list[asyncio.subprocess.Process] = []
        self._caught_before: set[tuple[int, int]] = set()

    async def subscribers(self, count: int) -> None:
        """So many people whose dose is due at this minute; nobody runs yet."""
        await migrate(self.database)
        first = len(self.people) + 1
        await crowd(self.database, count, self.slot, "telegram", first)
        for number in range(first, first + count):
            self.people[number] = self.telegram.person(number, f"Learner {number}", "en", started=True)

    # ------------------------------------------------------------------------------------------------------- the bot

    async def opened(self, within: float = PATIENCE) -> None:
        """Wait until the bot has reached the server."""
        await self.telegram.calls_reach(self._openings + 1, "getMe", within)

    async def start(self, failpoint: str = "", **environment: str) -> None:
        """Let the bot run; it dies at `failpoint`, if one is named."""
        self._openings = len(self.telegram.calls("getMe"))
        self._bot = await self.spawn(**{VARIABLE: failpoint}, **environment)

    async def spawn(self, **environment: str) -> asyncio.subprocess.Process:
        """`trilha run` in a process of its own, as an operator starts it."""
        with (self.folder / "log").open("a") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env=self._settings() | self.environment | environment,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self._processes.append(process)
        return process

    def _settings(self) -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith("BOT_")} | {
            "BOT_TELEGRAM_TOKEN": self.telegram.token,
            "BOT_TELEGRAM_API_URL": self.telegram.url,
            "BOT_DATABASE_URL": self.url,
            "BOT_CATALOG": str(SMALL_CATALOG),
            "BOT_DATA_DIR": str(self.folder),
            "BOT_HEALTH_LISTEN": "off",
            "PYTHONPATH": str(ROOT),
        }

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

    async def killed(self, within: float = PATIENCE) -> None:
        """Wait for the bot to kill itself at a failpoint, and count what that leaves in doubt."""
        assert self._bot is not None, "nobody runs"
        code = await asyncio.wait_for(self._bot.wait(), within)
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}; see {self.folder / 'log'}"
        self.kills += 1
        await self._count_caught()

    async def _count_caught(self) -> None:
        """What was on its way is in doubt now; what an earlier kill caught, and nobody took up yet, is so once only."""
        if not self.database.is_sqlite:
            await asyncio.sleep(COMMITS_OF_THE_DEAD)
        async with self.database.read() as session:
            found = await session.execute(select(Outgoing.id, Outgoing.attempts).where(Outgoing.state == "sending"))
            new = {(row_id, attempts) for row_id, attempts in found} - self._caught_before
        self._caught_before |= new
        self.caught.update(row_id for row_id, _ in new)

    async def stop(self) -> None:
        """SIGTERM, once the bot listens to signals; it must end well, and how long that took is kept in `stops`.

        What the machine let it wait for a processor is left out: others may be at work here.
        """
        assert self._bot is not None, "nobody runs"
        await self.opened()
        began, waited = time.monotonic(), (before := _waited(self.pid))
        self._bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            while self.runs:
                waited = max(waited, _waited(self.pid))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._bot.wait(), 0.1)
        code = self._bot.returncode
        assert code == 0, f"the bot ended with {code}; see {self.folder / 'log'}"
        self.stops.append(time.monotonic() - began - (waited - before))

    async def close(self) -> None:
        """Leave nothing running."""
        for process in self._processes:
            if process.returncode is None:
                process.kill()
            await process.wait()
        await self.database.close()

    # --------------------------------------------------------------------------------------------------- how it ended

    async def judged(self, *, doubts: int | None = None, **given: Any) -> Verdict:
        """The verdict on a run whose bot has ended. Without `doubts` those are allowed that the kills left, each in its own row."""
        if doubts is None:
            doubts, given["caught"] = self.caught.total(), self.caught
        verdict = await judge(self.telegram, self.database, doubts=doubts, **given)
        code, said = await self.doctor()
        verdict.require(code == 0, f"trilha doctor ends with {code}: {said}")
        verdict.require(not self.telegram.unexpected, f"refused calls: {[c.error for c in self.telegram.unexpected]}")
        verdict.require(max(self.stops) <= ENDS_WITHIN, f"a SIGTERM took {max(self.stops):.1f} s")
        verdict.notes.append(f"{len(self.stops)} SIGTERM, {max(self.stops):.1f} s at most")
        return verdict

    async def doctor(self) -> tuple[int, str]:
        """What `trilha doctor` says of the database, and the code that it ends with."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "doctor"),
            env=self._settings(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=self.folder,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode().strip()

    # ------------------------------------------------------------------------------------------------- how far it is

    async def rows_in(self, *states: str) -> int:
        """How many rows of the outbox are in any of these states."""
        async with self.database.read() as session:
            return (
                await session.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.state.in_(states))) or 0
            )

    async def all_delivered(self, within: float = PATIENCE) -> None:
        """Wait until nothing is due, on its way, or waits to be sent again."""
        async with asyncio.timeout(within):
            while await self._unclaimed() or await self.rows_in("sending", *WAITING):
                await asyncio.sleep(0.2)

    async def _unclaimed(self) -> int:
        due = select(func.count()).where(Subscription.state == "active", Subscription.next_due_at <= datetime.now(UTC))
        async with self.database.read() as session:
            return await session.scalar(due) or 0

    async def sends_reach(self, count: int, within: float = PATIENCE) -> None:
        """Wait until the server has put that many messages on screens."""
        await self.telegram.calls_reach(count, within=within)

    def sends(self) -> int:
        """How many messages the server has put on screens."""
        return sum(call.delivered for call in self.telegram.calls("sendMessage"))


def _waited(pid: int) -> float:
    """Seconds that a process stood in line for a processor; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


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
