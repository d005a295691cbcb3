"""`make chaos`: every scenario on both engines, one line each, a table at the end, and exit code 1 if a promise was broken.

python -m tests.chaos [--seed N] [--only WORDS …] [--engine sqlite|postgresql] [--jobs N] [--keep]
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.chaos import SCENARIOS, Scenario
from tests.chaos.playing import HEAD, Played, play

SHOWN = 20
"""How many problems of a scenario are told."""


def main() -> int:
    given = _read_arguments()
    chosen = [
        (scenario, engine)
        for scenario in SCENARIOS
        for engine in reversed(scenario.engines)  # PostgreSQL's leases are the longest waits
        if given.engine in (None, engine) and (not given.only or any(words in scenario.name for words in given.only))
    ]
    print(f"seed {given.seed}: `python -m tests.chaos --seed {given.seed}` plays it again\n", flush=True)
    began = time.monotonic()
    played = []
    for one in _played(chosen, given):
        played.append(one)
        _tell(one, f"{len(played)} of {len(chosen)}")
    order = [(scenario.name, engine) for scenario, engine in chosen]
    _print_table(sorted(played, key=lambda one: order.index((one.what, one.engine))))
    print(f"\nseed {given.seed}, {time.monotonic() - began:.0f} s: {told(played)}")
    return 0 if all_held(played) else 1


def told(every: Sequence[Played]) -> str:
    """How many were played, how many could not be, and how many broke a promise."""
    played = sum(one.was_played for one in every)
    left_out = f", {len(every) - played} NOT played for want of means" if played < len(every) else ""
    broken = sum(bool(one.verdict.problems) for one in every)
    return f"{played} played{left_out}, {broken or 'none'} broke a promise"


def all_held(every: Sequence[Played]) -> bool:
    """Whether something was played, and no promise broke. What a machine has no means for is said, and is no fault of the bot."""
    return any(one.was_played for one in every) and not any(one.verdict.problems for one in every)


def _played(chosen: Sequence[tuple[Scenario, str]], given: argparse.Namespace) -> Iterator[Played]:
    """Each as it ends, in a process of its own with servers of its own. Those that wait are played beside those that work."""
    apart = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(given.jobs, mp_context=apart) as working,
        ProcessPoolExecutor(given.jobs, mp_context=apart) as waiting,
    ):
        playing = [
            (waiting if scenario.waits else working).submit(play, scenario.name, engine, given.seed, given.keep)
            for scenario, engine in chosen
        ]
        for ended in as_completed(playing):
            yield ended.result()


def _tell(one: Played, how_far: str) -> None:
    print(f"{how_far}: {one.what} ({one.engine}), {one.seconds:.0f} s: {one.cells[-1]}", flush=True)
    for problem in one.verdict.problems[:SHOWN]:
        print(f"    {problem}", flush=True)


def _print_table(played: Sequence[Played]) -> None:
    """All of it as a Markdown table."""
    rows = [HEAD, *(one.cells for one in played)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "-|-".join("-" * width for width in widths))
    print("", *(f"| {line} |" for line in lines), sep="\n")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="all chance comes from it")
    parser.add_argument("--only", nargs="*", metavar="WORDS", help="scenarios whose name holds any of these")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"))
    parser.add_argument(
        "--jobs", type=int, default=3, help="how many that work are played at the same time, and how many that wait"
    )
    parser.add_argument("--keep", action="store_true", help="keep log and database of what failed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
