"""`make chaos`: every scenario on both engines, one line each, a table at the end, and exit code 1 if a promise was broken.

python -m tests.chaos [--seed N] [--only WORDS …] [--engine sqlite|postgresql] [--jobs N] [--keep]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.chaos import SCENARIOS
from tests.chaos.judge import Verdict
from tests.chaos.postgres import Postgres
from tests.chaos.stage import NotPlayed, set_stage

LONGEST = 15 * 60.0
"""Seconds after which one scenario is given up as stuck."""
SHOWN = 20
"""How many problems of a scenario are told."""
HEAD = ("what", "engine", "kills", "doses", "copies", "allowed", "seconds", "found")


class Played(NamedTuple):
    """A scenario on one engine, and how it ended. `found` is one word or two; `said` are the problems."""

    what: str
    engine: str
    kills: int
    verdict: Verdict
    seconds: float
    found: str

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table tells of it."""
        numbers = (self.kills, self.verdict.delivered, self.verdict.copies, self.verdict.allowed, round(self.seconds))
        return (self.what, self.engine, *map(str, numbers), "; ".join((self.found, *self.verdict.notes)))


def main() -> int:
    given = _read_arguments()
    chosen = [
        (scenario.name, engine)
        for scenario in SCENARIOS
        for engine in scenario.engines
        if given.engine in (None, engine) and (not given.only or any(word in scenario.name for word in given.only))
    ]
    print(f"seed {given.seed}: `python -m tests.chaos --seed {given.seed}` plays it again\n", flush=True)
    began = time.monotonic()
    played: list[Played] = []
    # each in a process of its own, with a server of its own: they wait more than they work
    with ProcessPoolExecutor(given.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        plays = [pool.submit(play, name, engine, given.seed, given.keep) for name, engine in chosen]
        for ended in as_completed(plays):
            played.append(ended.result())
            _tell(played[-1])
    order = {key: place for place, key in enumerate(chosen)}
    _print_table(sorted(played, key=lambda one: order[one.what, one.engine]))
    broken = sum(bool(one.verdict.problems) for one in played)
    print(
        f"\nseed {given.seed}, {time.monotonic() - began:.0f} s: {broken or 'no'} promises broken of {len(played)} played"
    )
    return 1 if broken else 0


def play(name: str, engine: str, seed: int, keep: bool) -> Played:
    """One scenario on one engine."""
    (scenario,) = (one for one in SCENARIOS if one.name == name)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="chaos"))
    with _server(folder / "postgres") if engine == "postgresql" else _nothing() as server:
        url = server.create("chaos") if server else f"sqlite:///{folder / 'trilha.sqlite'}"

        async def run() -> tuple[int, Verdict, str]:
            async with set_stage(folder, url, seed, server) as stage:
                try:
                    async with asyncio.timeout(LONGEST):
                        verdict = await scenario.play(stage)
                except NotPlayed as reason:
                    return 0, Verdict(), f"not played: {reason}"
                except Exception:
                    verdict = Verdict(problems=[traceback.format_exc(limit=-4)])
                return stage.kills, verdict, "all held" if not verdict.problems else f"{len(verdict.problems)} problems"

        kills, verdict, found = asyncio.run(run())
    if verdict.problems and keep:
        verdict.notes.append(f"kept in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return Played(name, engine, kills, verdict, time.monotonic() - began, found)


def _tell(one: Played) -> None:
    what, engine, *_, found = one.cells
    print(f"{what} ({engine}), {one.seconds:.0f} s: {found}", flush=True)
    for problem in one.verdict.problems[:SHOWN]:
        print(f"    {problem}", flush=True)


def _print_table(played: Sequence[Played]) -> None:
    """All of it as a Markdown table."""
    rows = [HEAD, *(one.cells for one in played)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "-|-".join("-" * width for width in widths))
    print("", *(f"| {line} |" for line in lines), sep="\n")


@contextmanager
def _server(folder: Path) -> Iterator[Postgres | None]:
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def _nothing() -> Iterator[Postgres | None]:
    yield None


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="all chance comes from it")
    parser.add_argument("--only", nargs="*", metavar="WORDS", help="scenarios whose name holds any of these")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--jobs", type=int, default=2, help="how many are played at the same time")
    parser.add_argument("--keep", action="store_true", help="keep log and database of what failed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
