"""Filters of plain words: whole words, any case and accent, and never a pattern."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reading.filter import no_filter, read_filter
from bot.errors import UserMistake
from bot.feeds.filters import Filter, why_hidden
from bot.feeds.item import Item


def item(title: str, **more: Any) -> Item:
    return Item(None, more.pop("link", "https://x.example/1"), title, **{"letters": 1000, **more})


@pytest.mark.parametrize(
    ("title", "wanted", "why"),
    [
        ("Learning Python", Filter(include=("python",)), None),
        ("Pythonic thoughts", Filter(include=("python",)), "missing"),
        ("VAGAS: São Paulo", Filter(exclude=("vagas",)), "vagas"),
        ("Introdução à álgebra", Filter(include=("introducao a algebra",)), None),
        ("C++ and C#", Filter(include=("c#",)), None),
        ("C and D", Filter(include=("c#",)), "missing"),
        ("A sponsored\n post.", Filter(exclude=("sponsored post",)), "sponsored post"),
        ("Sponsored by a post", Filter(exclude=("sponsored post",)), None),
        ("(a+)+$", Filter(exclude=(".*", "(a+)+$")), "(a+)+$"),
        ("anything", Filter(exclude=(".*",)), None),
        ("Python jobs", Filter(include=("python",), exclude=("jobs",)), "jobs"),
        ("x", Filter(shortest=1001), "short"),
        ("x", Filter(shortest=1000), None),
    ],
)
def test_words_are_whole_words(title: str, wanted: Filter, why: str | None) -> None:
    assert why_hidden(item(title), wanted) == why


def test_shorts_never_come_and_episodes_are_never_too_short() -> None:
    assert why_hidden(item("x", link="https://www.youtube.com/shorts/abc"), Filter()) == "shorts"
    assert why_hidden(item("x", seconds=60, letters=0), Filter(shortest=500)) is None


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ("+python", {"include": ["python"]}),
        ("-vagas -jobs", {"exclude": ["vagas", "jobs"]}),
        ('-"sponsored  post" >500', {"exclude": ["sponsored post"], "shortest": 500}),
        ("- “duas palavras” 3/dia", {"exclude": ["duas palavras"], "most_a_day": 3}),
        ("−vagas 10/day", {"exclude": ["vagas"], "most_a_day": 10}),
        ("+c++ +c#", {"include": ["c++", "c#"]}),
        ("0/day >999999", {"most_a_day": 1, "shortest": 20_000}),
        ("off", {}),
        ("sem", {}),
    ],
)
def test_a_filter_is_read_as_typed(typed: str, changed: dict[str, Any]) -> None:
    assert read_filter(typed) == {**no_filter(), **changed}


@pytest.mark.parametrize("typed", ["python", "+python jobs", "+", '-"', "+!!!", "-x " * 31, ">", "3", "/day"])
def test_what_is_no_filter_is_a_mistake(typed: str) -> None:
    with pytest.raises(UserMistake):
        read_filter(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_filter_or_a_mistake(typed: str) -> None:
    try:
        draft = read_filter(typed)
    except UserMistake:
        return
    why_hidden(item(typed), Filter(tuple(draft["include"]), tuple(draft["exclude"]), draft["shortest"]))
