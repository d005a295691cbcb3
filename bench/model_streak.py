"""A hundred thousand random lives against the words of the rule: `make model`, some minutes. Then five years of one life, timed.

Each life travels, crosses the date line, meets changes of the clocks, pauses, blocks, is failed by us, presses late and twice
(`tests/learning/lives.py`); the reference is `tests/learning/reference_streak.py`. For each: every day counts as the reference says;
streak and best are equal; one more completion lowers neither. The first life that differs can be lived again by its number.

    python -m bench.model_streak [LIVES]
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time
from random import Random
from time import perf_counter

from bot.learning.schedule import Schedules
from bot.learning.streak import Completion, History, classify, streak
from bot.learning.timetable import DAY, Timetable
from tests.learning.lives import random_life
from tests.learning.reference_streak import best, length, words_for_days


def compare(seed: int) -> tuple[Counter[str], list[str]]:
    """What the days of a life counted as, and what differed from the reference."""
    life = random_life(seed)
    history = life.history()
    days, words = classify(history, life.now), words_for_days(history, life.now)
    found, wrong = streak(days), []
    if {day.date: day.status.value for day in days} != words:
        wrong.append(f"life {seed}: the days differ")
    if (found.length, found.best) != (length([*words.values()]), best([*words.values()])):
        wrong.append(f"life {seed}: {found.length}, best {found.best}")
    extra = Completion(Random(seed).choice(days).date, life.now, "UTC")
    more = streak(classify(replace(history, completions=[*history.completions, extra]), life.now))
    if more.length < found.length or more.best < found.best:
        wrong.append(f"life {seed}: lower after one more completion on {extra.day}")
    return Counter(words.values()), wrong


def five_years() -> str:
    """How long a person with five years of history waits for the rule (best of 20)."""
    schedules = Schedules(((date.min, Timetable("America/Sao_Paulo", time(8))),))
    now, chance = datetime(2026, 3, 1, 12, tzinfo=UTC), Random(5)
    dates = [date(2021, 3, 1) + count * DAY for count in range(5 * 365)]
    done = [Completion(day, now, "America/Sao_Paulo") for day in dates if chance.random() < 0.9]
    history = History(dates[0], schedules, done)
    days = classify(history, now)
    classifying = min(_milliseconds(lambda: classify(history, now)) for _ in range(20))
    counting = min(_milliseconds(lambda: streak(days)) for _ in range(20))
    return f"five years, {len(days)} days: classify {classifying:.2f} ms, streak {counting:.2f} ms"


def _milliseconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def main(lives: int) -> int:
    """Compare, print what was compared, and return 1 if anything differed."""
    began, counted, differences = perf_counter(), Counter[str](), list[str]()
    with ProcessPoolExecutor() as pool:
        for words, wrong in pool.map(compare, range(lives), chunksize=250):
            counted += words
            differences += wrong
    print(*differences[:20], sep="\n", end="\n" if differences else "")
    days = ", ".join(f"{number:,} {word}" for word, number in counted.most_common())
    print(f"{lives:,} lives, {counted.total():,} days ({days})")
    print(f"{len(differences)} differences, {perf_counter() - began:.0f} s")
    print(five_years())
    return min(len(differences), 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
