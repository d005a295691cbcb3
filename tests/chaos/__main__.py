"""`make chaos`: every scenario on both engines, one line each, and exit code 1 if a promise was broken.

python -m tests.chaos [--seed N] [--only WORDS …] [--engine sqlite|postgresql]
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos import SCENARIOS, Scenario
from tests.chaos.judge import Verdict
from tests.chaos.postgres import Postgres
from tests.chaos.stage import NotPlayed, set_stage

LONGEST = 15 * 60.0
"""Seconds after which one scenario is given up as stuck."""


def main() -> int:
    given = _read_arguments()
    chosen = [one for one in SCENARIOS if not given.only or any(word in one.name for word in given.only)]
    print(f"seed {given.seed}: `python -m tests.chaos --seed {given.seed}` plays it again\n")
    print(f"{'what':<38} {'engine':<11} {'kills':>5} {'doses':>6} {'copies':>6} {'seconds':>8}  found")
    well = True
    with (
        tempfile.TemporaryDirectory(prefix="chaos", ignore_cleanup_errors=True) as folder,
        _server(Path(folder)) as server,
    ):
        for scenario in chosen:
            for engine in scenario.engines:
                if given.engine in (None, engine):
                    well &= _play(scenario, engine, given, Path(folder), server)
    return 0 if well else 1


def _play(scenario: Scenario, engine: str, given: argparse.Namespace, folder: Path, server: Postgres) -> bool:
    """One scenario on one engine; whether all held."""
    place = folder / f"{scenario.name}-{engine}".replace(" ", "-")
    place.mkdir()
    began = time.monotonic()
    played = asyncio.run(_run(scenario, engine, given.seed, place, server))
    if played is None:
        return True
    kills, verdict = played
    found = "all held" if not verdict.problems else f"{len(verdict.problems)} problems"
    print(
        f"{scenario.name:<38} {engine:<11} {kills:>5} {verdict.delivered:>6} {verdict.copies:>6} "
        f"{time.monotonic() - began:>8.1f}  {found}",
        flush=True,
    )
    for problem in verdict.problems[:20]:
        print(f"    {problem}", flush=True)
    if verdict.problems and given.keep:
        kept = Path(tempfile.mkdtemp(prefix="chaos-kept"))
        place.rename(kept / place.name)
        print(f"    kept in {kept}", flush=True)
    return not verdict.problems


async def _run(scenario: Scenario, engine: str, seed: int, place: Path, server: Postgres) -> tuple[int, Verdict] | None:
    name = f"{scenario.name}-{seed}".replace(" ", "_").replace(":", "")
    url = f"sqlite:///{place / 'trilha.sqlite'}" if engine == "sqlite" else server.create(name)
    async with set_stage(place, url, seed, server) as stage:
        try:
            async with asyncio.timeout(LONGEST):
                verdict = await scenario.play(stage)
        except NotPlayed as reason:
            print(f"{scenario.name:<38} {engine:<11} not played: {reason}", flush=True)
            return None
        except Exception:
            verdict = Verdict(problems=[traceback.format_exc(limit=-4)])
        return stage.kills, verdict


@contextmanager
def _server(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder / "postgres")
    try:
        yield server
    finally:
        server.close()


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="all chance comes from it")
    parser.add_argument("--only", nargs="*", metavar="WORDS", help="scenarios whose name holds any of these")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--keep", action="store_true", help="keep log and database of what failed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
