"""Search: which entries answer which words, in which order; filters; and what no words may do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.catalog.kinds import Kind, Language
from bot.catalog.search import LEVELS, Index, Query, Wish, fold, sought, stem

CATALOG = Catalog.model_validate(
    {
        "version": 1,
        "topics": [
            {
                "id": "nets",
                "name": {"en": "Neural networks", "pt": "Redes neurais"},
                "concepts": [{"en": "learning rate", "pt": "taxa de aprendizado"}],
            },
            {"id": "words", "name": {"en": "Natural language", "pt": "Linguagem natural"}},
        ],
        "resources": [
            {
                "id": identity,
                "title": title,
                "url": f"https://example.org/{identity}",
                "topic": topic,
                "kind": kind,
                "language": language,
                **more,
            }
            for identity, title, topic, kind, language, more in (
                (
                    "noted",
                    "First steps",
                    "words",
                    "article",
                    "en",
                    {"note": {"en": "On attention.", "pt": "Sobre atenção."}},
                ),
                ("by-her", "Second steps", "words", "article", "en", {"author": "Ada Attention"}),
                ("titled", "Attention in images", "words", "paper", "en", {"minutes": 90, "level": "cult"}),
                ("core", "Attention at last", "words", "video", "pt", {"core": True, "minutes": 9, "free": True}),
                ("whole", "Attention", "words", "book", "en", {"free": False}),
                ("scikit", "Scikit-learn guide", "nets", "docs", "en", {}),
                ("regression", "Regressões lineares", "nets", "course", "pt", {"level": "beginner"}),
                ("silent", "???", "nets", "other", "mul", {}),
            )
        ],
    }
)


def found(words: str = "", **filters: object) -> list[str]:
    query = Query(words=sought(words), **filters)  # type: ignore[arg-type]
    return [entry.id for entry in CATALOG.index.find(query).entries]


def test_title_counts_more_than_author_and_author_more_than_note() -> None:
    assert found("attention") == ["whole", "core", "titled", "by-her", "noted"]


def test_of_equals_the_core_comes_first() -> None:
    assert found("attention").index("core") < found("attention").index("titled")


def test_a_topic_finds_what_belongs_to_it_by_either_name_and_by_its_concepts() -> None:
    in_nets = {"scikit", "regression", "silent"}
    assert set(found("neural networks")) == set(found("redes neurais")) == set(found("REDE NEURAL")) == in_nets
    assert set(found("taxa de aprendizado")) == set(found("learning rates")) == in_nets


@pytest.mark.parametrize("typed", ["atenção", "ATENCAO", "atencao", "atenc"])
def test_case_and_accents_do_not_matter_and_a_word_may_be_unfinished(typed: str) -> None:
    assert found(typed) == ["noted"]


@pytest.mark.parametrize("typed", ["regressão linear", "regressoes", "regresao", "regressãoo linear"])
def test_plurals_and_small_slips_find_it_all_the_same(typed: str) -> None:
    assert found(typed) == ["regression"]


@pytest.mark.parametrize("typed", ["scikit-learn", "scikit learn", "scikitlearn", "scikit"])
def test_a_compound_is_found_in_each_of_its_spellings(typed: str) -> None:
    assert found(typed) == ["scikit"]


@pytest.mark.parametrize(
    ("word", "same"),
    [
        ("regressoes", "regressao"),
        ("redes", "rede"),
        ("neurais", "neural"),
        ("imagens", "imagem"),
        ("vetores", "vetor"),
        ("niveis", "nivel"),
        ("libraries", "library"),
        ("classes", "class"),
        ("features", "feature"),
        ("networks", "network"),
    ],
)
def test_a_plural_has_the_stem_of_its_word(word: str, same: str) -> None:
    assert stem(word) == stem(same)


@pytest.mark.parametrize("word", ["class", "corpus", "analysis", "aws", "pca", "r"])
def test_what_only_looks_like_a_plural_keeps_its_end(word: str) -> None:
    assert stem(word) == word


def test_where_nothing_has_every_word_the_nearest_are_given_and_it_says_so() -> None:
    answer = CATALOG.index.find(Query(words=("attention", "images", "zebra")))
    assert [entry.id for entry in answer.entries] == ["titled"]
    assert not answer.whole


def test_one_word_of_many_is_no_answer() -> None:
    assert found("attention zebra giraffe elephant") == []


def test_one_word_of_three_is_one_where_an_entry_is_about_it() -> None:
    assert found("attention zebra giraffe") == ["core", "titled", "whole"]  # by-her and noted only mention it
    assert found("ada zebra giraffe") == []


A_VIDEO = Wish(frozenset({"videos"}), Query(kinds=frozenset({Kind.VIDEO})))
A_BOOK = Wish(frozenset({"guide"}), Query(kinds=frozenset({Kind.BOOK})))
SHORT = Wish(frozenset(), Query(most=10))


def wished(*words: str, wishes: tuple[Wish, ...]) -> tuple[list[str], bool]:
    answer = CATALOG.index.find(Query(words=words, wishes=wishes))
    return [entry.id for entry in answer.entries], answer.whole


def test_a_wish_narrows_to_what_fulfils_it() -> None:
    assert wished("videos", "attention", wishes=(A_VIDEO,)) == (["core"], True)
    assert wished("attention", wishes=(SHORT,)) == (["core"], True)
    assert wished("videos", wishes=(A_VIDEO, SHORT)) == (["core"], True)


def test_a_word_of_a_title_fulfils_a_wish_as_well() -> None:
    assert wished("scikit", "guide", wishes=(A_BOOK,)) == (["scikit"], True)
    assert wished("guide", wishes=(A_BOOK,)) == (["scikit", "whole"], True)


def test_where_nothing_fulfils_every_wish_the_words_come_first() -> None:
    assert wished("videos", "images", wishes=(A_VIDEO, SHORT)) == (["titled"], False)
    assert wished("videos", "zebra", wishes=(A_VIDEO,)) == ([], False)


def test_little_words_are_not_looked_for_unless_there_is_nothing_else() -> None:
    assert found("what is the attention of images") == ["titled"]
    assert sought("o que é") == ("o", "que", "e")


def test_filters_alone_list_what_passes_them_the_core_first() -> None:
    assert found(topics=frozenset({"words"}))[0] == "core"
    assert found(kinds=frozenset({Kind.VIDEO, Kind.PAPER})) == ["core", "titled"]
    assert found(languages=frozenset({Language.PT})) == ["core", "regression"]
    assert found(most=9) == ["core"]
    assert found(least=90, most=90) == ["titled"]
    assert found(free=True) == ["core"]


def test_filters_narrow_words() -> None:
    assert found("attention", kinds=frozenset({Kind.PAPER})) == ["titled"]
    assert found("attention", most=1) == []


def test_a_level_is_a_lists_mark_or_else_the_difficulty() -> None:
    assert "regression" in found(level="beginner")
    assert found(level="cult") == ["titled"]
    assert "titled" in found(level="advanced")
    together = [entry for level in ("beginner", "middle", "advanced") for entry in found(level=level)]
    assert sorted(together) == sorted(entry.id for entry in CATALOG.resources)


def test_a_word_of_five_thousand_letters_finds_nothing() -> None:
    assert found("x" * 5000) == []


def test_an_empty_catalog_has_nothing() -> None:
    empty = Catalog(version=1)
    assert empty.index.find(Query(words=("attention",))).entries == ()
    assert empty.index.find(Query()).entries == ()


def test_the_index_is_built_once_and_a_changed_catalog_has_its_own() -> None:
    assert CATALOG.index is CATALOG.index
    changed = CATALOG.model_copy(update={"resources": CATALOG.resources[:1]})
    assert [entry.id for entry in changed.index.find(Query(words=("attention",))).entries] == ["noted"]


queries = st.builds(
    Query,
    words=st.lists(
        st.sampled_from(["attention", "atencao", "nets", "steps", "linear", "guide"]) | st.text(max_size=12).map(fold),
        max_size=10,
    ).map(tuple),
    kinds=st.frozensets(st.sampled_from(Kind), max_size=3),
    topics=st.frozensets(st.sampled_from(["nets", "words", "gone"]), max_size=2),
    level=st.none() | st.sampled_from(LEVELS),
    least=st.none() | st.integers(0, 100),
    most=st.none() | st.integers(0, 100),
    free=st.booleans(),
    wishes=st.lists(st.sampled_from([A_VIDEO, A_BOOK, SHORT]), max_size=2, unique=True).map(tuple),
)


@given(queries)
def test_whatever_is_asked_each_result_passes_the_filters_and_stands_there_once(query: Query) -> None:
    answer = CATALOG.index.find(query)
    assert all(query.accepts(entry) for entry in answer.entries)
    assert len({entry.id for entry in answer.entries}) == len(answer.entries)


@given(st.text(max_size=60))
def test_folding_and_stems_never_fail_and_come_to_rest(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    for word in sought(text):
        assert stem(word)


@given(st.sampled_from(CATALOG.resources))
def test_an_entry_is_found_by_its_whole_title(entry: object) -> None:
    words = sought(entry.title)  # type: ignore[attr-defined]
    if words:
        assert Index(CATALOG).find(Query(words=words)).entries[0].id == entry.id  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("quero aprender python", ("python",)),
        ("eu gostaria de saber mais sobre redes neurais", ("redes", "neurais")),
        ("I want to learn about SQL", ("sql",)),
        ("quero aprender", ("aprender",)),
        ("quero", ("quero",)),
        ("scikit learn", ("scikit", "learn")),
        ("attention is all you need", ("attention", "all", "you", "need")),
    ],
)
def test_a_wish_before_the_words_is_none_of_them(typed: str, words: tuple[str, ...]) -> None:
    assert sought(typed) == words
