"""Filters that people say in plain words, in both languages, and words that only sound like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.catalog.kinds import Kind, Language
from bot.catalog.search import Query, fold, sought
from bot.commands.reading.search import read_search
from bot.commands.reading.wishes import length_in, wishes_in
from tests.house import SMALL_CATALOG

CATALOG: Catalog = read_catalog(SMALL_CATALOG)
VIDEO, COURSE = Query(kinds=frozenset({Kind.VIDEO})), Query(kinds=frozenset({Kind.COURSE}))
PORTUGUESE = Query(languages=frozenset({Language.PT}))


@pytest.mark.parametrize(
    ("typed", "words", "asked"),
    [
        ("video about rag", {"rag"}, [VIDEO]),
        ("vídeos sobre RAG", {"rag"}, [VIDEO]),
        ("short video about rag", {"rag"}, [Query(most=15), VIDEO]),
        ("vídeos curtos sobre regressão", {"regressao"}, [VIDEO, Query(most=15)]),
        ("rag under 20 minutes", {"rag"}, [Query(most=20)]),
        ("rag 20 minutes", {"rag"}, [Query(most=20)]),
        ("até meia hora sobre rag", {"rag"}, [Query(most=30)]),
        ("5-10 minute article on rag", {"rag"}, [Query(kinds=frozenset({Kind.ARTICLE})), Query(most=10)]),
        ("rag em menos de 1h", {"rag"}, [Query(most=60)]),
        ("more than an hour of rag", {"rag"}, [Query(least=60)]),
        ("rag, 2 horas ou mais", {"rag"}, [Query(least=120)]),
        ("um curso em português para iniciantes", set(), [COURSE, PORTUGUESE, Query(level="beginner")]),
        ("advanced course in Portuguese", set(), [Query(level="advanced"), COURSE, PORTUGUESE]),
        ("videos or courses on rag", {"rag"}, [Query(kinds=frozenset({Kind.VIDEO, Kind.COURSE}))]),
        ("how does attention work", {"attention"}, []),
        ("me explica o que é atenção, por favor", {"atencao"}, []),
        ("long short-term memory", {"long", "short", "term", "memory"}, []),
        ("regressão no curto prazo", {"regressao", "curto", "prazo"}, []),
        ("it is no de fr", {"de", "fr"}, None),
        ("a link", {"link"}, []),
    ],
)
def test_plain_words_that_may_be_filters(typed: str, words: set[str], asked: list[Query] | None) -> None:
    query = read_search(typed, CATALOG)
    if asked is None:  # codes of languages are words of their own
        assert query.wishes == ()
        return
    assert set(query.words) - {word for wish in query.wishes for word in wish.words} == words
    assert [wish.passes for wish in query.wishes] == asked


def test_free_in_plain_words_is_as_certain_as_ever() -> None:
    query = read_search("curso de python grátis", CATALOG)
    assert query.free
    assert [wish.passes for wish in query.wishes] == [COURSE]


@given(
    st.text(max_size=80) | st.lists(st.sampled_from(["20", "min", "ou", "mais", "a", "hour", "-", " "])).map(" ".join)
)
def test_whatever_is_said_a_wish_asks_for_something_and_its_words_are_among_those_said(text: str) -> None:
    rest, length = length_in(text)
    assert length is None or len(rest) < len(fold(text)) + 2
    words = sought(rest)
    for wish in wishes_in(words):
        assert wish.words <= set(words)
        assert wish.passes != Query()
