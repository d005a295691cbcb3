"""What people type to search: words and filters in both languages, and what is said about a filter nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.catalog.kinds import Kind, Language
from bot.catalog.search import Query
from bot.commands.reading.search import FILTERS, LONGEST, read_search, read_topics, without_filters
from bot.errors import UserMistake
from tests.house import SMALL_CATALOG

CATALOG: Catalog = read_catalog(SMALL_CATALOG)
SHORT_AND_FREE = Query((), frozenset({Kind.VIDEO}), languages=frozenset({Language.PT}), most=14, free=True)
TYPED = st.text(max_size=LONGEST + 10) | st.lists(
    st.sampled_from([*FILTERS, ":", "<", ">=", "pt", "video", " ", "9", '"']), max_size=30
).map("".join)


def read(text: str) -> Query:
    return read_search(text, CATALOG)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kind:video minutes<15 lang:pt free", SHORT_AND_FREE),
        ("tipo:vídeo minutos<15 idioma:pt grátis", SHORT_AND_FREE),
        ("Atenção TIPO:Vídeos", Query(("atencao",), frozenset({Kind.VIDEO}))),
        ("kind:video,artigo", Query((), frozenset({Kind.VIDEO, Kind.ARTICLE}))),
        ("kind:comp", Query((), frozenset({Kind.COMPETITION}))),
        ("tipo:competições", Query((), frozenset({Kind.COMPETITION}))),
        ("lang:english", Query(languages=frozenset({Language.EN}))),
        ("língua:inglês", Query(languages=frozenset({Language.EN}))),
        ("lang:pt-BR", Query(languages=frozenset({Language.PT}))),
        ("minutes<=15", Query(most=15)),
        ("minutos:1h", Query(most=60)),
        ("minutes>30 min<60min", Query(least=31, most=59)),
        ("level:easy", Query(level="beginner")),
        ("nível:clássico", Query(level="cult")),
        ("topic:basics", Query(topics=frozenset({"basics"}))),
        ('tema:"noções básicas" dados', Query(("dados",), topics=frozenset({"basics"}))),
        ("tema:noções-básicas", Query(topics=frozenset({"basics"}))),
        ("what is free of charge", Query(("charge",), free=True)),
        ("C++ 12:30 :-) http://a.b/c", None),
    ],
)  # fmt: skip
def test_words_and_filters(typed: str, meant: Query | None) -> None:
    if meant is None:
        with pytest.raises(UserMistake):
            read(typed)
    else:
        assert read(typed) == meant


def test_a_sign_inside_a_word_is_no_filter() -> None:
    assert read("c++ 12:30 x> :-)").words == ("c", "12", "30", "x")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("author:statquest", "reading.no_such_filter"),
        ("kind:banana", "reading.no_such_kind"),
        ("kind:,", "reading.no_such_kind"),
        ("kind:vi,banana", "reading.no_such_kind"),
        ("lang:klingon", "reading.no_such_spoken"),
        ("level:11", "reading.no_such_level"),
        ("minutes<soon", "reading.no_such_length"),
        ("minutes<-5", "reading.no_such_length"),
        ("topic:astrology", "reading.no_such_topic"),
        ("topic:---", "reading.no_such_topic"),
        ("x" * (LONGEST + 1), "search.too_long"),
    ],
)
def test_what_nobody_knows_is_said(typed: str, key: str) -> None:
    with pytest.raises(UserMistake) as mistake:
        read(typed)
    assert mistake.value.key == key


def test_a_topic_goes_by_its_id_before_its_names() -> None:
    assert read_topics("models", CATALOG) == {"models"}
    assert read_topics("MODELO", CATALOG) == {"models"}
    assert read_topics("grafico", CATALOG) == {"charts"}


@given(TYPED)
def test_anything_typed_is_a_query_or_a_mistake_that_says_so(text: str) -> None:
    try:
        query = read(text)
    except UserMistake as mistake:
        said = mistake.key
    else:
        said = ""
        assert all(word == word.casefold() for word in query.words)
    assert said in ("", "search.too_long") or said.startswith("reading.no_such_")


@given(st.text(max_size=2 * LONGEST))
def test_words_somebody_just_said_hold_no_filter_but_wishes(text: str) -> None:
    query = read(without_filters(text))
    assert query == Query(words=query.words, free=query.free, wishes=query.wishes)
