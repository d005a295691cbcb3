"""`trilha simulate`: synthetic learners over many days on the catalog, the chooser side by side with two baselines."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bot.catalog.file import read_catalog
from bot.operate.command_line import Commands, add_command, catalog_file
from bot.operate.simulation.bots import BOTS
from bot.operate.simulation.chart import draw_chart
from bot.operate.simulation.life import Life, live
from bot.operate.simulation.measures import (
    BROKEN,
    MEASURES,
    NO_DOSE,
    Measure,
    balance_by_topic,
    days_until_finished,
    measure,
    worse_than,
)
from bot.operate.simulation.people import PROFILES, draw

OURS = "Trilha"
LEARNERS, DAYS, SEED = 56, 365, 1


def add(commands: Commands) -> None:
    """Add `trilha simulate`."""
    simulate = add_command(
        commands,
        "simulate",
        "measure the choice of doses on synthetic learners",
        run=_simulate,
        more="Beside two baselines: chance, and the list's own order. Ends with 1 if a rule was broken or a baseline did better.",
        examples=("trilha simulate --learners 14 --days 60", "trilha simulate --chart simulation.png"),
    )
    simulate.add_argument("--learners", type=_some, default=LEARNERS, metavar="N", help=f"how many people ({LEARNERS})")
    simulate.add_argument("--days", type=_some, default=DAYS, metavar="D", help=f"over how many days ({DAYS})")
    simulate.add_argument(
        "--seed", type=int, default=SEED, metavar="S", help=f"the same seed gives the same lives ({SEED})"
    )
    simulate.add_argument("--chart", type=_picture, default=None, metavar="FILE.png", help="draw it as a picture, too")


def _some(words: str) -> int:
    if not words.isdecimal() or not 1 <= int(words) <= 100_000:
        raise argparse.ArgumentTypeError(f"{words!r} is not a number from 1 to 100000")
    return int(words)


def _picture(words: str) -> Path:
    """Where the chart goes; that it cannot go there is said before all the lives are lived."""
    file = Path(words)
    if file.is_dir() or not file.absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{words!r} is no name of a file in a folder that is there")
    return file


def _simulate(given: argparse.Namespace) -> int:
    return simulate(catalog_file(), given.learners, given.days, given.seed, given.chart)


def simulate(path: Path, learners: int, days: int, seed: int, chart: Path | None = None) -> int:
    """Live all the lives, print the table, draw the chart. 1 if a target is missed."""
    catalog = read_catalog(path)
    if not catalog.trails:
        print("The catalog has no trail to simulate.")
        return 1
    began = time.perf_counter()
    lives = {
        name: [live(catalog, who, bot, days) for who in draw(catalog, learners, seed)] for name, bot in BOTS.items()
    }
    measured = {name: measure(catalog, some) for name, some in lives.items()}
    print(f"{learners} learners ({', '.join(profile.name for profile in PROFILES)}) for {days} days, seed {seed}:")
    print(
        f"{sum(len(life.turns) for some in lives.values() for life in some):,} turns in {time.perf_counter() - began:.0f} s; "
        f"{sum(len(life.planned) for life in lives[OURS]):,} pauses planned with {OURS}\n"
    )
    _print_measures(measured)
    _print_trails(lives)
    _print_balance(lives)
    if chart:
        chart.write_bytes(draw_chart(measured, {name: days_until_finished(some) for name, some in lives.items()}))
        print(f"\nThe chart is in {chart}.")
    return _print_verdict(measured)


def _print_measures(measured: dict[str, dict[Measure, float]]) -> None:
    print(f"{'':<46}" + "".join(f"{name:>12}" for name in measured))
    for one in MEASURES:
        print(f"{one.name:<46}" + "".join(f"{one.show(values[one]):>12}" for values in measured.values()))


def _print_trails(lives: dict[str, list[Life]]) -> None:
    print(f"\n{'days until a trail is finished (in how many lives)':<46}")
    finished = {name: days_until_finished(some) for name, some in lives.items()}
    for trail in finished[OURS]:
        cells = (
            f"{f'{days:.0f}' if days else '–'} ({count}/{of})"
            for count, of, days in (found[trail] for found in finished.values())
        )
        print(f"  {trail:<44}" + "".join(f"{cell:>12}" for cell in cells))


def _print_balance(lives: dict[str, list[Life]]) -> None:
    print(f"\n{'doses of theory : practice, by topic':<46}")
    counts = {name: balance_by_topic(some) for name, some in lives.items()}
    for topic in sorted(counts[OURS]):
        cells = (
            f"{theory} : {practice}" for theory, practice in (found.get(topic, (0, 0)) for found in counts.values())
        )
        print(f"  {topic:<44}" + "".join(f"{cell:>12}" for cell in cells))


def _print_verdict(measured: dict[str, dict[Measure, float]]) -> int:
    """Say which targets are missed: nothing broken, hardly a day without a dose, and no baseline better at anything."""
    ours = measured[OURS]
    missed = [f"{one.name}: {one.show(ours[one])}" for one in BROKEN if ours[one]]
    if ours[NO_DOSE] >= 0.01:
        missed.append(f"{NO_DOSE.name}: {NO_DOSE.show(ours[NO_DOSE])}")
    worse = worse_than(ours, (values for name, values in measured.items() if name != OURS))
    missed += [f"a baseline is better at: {one.name}" for one in worse]
    print("\n" + ("\n".join(("Missed:", *missed)) if missed else "Every target is met."))
    return int(bool(missed))
