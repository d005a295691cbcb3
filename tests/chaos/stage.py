"""Where a scenario is played: a platform, a database, a crowd whose dose is due, and `trilha run` in its own process.

A scenario is a function of a stage. All chance comes from the stage's seed, so a run can be played again. It ends with `stage.judged`:
the judge, `trilha doctor` on the database, and the platform's own complaints.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
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
from tests.chaos.platforms import OnDiscord, OnTelegram, Platform
from tests.delivery.crowd import Slot, crowd
from tests.house import SMALL_CATALOG
from tests.rig.discord import DiscordServer
from tests.rig.postgres import Postgres
from tests.rig.telegram import Person, TelegramServer

ROOT = Path(__file__).resolve().parents[2]
LAST_BYTES, LAST_COMMITS = 0.1, 0.5
"""Seconds in which a platform takes in, and PostgreSQL carries out, what a killed process had asked for already."""
PATIENCE = 420.0
"""Seconds after which it is given up waiting; nothing is asserted about how long anything takes on a busy machine."""
ENDS_WITHIN = 10.0
"""Seconds within which `trilha run` promises to end after a SIGTERM."""

GOES_ON_WITHIN = 30.0
"""Seconds from the end of trouble to the first dose that goes."""


class NotPlayed(Exception):
    """A scenario that this machine has no means for; the words say which."""


class Stage:
    """One run of one scenario.

    `kills` counts the kills, `stops` holds how long each SIGTERM took, `recoveries` after how many seconds each trouble's end was
    followed by a dose (healing.py), `program` is what Python is told to run. `doubts` says of rows which of their sends were caught on
    their way, and whether that one was on a screen by then.
    """

    patience = PATIENCE

    def __init__(self, folder: Path, url: str, seed: int, platform: Platform, postgres: Postgres | None = None) -> None:
        self.folder, self.url, self.seed = folder, url, seed
        self.platform = platform
        self.program = platform.program
        self.postgres = postgres
        self.chance = Random(seed)
        self.database = Database(url)
        self.slot = Slot.around(datetime.now(UTC))
        self.people: dict[int, Person] = {}
        self.kills = 0
        self.stops: list[float] = []
        self.recoveries: list[float] = []
        self.environment: dict[str, str] = {}
        self._subscribers = 0
        self._openings = 0
        self._bot: asyncio.subprocess.Process | None = None
        self._processes: list[asyncio.subprocess.Process] = []
        self.doubts: dict[int, dict[int, bool]] = {}

    @property
    def telegram(self) -> TelegramServer:
        """The Bot API server, and everything that it can be told to do."""
        assert isinstance(self.platform, OnTelegram), "this is played on another platform"
        return self.platform.server

    @property
    def discord(self) -> DiscordServer:
        """The Discord."""
        assert isinstance(self.platform, OnDiscord), "this is played on another platform"
        return self.platform.server

    async def subscribers(self, count: int) -> None:
        """So many people whose dose is due at this minute; nobody runs yet."""
        await migrate(self.database)
        first = self._subscribers + 1
        self._subscribers += count
        await crowd(self.database, count, self.slot, self.platform.name, first)
        if isinstance(self.platform, OnTelegram):  # on Discord anybody may be written to
            for number in range(first, first + count):
                self.people[number] = self.telegram.person(number, f"Learner {number}", "en", started=True)

    # ------------------------------------------------------------------------------------------------------- the bot

    async def opened(self) -> None:
        """Wait until the bot has reached the platform."""
        await self.platform.until_openings(self._openings + 1, self.patience)

    async def start(self, failpoint: str = "", **environment: str) -> None:
        """Let the bot run; it dies at `failpoint`, if one is named."""
        self._openings = self.platform.openings
        self._bot = await self.spawn(**{VARIABLE: failpoint}, **environment)

    async def spawn(self, **environment: str) -> asyncio.subprocess.Process:
        """`trilha run` in a process of its own, as an operator starts it."""
        with (self.folder / "log").open("a") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self.program, "run"),
                env=self._settings() | self.environment | environment,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self._processes.append(process)
        return process

    def _settings(self) -> dict[str, str]:
        # what is compiled is kept: a quarter of each of two hundred starts
        others = ("BOT_", "PYTHONDONTWRITEBYTECODE")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(others)}
        return (inherited | self.platform.settings()) | {
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

    async def killed(self) -> None:
        """Wait for the bot to kill itself at a failpoint, and count what that leaves in doubt."""
        assert self._bot is not None, "nobody runs"
        code = await asyncio.wait_for(self._bot.wait(), self.patience)
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}; see {self.folder / 'log'}"
        self.kills += 1
        await asyncio.sleep(LAST_BYTES if self.database.is_sqlite else LAST_COMMITS)
        await self.note_doubts()

    async def note_doubts(self) -> None:
        """What is on its way now is in doubt: whoever sent it died, or cannot write down how it ended.

        A send counts once, however often it is found, and may bring a copy only if its own message is on a screen.
        """
        on_their_way = select(Outgoing.id, Outgoing.attempts, Outgoing.dose_id).where(Outgoing.state == "sending")
        async with self.database.read() as session:
            found = list(await session.execute(on_their_way))
        shown = self.platform.doses()
        for row_id, attempt, dose_id in found:
            doubts = self.doubts.setdefault(row_id, {})
            before = sum(arrived for earlier, arrived in doubts.items() if earlier < attempt)
            doubts[attempt] = len(shown.get(dose_id, ())) > before

    async def stop(self) -> None:
        """SIGTERM, once the bot listens to signals; it must end well, and how long that took is kept in `stops`.

        What the machine let it wait for a processor is left out: others may be at work here.
        """
        assert self._bot is not None, "nobody runs"
        await self.opened()
        began, waited = time.monotonic(), (before := self.stood_in_line)
        self._bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(self.patience):
            while self.runs:
                waited = max(waited, self.stood_in_line)
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

    async def judged(
        self, *, doubts: int | None = None, caught: Mapping[int, int] | None = None, **given: Any
    ) -> Verdict:
        """The verdict on a run whose bot has ended. Unless said otherwise, only what `note_doubts` found may have come again."""
        if doubts is None:
            doubts = sum(map(len, self.doubts.values()))
        if caught is None:
            caught = {row_id: sum(arrived.values()) for row_id, arrived in self.doubts.items()}
        if (forgotten := self.platform.forgotten()) is not None:
            caught = forgotten
        verdict = await judge(self.platform, self.database, doubts=doubts, caught=caught, **given)
        code, said = await self.doctor()
        verdict.require(code == 0, f"trilha doctor ends with {code}: {said}")
        complaints = self.platform.complaints()
        verdict.require(not complaints, f"refused calls: {complaints}")
        verdict.require(max(self.stops) <= ENDS_WITHIN, f"a SIGTERM took {max(self.stops):.1f} s")
        verdict.notes.append(f"{len(self.stops)} SIGTERM, {max(self.stops):.1f} s at most")
        if self.recoveries:
            slowest = max(self.recoveries)
            verdict.require(slowest <= GOES_ON_WITHIN, f"no dose went for {slowest:.1f} s after all was well again")
            verdict.notes.append(f"went on after {slowest:.1f} s")
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

    async def all_delivered(self) -> None:
        """Wait until nothing is due, on its way, or waits to be sent again."""
        until = time.monotonic() + self.patience
        while not await self.is_done():
            on_their_way, waiting = await self.rows_in("sending"), await self.rows_in(*WAITING)
            stuck = f"{await self._unclaimed()} unclaimed, {waiting} waiting and {on_their_way} on their way"
            assert time.monotonic() < until, f"{stuck} after {self.patience:g} s"
            await asyncio.sleep(0.2)

    async def is_done(self) -> bool:
        """Whether nothing is due, on its way, or waits to be sent again."""
        return not (await self._unclaimed() or await self.rows_in("sending", *WAITING))

    async def _unclaimed(self) -> int:
        due = select(func.count()).where(Subscription.state == "active", Subscription.next_due_at <= datetime.now(UTC))
        async with self.database.read() as session:
            return await session.scalar(due) or 0

    async def sends_reach(self, count: int) -> None:
        """Wait until the platform has put that many messages on screens."""
        await self.platform.until_sends(count, self.patience)

    def sends(self) -> int:
        """How many messages the platform has put on screens."""
        return self.platform.sends

    async def rows_by_chat(self) -> dict[str, int]:
        """The row of the outbox for each chat, where each has one dose."""
        async with self.database.read() as session:
            return dict(
                (await session.execute(select(Outgoing.chat, Outgoing.id).where(Outgoing.kind == "dose"))).all()
            )

    @property
    def stood_in_line(self) -> float:
        """Seconds that the bot's process waited for a processor so far; 0 where the system does not tell."""
        try:
            return int(Path(f"/proc/{self.pid}/schedstat").read_text("ascii").split()[1]) / 1e9
        except (OSError, IndexError):
            return 0.0


@asynccontextmanager
async def set_stage(
    folder: Path, url: str, seed: int, postgres: Postgres | None = None, on: str = "telegram"
) -> AsyncIterator[Stage]:
    """A stage on a platform, and nothing left running after it. `postgres` is the server of the database, for those who stop it."""
    async with _platform(on, seed) as platform:
        stage = Stage(folder, url, seed, platform, postgres)
        try:
            yield stage
        finally:
            await stage.close()


@asynccontextmanager
async def _platform(name: str, seed: int) -> AsyncIterator[Platform]:
    if name == "telegram":
        async with TelegramServer() as telegram:
            telegram.faults.reseed(seed)
            yield OnTelegram(telegram)
        return
    discord = DiscordServer()
    await discord.start()
    try:
        yield OnDiscord(discord)
    finally:
        await discord.stop()
