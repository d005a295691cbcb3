"""Which part of a history words mean, and that a part holds what it says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.file import read_catalog
from bot.catalog.kinds import Kind
from bot.commands.reading.history import HistoryFilter, read_part
from bot.errors import UserMistake
from bot.store.history_entries import HistoryEntry
from tests.house import SMALL_CATALOG

CATALOG = read_catalog(SMALL_CATALOG)
TODAY = date(2026, 3, 10)


def read(text: str) -> HistoryFilter:
    return read_part(text, CATALOG, TODAY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", HistoryFilter()),
        ("all", HistoryFilter()),
        ("tudo", HistoryFilter()),
        ("done", HistoryFilter(done=True)),
        ("Feitas", HistoryFilter(done=True)),
        ("em aberto", HistoryFilter(open=True)),
        ("com notas", HistoryFilter(notes=True)),
        ("março", HistoryFilter(year=2026, month=3)),
        ("mar", HistoryFilter(year=2026, month=3)),
        ("april", HistoryFilter(year=2025, month=4)),
        ("abril de 2024", HistoryFilter(year=2024, month=4)),
        ("2026-02", HistoryFilter(year=2026, month=2)),
        ("02/2026", HistoryFilter(year=2026, month=2)),
        ("2025", HistoryFilter(year=2025)),
        ("vídeos", HistoryFilter(kinds=frozenset({Kind.VIDEO}))),
        ("kind:video,notebook", HistoryFilter(kinds=frozenset({Kind.VIDEO, Kind.NOTEBOOK}))),
        ("models", HistoryFilter(topics=frozenset({"models"}))),
        ("tema:noções feitas, notas", HistoryFilter(done=True, notes=True, topics=frozenset({"basics"}))),
    ],
)
def test_words_mean_a_part(typed: str, meant: HistoryFilter) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "typed", ["banana", "2026-13", "13/2026", "minutes<5", "free:yes", "done banana", "🦜", "'; DROP TABLE doses"]
)
def test_a_word_that_says_nothing_is_said_back(typed: str) -> None:
    with pytest.raises(UserMistake) as mistake:
        read(typed)
    assert mistake.value.key == "reading.no_such_history"


def test_a_part_holds_what_it_says() -> None:
    done = HistoryEntry(date(2026, 3, 2), "done", "what-is-data", "What is data?", "basics")
    left = HistoryEntry(date(2026, 2, 28), "open", "build-a-model", "Build a model", "models")
    recalled = HistoryEntry(date(2026, 3, 2), "recall", count=3)
    everything = [done, left, recalled]

    def told(text: str) -> list[HistoryEntry]:
        part = read(text)
        return [one for one in everything if part.holds(one, CATALOG, {"what-is-data"})]

    assert told("") == everything
    assert told("done") == [done, recalled]
    assert told("open") == [left]
    assert told("notes") == [done]
    assert told("february") == [left]
    assert told("video") == [done]
    assert told("models") == [left]
    assert told("2025") == []


@given(st.text(max_size=400))
def test_anything_typed_is_a_part_or_a_mistake(text: str) -> None:
    try:
        read(text)
        said = "reading.no_such_"
    except UserMistake as mistake:
        said = mistake.key
    assert said.startswith(("reading.no_such_", "search.too_long"))
