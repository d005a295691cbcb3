"""Plays one scenario on one engine, from an empty folder to a verdict; a process of its own can do it.

Setting the scene is cheap: 0.3 s for all migrations and 0.7 s for a PostgreSQL server, measured. Time goes into starting the bot (over
two hundred times, 1.3 s of a processor each) and into waiting for leases and for the length of a fault, so that is done side by side.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import structlog

from tests.chaos import SCENARIOS, Scenario
from tests.chaos.judge import Verdict
from tests.chaos.stage import NotPlayed, set_stage
from tests.rig.postgres import Postgres

LONGEST = 30 * 60.0
"""Seconds after which one scenario is given up as stuck."""
HEAD = ("what", "engine", "kills", "doses", "missing", "copies", "allowed", "seconds", "found")


class Played(NamedTuple):
    """A scenario on one engine, and how it ended; `found` says it in a word or two.

    `was_played` is false where this machine has no means for it.
    """

    what: str
    engine: str
    kills: int
    verdict: Verdict
    seconds: float
    found: str
    was_played: bool = True

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table tells of it, under HEAD."""
        verdict = self.verdict
        numbers = (self.kills, verdict.delivered, verdict.missing, verdict.copies, verdict.allowed, round(self.seconds))
        return (self.what, self.engine, *map(str, numbers), "; ".join((self.found, *verdict.notes)))


def play(name: str, engine: str, seed: int, keep: bool) -> Played:
    """Play a scenario. With `keep` the folder of one that failed stays, with its log and database."""
    (scenario,) = (one for one in SCENARIOS if one.name == name)
    began = time.monotonic()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )  # the bot's own log is a file
    folder = Path(tempfile.mkdtemp(prefix="chaos"))
    with _server(engine, folder / "postgres") as server:
        played = asyncio.run(_play(scenario, engine, seed, folder, server))
    if played.verdict.problems and keep:
        played.verdict.notes.append(f"kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return played._replace(seconds=time.monotonic() - began)


async def _play(scenario: Scenario, engine: str, seed: int, folder: Path, server: Postgres | None) -> Played:
    url = server.create("chaos") if server else f"sqlite:///{folder / 'trilha.sqlite'}"
    async with set_stage(folder, url, seed, server, scenario.on) as stage:
        try:
            async with asyncio.timeout(LONGEST):
                verdict = await scenario.play(stage)
        except NotPlayed as reason:
            return Played(scenario.name, engine, 0, Verdict(), 0, f"not played: {reason}", was_played=False)
        except Exception:
            verdict = Verdict(problems=[traceback.format_exc(limit=-4)])
        found = f"{len(verdict.problems)} problems" if verdict.problems else "all held"
        return Played(scenario.name, engine, stage.kills, verdict, 0, found)


@contextmanager
def _server(engine: str, folder: Path) -> Iterator[Postgres | None]:
    if engine == "sqlite":
        yield None
        return
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.close()
