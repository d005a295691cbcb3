"""What a link is probably about, and what the catalog has that is like it: from its title, its description and its address.

    Catalog ──built once, kept with it──▶ Likeness ──title, description, address──▶ topics, the likeliest first; nearest entries

Words and pairs of words are weighed by how rare they are (TF-IDF) and compared by the cosine. Three voices say what a topic is like: what
the catalog writes about the topic, the sum of its entries, and the few entries that are nearest. `python -m bench.topic_guess` measures it,
one entry left out at a time.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from bot.catalog.entry import Catalog, Resource, Topic
from bot.catalog.fields import Bilingual
from bot.catalog.search import SILENT, stem, words_of

ABOUT_TOPIC, ENTRIES_OF_TOPIC, NEAREST = 1.0, 0.3, 0.15
"""How much each voice counts."""
NEIGHBOURS = 5
LONGEST = 4_000
"""Characters of a text that are looked at."""

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Near:
    """An entry of the catalog and how alike it is: 0 nothing in common, 1 the same words."""

    entry: Resource
    score: float


def likeness_of(catalog: Catalog) -> Likeness:
    """The index of a catalog, built at its first use and again for every new catalog."""
    global _kept
    if _kept is None or _kept[0] is not catalog:
        _kept = (catalog, Likeness(catalog))
    return _kept[1]


class Likeness:
    """Compares links with the entries and topics of one catalog. Building it takes some tens of milliseconds for 500 entries."""

    def __init__(self, catalog: Catalog) -> None:
        entries = {entry.id: _of_entry(entry) for entry in catalog.resources}
        topics = {topic.id: _of_topic(topic) for topic in catalog.topics}
        self._catalog = catalog
        self._size = len(entries) + len(topics)
        self._in_how_many = Counter(word for text in (*entries.values(), *topics.values()) for word in text)
        self._entries = {name: self._vector(text) for name, text in entries.items()}
        self._topics = {name: self._vector(text) for name, text in topics.items()}

    def topics(self, title: str, description: str = "", url: str = "") -> tuple[str, ...]:
        """The ids of all topics, the likeliest first."""
        link = self._vector(_of_link(title, description, url))
        scores: dict[str, float] = defaultdict(float)
        for found in self._nearest(link)[:NEIGHBOURS]:
            scores[found.entry.topic] += NEAREST * found.score
        for name, about in self._topics.items():
            scores[name] += ABOUT_TOPIC * _cosine(link, about) + ENTRIES_OF_TOPIC * _cosine(
                link, self._sums.get(name, {})
            )
        order = {topic.id: place for place, topic in enumerate(self._catalog.topics)}
        return tuple(sorted(order, key=lambda name: (-scores[name], order[name])))

    def near(self, title: str, description: str = "", url: str = "", most: int = 3) -> tuple[Near, ...]:
        """The entries that are most like it, the nearest first; those with nothing in common are left out."""
        return tuple(self._nearest(self._vector(_of_link(title, description, url)))[:most])

    def _nearest(self, link: Vector) -> list[Near]:
        scores: dict[str, float] = defaultdict(float)
        for word, weight in link.items():
            for name, other in self._by_word.get(word, ()):
                scores[name] += weight * other
        found = [Near(entry, min(1.0, scores[entry.id])) for entry in self._catalog.resources if entry.id in scores]
        return sorted(found, key=lambda near: -near.score)

    def _vector(self, text: Counter[str]) -> dict[str, float]:
        """Rare words count more, repeated ones a little more; the length is 1."""
        weights = {word: (1 + math.log1p(count)) * self._rarity(word) for word, count in text.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {word: weight / length for word, weight in weights.items()}

    def _rarity(self, word: str) -> float:
        return math.log((self._size + 1) / (self._in_how_many[word] + 0.5))

    @cached_property
    def _by_word(self) -> dict[str, list[tuple[str, float]]]:
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for name, vector in self._entries.items():
            for word, weight in vector.items():
                found[word].append((name, weight))
        return found

    @cached_property
    def _sums(self) -> dict[str, dict[str, float]]:
        """What the entries of a topic have in common, each topic at length 1."""
        sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for entry in self._catalog.resources:
            for word, weight in self._entries[entry.id].items():
                sums[entry.topic][word] += weight
        for vector in sums.values():
            length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
            for word in vector:
                vector[word] /= length
        return sums


_kept: tuple[Catalog, Likeness] | None = None


def _of_link(title: str, description: str, url: str) -> Counter[str]:
    return _weighed([(3, title[:LONGEST]), (1, description[:LONGEST])], _of_address(url))


def _of_entry(entry: Resource) -> Counter[str]:
    places = [place for found in entry.lists.values() for place in found]
    return _weighed(
        [
            (3, entry.title),
            (1, _both(entry.note)),
            (0.5, " ".join(_both(part) for part in entry.parts)),
            *((2, place.at) for place in places),
            *((1, _both(place.note)) for place in places),
        ],
        [*_of_address(entry.url), f"by {entry.author}", f"is {entry.kind}"],
    )


def _of_topic(topic: Topic) -> Counter[str]:
    return _weighed(
        [
            (6, _both(topic.name)),
            (3, topic.id.replace("-", " ")),
            (3, _both(topic.about)),
            *((2, _both(said)) for said in (*topic.concepts, *topic.unlinked, *topic.questions)),
        ],
        [],
    )


def _weighed(texts: Iterable[tuple[float, str]], marks: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for weight, text in texts:
        for term in _terms(text):
            counts[term] += weight  # type: ignore[assignment]  # halves count too
    counts.update(marks)
    return counts


def _terms(text: str) -> list[str]:
    """The words that say something, by their stems, and each pair of neighbours."""
    stems = [stem(word) for word in words_of(text) if word not in SILENT and not word.isdigit()]
    return stems + [f"{one} {other}" for one, other in pairwise(stems)]


def _of_address(url: str) -> list[str]:
    """The site, the first step on it (a channel, an owner), and the words of the path."""
    try:
        parts = urlsplit(url[:LONGEST])
    except ValueError:
        return []
    host = parts.netloc.removeprefix("www.")
    if not host:
        return []
    path = unquote(parts.path)
    first = path.strip("/").partition("/")[0]
    return [f"@{host}", f"@{host}/{first}", *_terms(re.sub(r"[\W_]+", " ", f"{path} {parts.query}"))]


def _both(words: Bilingual | None) -> str:
    if words is None:
        return ""
    return words.en if words.en == words.pt else f"{words.en} {words.pt}"


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other[word] for word, weight in one.items() if word in other)
