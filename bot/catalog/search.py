"""Finds entries by words: an inverted index over titles, topics, authors and notes, in both languages.

    Catalog ──built once──▶ Index ──Query──▶ Found, the best first

Case and accents do not matter, nor do plurals (`stem`). A word that nothing has may be unfinished or, if it is long, misspelt. Every
entry must have every word; where none has, those that have most of them are given, and `Found.whole` says so. A word such as “video” is a
`Wish`: an entry has it by being one. What counts how much is `WEIGHTS`; of equals, the core comes first, then the order of the file.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.catalog.entry import Catalog, Resource, Topic
from bot.catalog.kinds import Kind, Language, Mark

WEIGHTS = {"title": 12.0, "topic": 8.0, "about": 7.0, "concept": 6.0, "author": 4.0, "note": 2.0}
EXACT, BEGUN, MISSPELT = 1.0, 0.6, 0.4
"""What a word is worth that is there as it was typed, that begins so, or that is nearly so."""
SAME_TITLE, IN_TITLE = 20.0, 5.0
"""What it adds when the words are the whole title, or stand in it one after the other."""
MOST_WORDS = 8
"""Words of a query that count; what is longer is a sentence, and its first words say what it is about."""
SILENT_WORDS = """
a an and are as by do does for from how i in is it of on or the this to was what when where which who why with
ao aos as com como da das de do dos e em eh fazer isso mais na nas no nos o os ou para pela pelo por qual quais quando que se
sem sobre um uma
"""
SILENT = frozenset(SILENT_WORDS.split())
"""Folded words that say nothing about what somebody looks for."""
ASKING_WORDS = """
about any anything best can could content explain find get give good great material me more my over please recommend resource resources
show some something stuff tell there thing things under want work working works
algo algum alguma algumas alguns ate boa boas bom bons busco coisa coisas conteudo explica explicar explique favor funciona funcionam
funcionar ha indica indique material materiais me melhor melhores menos meu mim minha mostra mostre procuro queria quero recomenda
recomende recurso recursos tem voce
"""
ASKING = frozenset(ASKING_WORDS.split())
"""Folded words that say something in a title, and nothing in a question."""
UNFINISHED = 3
"""Letters from which on a word may be the beginning of others."""
CORRECTABLE = 5
"""Letters from which on a word may be misspelt by one, and from `LONG` on by two."""
LONG = 8
FEWEST = 3
"""One word of three may be an answer, of more none is."""

LAST = "\U0010ffff"
"""Comes after every letter."""

_WORD = re.compile(r"[^\W_]+")
_WISH = re.compile(
    r"^\s*(?:(?:eu )?(?:quero|queria|gostaria de|preciso)(?: (?:aprender|estudar|entender|saber))?"
    r"|(?:i )?(?:want|need|would like) to (?:learn|study|understand|know))(?: mais| more)?(?: sobre| about)?\s+"
)
_COMPOUND = re.compile(r"[^\W_]+(?:[-.'’_][^\W_]+)+")
_MARKS = {
    "beginner": frozenset({Mark.BEGINNER, Mark.INTRODUCTORY}),
    "middle": frozenset[Mark](),
    "advanced": frozenset({Mark.ADVANCED}),
    "cult": frozenset({Mark.CULT}),
}
LEVELS = tuple(_MARKS)
"""What one can ask of a level: an entry has it by a list's mark or, the classics apart, by its difficulty."""
_DIFFICULTIES = {"beginner": 1, "middle": 2, "advanced": 3}


