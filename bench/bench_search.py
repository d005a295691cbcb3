"""How long a search takes, beside a plain scan of the same catalog in the same run: the real one, 10,000 and 50,000 entries.

Run `python -m bench.bench_search`. The promise is 20 ms over 10,000 entries. The scan folds every text of every entry and looks for
the words in it, which is what the index spares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from time import perf_counter

from bot.catalog.entry import Catalog, Resource
from bot.catalog.file import read_catalog
from bot.catalog.search import Index, Query, fold
from bot.commands.reading.search import read_search

TURNS, LIMIT, PROMISED = 20, 20.0, 10_000
CATALOG = Path(__file__).parent.parent / "catalog.yaml"
TYPED = (
    "attention",
    "redes neurais",
    "learning",
    "data science python",
    "tranformers",
    "what is overfitting",
    "zzzzzzzzzz",
    "a",
    "short video about neural networks",
    "um curso de python em português, até 1 hora",
)


def grown(catalog: Catalog, size: int) -> Catalog:
    """A catalog of that many entries: the real ones with words of other titles mixed into theirs."""
    chance = Random(3)
    words = [word for entry in catalog.resources for word in entry.title.split()]
    entries = [
        catalog.resources[number % len(catalog.resources)].model_copy(
            update={
                "id": f"entry-{number}",
                "title": f"{catalog.resources[number % len(catalog.resources)].title} {' '.join(chance.choices(words, k=3))} {number}",
            }
        )
        for number in range(size)
    ]
    return catalog.model_copy(update={"resources": tuple(entries)})


def scan(catalog: Catalog, query: Query) -> list[Resource]:
    """What a search without an index does."""
    topics = {topic.id: f"{topic.name.en} {topic.name.pt}" for topic in catalog.topics}
    found = []
    for entry in catalog.resources:
        note = f"{entry.note.en} {entry.note.pt}" if entry.note else ""
        text = fold(f"{entry.title} {entry.author or ''} {topics.get(entry.topic, '')} {note}")
        if all(word in text for word in query.words):
            found.append(entry)
    return found


def took(work: Callable[[], object], turns: int) -> tuple[float, float]:
    """The median and the worst of some turns, in milliseconds."""
    times = []
    for _ in range(turns):
        began = perf_counter()
        work()
        times.append((perf_counter() - began) * 1000)
    times.sort()
    return times[len(times) // 2], times[-1]


def measure(index: Index, catalog: Catalog, typed: str) -> float:
    """Print how long one search takes with the index and with a scan; the median with the index, in milliseconds."""
    query = read_search(typed, catalog)
    median, worst = took(lambda: index.find(query), TURNS)
    plain, _ = took(lambda: scan(catalog, query), 3)
    print(
        f"  {typed:<43} {len(index.find(query).entries):>6,} found   median {median:7.2f} ms   worst {worst:7.2f} ms"
        f"   a scan {plain:8.1f} ms   {plain / median:6.0f} times faster"
    )
    return median


def main() -> int:
    """Measure every size; 1 if the promise is broken."""
    real = read_catalog(CATALOG)
    kept = True
    for size in (len(real.resources), PROMISED, 5 * PROMISED):
        catalog = real if size == len(real.resources) else grown(real, size)
        began = perf_counter()
        index = Index(catalog)
        print(f"{size:,} entries; the index is built in {(perf_counter() - began) * 1000:.0f} ms")
        for typed in TYPED:
            median = measure(index, catalog, typed)
            kept &= size > PROMISED or median <= LIMIT
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
