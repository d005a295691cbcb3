"""Reads which part of their history somebody wants: done, open, with notes, a month, a topic, a kind, in any order and either language."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from bot.catalog.entry import Catalog
from bot.catalog.kinds import Kind
from bot.catalog.search import Query, fold
from bot.commands.reading.dates import MONTH_NAMES
from bot.commands.reading.search import read_filters, read_kinds, read_topics
from bot.commands.reading.typed import mistake_about, named_by
from bot.errors import UserMistake
from bot.store.history_entries import OPEN, HistoryEntry

_NAMES = {
    "done": frozenset({"done", "feito", "feita", "feitos", "feitas", "fiz"}),
    "open": frozenset({"open", "aberto", "aberta", "abertos", "abertas", "pendente", "pendentes", "unanswered"}),
    "notes": frozenset({"note", "notes", "nota", "notas", "noted", "anotado", "anotada"}),
    "all": frozenset({"all", "everything", "tudo", "todas", "todos"}),
}
_LITTLE = frozenset(
    {"em", "de", "do", "da", "of", "in", "the", "with", "com", "e", "and", "my", "meu", "minha", "minhas", "meus"}
)
_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<month_first>\d{1,2})[-/.](?P<year_last>\d{4})")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which things of a history are told. What is empty lets everything pass."""

    done: bool = False
    open: bool = False
    notes: bool = False
    year: int | None = None
    month: int | None = None
    topics: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()

    def holds(self, given: HistoryEntry, catalog: Catalog, noted: Collection[str]) -> bool:
        """Whether something belongs to this part; `noted` are the resources with a line about them."""
        entry = catalog.resource(given.resource)
        return (
            (not self.done or given.what != OPEN)
            and (not self.open or given.what == OPEN)
            and (not self.notes or given.resource in noted)
            and (self.year is None or given.day.year == self.year)
            and (self.month is None or given.day.month == self.month)
            and (not self.topics or given.topic in self.topics)
            and (not self.kinds or (entry is not None and entry.kind in self.kinds))
        )


def read_part(text: str, catalog: Catalog, today: date) -> HistoryFilter:
    """What "done", "abertas de março", "2026-02 tema:nlp", "vídeo" or "notas" mean. Raises UserMistake for a word that says nothing.

    A month without a year is the newest one that has begun.
    """
    mistake = mistake_about("history", text)
    query, words = read_filters(text, catalog)
    if replace(query, words=(), kinds=frozenset(), topics=frozenset()) != Query():
        raise mistake
    part = HistoryFilter(topics=query.topics, kinds=query.kinds)
    for word in words.replace(",", " ").split():
        part = _with(part, fold(word), catalog, mistake)
    if part.month is not None and part.year is None:
        part = replace(part, year=today.year if part.month <= today.month else today.year - 1)
    return part


def _with(part: HistoryFilter, word: str, catalog: Catalog, mistake: UserMistake) -> HistoryFilter:
    """A part narrowed by one more word."""
    if word in _LITTLE or word in _NAMES["all"]:
        return part
    if word in _NAMES["done"]:
        return replace(part, done=True)
    if word in _NAMES["open"]:
        return replace(part, open=True)
    if word in _NAMES["notes"]:
        return replace(part, notes=True)
    if found := _MONTH.fullmatch(word):
        month = int(found["month"] or found["month_first"])
        if not 1 <= month <= 12:
            raise mistake
        return replace(part, year=int(found["year"] or found["year_last"]), month=month)
    if _YEAR.fullmatch(word):
        return replace(part, year=int(word))
    if month_named := named_by(word, MONTH_NAMES, shortest=3):
        return replace(part, month=month_named)
    return _of_catalog(part, word, catalog, mistake)


def _of_catalog(part: HistoryFilter, word: str, catalog: Catalog, mistake: UserMistake) -> HistoryFilter:
    """A part narrowed by a kind or a topic."""
    try:
        return replace(part, kinds=part.kinds | read_kinds(word))
    except UserMistake:
        pass
    try:
        return replace(part, topics=part.topics | read_topics(word, catalog))
    except UserMistake:
        raise mistake from None