def fold(text: str) -> str:
    """Small letters without accents."""
    if text.isascii():
        return text.lower()
    spelled = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(letter for letter in spelled if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The words of a text, folded; “scikit-learn” is also “scikitlearn”."""
    folded = fold(text)
    return _WORD.findall(folded) + [re.sub(r"[-.'’_]", "", whole) for whole in _COMPOUND.findall(folded)]


def sought(text: str) -> tuple[str, ...]:
    """The words of a text that say what is looked for; all of them where none does. “I want to learn” before them says nothing of it."""
    folded = fold(text)
    typed = _WORD.findall(_WISH.sub("", folded)) or _WORD.findall(folded)
    return (
        tuple(word for word in typed if word not in SILENT and word not in ASKING)
        or tuple(word for word in typed if word not in SILENT)
        or tuple(typed)
    )


def stem(word: str) -> str:
    """A folded word without what its plural, in English or Portuguese, adds: regressões, regressão; libraries, library."""
    base = word
    for end, single in (("oes", "ao"), ("ais", "al"), ("eis", "el")):
        if base.endswith(end) and len(base) > 4:
            return base[: -len(end)] + single
    if len(base) > 3 and base.endswith("s") and base[-2:] not in ("ss", "us", "is"):
        base = base[:-1]
    if len(base) > 3 and base.endswith("e"):
        base = base[:-1]
    if len(base) > 3 and base[-1] in "my":
        base = base[:-1] + ("n" if base[-1] == "m" else "i")  # imagem, imagens; library, libraries
    return base


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: folded `words` in their order, and what an entry must be. Empty filters let everything pass.

    `level` is one of LEVELS; minutes are for the whole thing, both ends included; `free` only where the catalog knows.
    """

    words: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset()
    topics: frozenset[str] = frozenset()
    languages: frozenset[Language] = frozenset()
    level: str | None = None
    least: int | None = None
    most: int | None = None
    free: bool = False
    wishes: tuple[Wish, ...] = ()

    def accepts(self, entry: Resource) -> bool:
        """Whether an entry passes the filters."""
        return (
            (not self.kinds or entry.kind in self.kinds)
            and (not self.topics or entry.topic in self.topics)
            and (not self.languages or entry.language in self.languages)
            and (self.least is None or entry.minutes >= self.least)
            and (self.most is None or entry.minutes <= self.most)
            and (not self.free or entry.free is True)
            and (self.level is None or _has_level(entry, self.level))
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What plain words may ask of an entry: it `passes` that, or has one of the `words` in its title or its topic's name.

    The words stand among those of the query; a length such as “20 minutes” has none.
    """

    words: frozenset[str]
    passes: Query


def _has_level(entry: Resource, level: str) -> bool:
    if entry.level in _MARKS[level]:
        return True
    unmarked = entry.level is None or entry.level is Mark.CULT
    return unmarked and entry.difficulty == _DIFFICULTIES.get(level)


@dataclass(frozen=True, slots=True)
class Results:
    """Entries, the best first. `whole` is False where no entry has every word."""

    entries: tuple[Resource, ...]
    whole: bool = True


class Index:
    """What a catalog's entries say, word by word. Built once for each catalog: see `Catalog.index`."""

    def __init__(self, catalog: Catalog) -> None:
        self._entries = catalog.resources
        self._titles = [" ".join(_WORD.findall(fold(entry.title))) for entry in catalog.resources]
        self._in_entries: dict[str, dict[int, float]] = defaultdict(dict)
        self._in_topics: dict[str, dict[str, float]] = defaultdict(dict)
        self._of_topic: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(catalog.resources):
            self._of_topic[entry.topic].append(place)
            for word, weight in _said_by(entry):
                known = self._in_entries[word]
                known[place] = max(weight, known.get(place, 0.0))
        for topic in catalog.topics:
            for word, weight in _said_of(topic):
                told = self._in_topics[word]
                told[topic.id] = max(weight, told.get(topic.id, 0.0))
        self._vocabulary = sorted(self._in_entries.keys() | self._in_topics.keys())

    def find(self, query: Query) -> Results:
        """The entries that answer a query."""
        accepted = [place for place, entry in enumerate(self._entries) if query.accepts(entry)]
        words = query.words[:MOST_WORDS]
        if not words and not query.wishes:
            return Results(tuple(self._entries[place] for place in sorted(accepted, key=self._core_first)))
        wished = frozenset(word for wish in query.wishes for word in wish.words)
        hits = [self._hits(word) for word in words if word not in wished]
        best, most = _having_most(accepted, hits)
        if hits and (not most or most * FEWEST < len(hits)):
            return Results((), whole=False)
        if most * 2 < len(hits):  # the one word that is there must be what the entry is about
            best = [place for place in best if sum(hit.get(place, 0.0) for hit in hits) >= WEIGHTS["topic"]]
        fulfilled = [self._fulfilling(wish, best) for wish in query.wishes]
        best, fewer = _having_most(best, fulfilled)
        typed = " ".join(words)
        scores = {
            place: sum(hit.get(place, 0.0) for hit in (*hits, *fulfilled)) + self._closeness(place, typed)
            for place in best
        }
        best.sort(key=lambda place: (-scores[place], *self._core_first(place)))
        whole = (most, fewer) == (len(hits), len(fulfilled))
        return Results(tuple(self._entries[place] for place in best), whole=whole)

    def _fulfilling(self, wish: Wish, places: Iterable[int]) -> dict[int, float]:
        """Those of some entries that fulfil a wish, by what that is worth."""
        found = {place: WEIGHTS["title"] for place in places if wish.passes.accepts(self._entries[place])}
        for word in wish.words:
            named = self._having([(stem(word), EXACT)])
            _raise(found, {place: worth for place, worth in named.items() if worth >= WEIGHTS["topic"]}, EXACT)
        return found

    def _core_first(self, place: int) -> tuple[bool, int]:
        return not self._entries[place].core, place

    def _closeness(self, place: int, typed: str) -> float:
        title = self._titles[place]
        return SAME_TITLE if title == typed else IN_TITLE if typed in title else 0.0

    def _hits(self, word: str) -> dict[int, float]:
        """The entries that have a word, by what it is worth there."""
        return (
            self._having([(stem(word), EXACT)])
            or self._having([(other, BEGUN) for other in self._beginning(word)])
            or self._having([(other, MISSPELT) for other in self._nearly(word)])
        )

    def _having(self, words: Iterable[tuple[str, float]]) -> dict[int, float]:
        found: dict[int, float] = {}
        for word, quality in words:
            for topic, weight in self._in_topics.get(word, {}).items():
                _raise(found, dict.fromkeys(self._of_topic[topic], weight), quality)
            _raise(found, self._in_entries.get(word, {}), quality)
        return found

    def _beginning(self, word: str) -> list[str]:
        if len(word) < UNFINISHED:
            return []
        return self._vocabulary[bisect_left(self._vocabulary, word) : bisect_left(self._vocabulary, word + LAST)]

    def _nearly(self, word: str) -> list[str]:
        slips = 0 if len(word) < CORRECTABLE else 1 if len(word) < LONG else 2
        if not slips:
            return []
        near = process.extract(stem(word), self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=5)
        return [other for other, _, _ in near]


def _having_most(places: Iterable[int], hits: Iterable[Mapping[int, float]]) -> tuple[list[int], int]:
    """Those of some entries that have most of what is looked for, and how much that is."""
    among = frozenset(places)
    having = Counter(place for hit in hits for place in hit if place in among)
    most = max(having.values(), default=0)
    return ([place for place, count in having.items() if count == most] if most else sorted(among)), most


def _raise(found: dict[int, float], weights: Mapping[int, float], quality: float) -> None:
    for place, weight in weights.items():
        worth = weight * quality
        if worth > found.get(place, 0.0):
            found[place] = worth


def _said_by(entry: Resource) -> Iterator[tuple[str, float]]:
    yield from _weighed([entry.title], "title")
    yield from _weighed([entry.author or ""], "author")
    notes = [entry.note.en, entry.note.pt] if entry.note else []
    yield from _weighed([*notes, *(text for part in entry.parts for text in (part.en, part.pt))], "note")


def _said_of(topic: Topic) -> Iterator[tuple[str, float]]:
    yield from _weighed([topic.id, topic.name.en, topic.name.pt], "topic")
    yield from _weighed([topic.about.en, topic.about.pt] if topic.about else [], "about")
    named = (*topic.concepts, *topic.unlinked)
    yield from _weighed([text for term in named for text in (term.en, term.pt)], "concept")


def _weighed(texts: Iterable[str], field: str) -> Iterator[tuple[str, float]]:
    weight = WEIGHTS[field]
    return ((stem(word), weight) for text in texts for word in words_of(text))
