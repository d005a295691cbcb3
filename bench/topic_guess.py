"""How often the right topic is among the first three: one entry left out at a time, beside naive nearest neighbours on title words.

    python -m bench.topic_guess [catalog.yaml]

For each entry the index is built again without it, so nothing of it is left in weights or sums. What is asked is what the bot knows of a
suggested link: its title and address, and with “description” a text like that of the page (here the entry's own note where it has one).
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from pathlib import Path

from bot.catalog.entry import Catalog, Resource
from bot.catalog.file import read_catalog
from bot.curation.lookalikes import Likeness

WANTED = 0.85


def measure(catalog: Catalog, every: int = 1) -> dict[str, list[float]]:
    """The shares of entries whose topic is first, and among the first three and five, by the way of guessing."""
    ways = ("title and address", "and description", "naive neighbours")
    hits = {way: [0, 0, 0] for way in ways}
    left_out = catalog.resources[::every]
    for entry in left_out:
        rest = catalog.model_copy(update={"resources": tuple(one for one in catalog.resources if one is not entry)})
        index = Likeness(rest)
        guesses = (
            index.topics(entry.title, "", entry.url),
            index.topics(entry.title, f"{entry.note.en} {entry.note.pt}" if entry.note else "", entry.url),
            naive(rest, entry),
        )
        for way, guess in zip(ways, guesses, strict=True):
            for place, most in enumerate((1, 3, 5)):
                hits[way][place] += entry.topic in guess[:most]
    return {way: [count / len(left_out) for count in counts] for way, counts in hits.items()}


def naive(catalog: Catalog, entry: Resource) -> list[str]:
    """The topics of the entries whose titles share most words with this one's, the nearest first."""
    words = set(entry.title.lower().split())
    scores: Counter[str] = Counter()
    for other in catalog.resources:
        others = set(other.title.lower().split())
        if shared := len(words & others):
            scores[other.topic] = max(scores[other.topic], shared / math.sqrt(len(words) * len(others)))  # type: ignore[assignment]
    return [topic for topic, _ in scores.most_common()]


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("catalog.yaml")
    catalog = read_catalog(path)
    began = time.perf_counter()
    Likeness(catalog).topics("Attention is all you need")
    built = time.perf_counter() - began
    print(
        f"{len(catalog.resources)} entries, {len(catalog.topics)} topics; the index is built in {built * 1000:.0f} ms\n"
    )
    print(f"{'the right topic is':<20}  {'first':>7}  {'in 3':>7}  {'in 5':>7}")
    figures = measure(catalog)
    for way, shares in figures.items():
        print(f"{way:<20}  " + "  ".join(f"{share:7.3f}" for share in shares))
    return 0 if figures["title and address"][1] >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
