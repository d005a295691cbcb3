"""The grammar of labels as a table: what stands around a link and what it means."""

import pytest

from bot.catalog.kinds import Kind, Language, Mark
from bot.catalog.markdown.labels import days_for_each, kinds_of, read_bracket, read_days, read_remark, read_title
from bot.catalog.markdown.people import People, looks_like_name, name_at_end

PEOPLE = People(["Ada Lima", "Rui Sol", "Krish Naik", "Hugging Face"])


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("Roots - paper oct/2021", "Roots", {"kind": Kind.PAPER, "published": "2021-10"}),
        ("Flores - artigo out/2012", "Flores", {"kind": Kind.ARTICLE, "published": "2012-10"}),
        ("Mapas - paper mai/2022", "Mapas", {"kind": Kind.PAPER, "published": "2022-05"}),
        ("Roots - paper 2021", "Roots", {"kind": Kind.PAPER, "published": "2021"}),
        ("Roots - March 2020", "Roots", {"published": "2020-03"}),
        ("Roots - 03/2020", "Roots", {"published": "2020-03"}),
        ("Roots - 2020-03-07", "Roots", {"published": "2020-03-07"}),
        ("Pots - PotNext paper jan/2022", "Pots - PotNext", {"kind": Kind.PAPER, "published": "2022-01"}),
        ("Nets - Green Playlist (~1h)", "Nets - Green Playlist", {"minutes": 60}),
        ("Resumo - 15 min video", "Resumo", {"kind": Kind.VIDEO, "minutes": 15}),
        ("Tutorial - video (30 min)", "Tutorial", {"kind": Kind.VIDEO, "minutes": 30}),
        ("Água - 4 min", "Água", {"minutes": 4}),
        ("Guide - 1h30min", "Guide", {"minutes": 90}),
        ("Guide (12 min read)", "Guide", {"minutes": 12}),
        ("Guide (1.5 hours)", "Guide", {"minutes": 90}),
        ("Curso 2h", "", {"kind": Kind.COURSE, "minutes": 120}),
        ("Pots in 11 minutes", "Pots in 11 minutes", {"minutes": 11}),
        ("Watching 7 Hours of Rain", "Watching 7 Hours of Rain", {"minutes": None}),
        ("30 Days of Rain", "30 Days of Rain", {"minutes": None, "days": None}),
        ("Rain - twitter thread", "Rain", {"kind": Kind.THREAD}),
        ("Rain - twitter thread 2", "Rain (2)", {"kind": Kind.THREAD}),
        ("Rain - Youtube playlist", "Rain", {"kind": Kind.PLAYLIST}),
        ("Rain -  a thread 🧵 - Rui Sol", "Rain", {"kind": Kind.THREAD, "author": "Rui Sol"}),
        ("Rain - @rain", "Rain", {"author": "@rain"}),
        ("Rain - Khrish Naik", "Rain", {"author": "Khrish Naik"}),
        ("Rain - Ada", "Rain", {"author": "Ada"}),
        ("Short rains - Ada Lima, Rui Sol", "Short rains", {"author": "Ada Lima, Rui Sol"}),
        ("Leaf Analysis - Brazilian Society (XY)", "Leaf Analysis - Brazilian Society (XY)", {"author": None}),
        ("Video processing - Great Barrier Reef", "Video processing - Great Barrier Reef", {"author": None}),
        ("Leaves - Microservice Architecture", "Leaves - Microservice Architecture", {"author": None}),
        ("Tutorial by Grace Hopper", "Tutorial by Grace Hopper", {"author": "Grace Hopper"}),
        ("Blog da Grace Hopper", "Blog da Grace Hopper", {"author": "Grace Hopper"}),
        ("Learning from Human Feedback", "Learning from Human Feedback", {"author": None}),
        ("Guia (em inglês)", "Guia", {"language": Language.EN}),
        ("Guide [PT-BR]", "Guide", {"language": Language.PT}),
        ("Guide (2019, in Portuguese)", "Guide", {"language": Language.PT, "published": "2019"}),
        ("Guide - beginner", "Guide", {"mark": Mark.BEGINNER}),
        ("Guide - 1h30", "Guide", {"minutes": 90}),
        ("Guide - curso gratuito 2h", "Guide", {"kind": Kind.COURSE, "minutes": 120, "free": True}),
        ("Guide - free ebook", "Guide", {"kind": Kind.BOOK, "free": True}),
        ("Guide (paid)", "Guide", {"free": False}),
        ("Guide - pago", "Guide", {"free": False}),
        ("Guide - article (15 min read), free", "Guide", {"kind": Kind.ARTICLE, "minutes": 15, "free": True}),
        ("Guide - artigo (grátis, 20 minutos)", "Guide", {"kind": Kind.ARTICLE, "minutes": 20, "free": True}),
        ("Guide - 45 minutes, free, by Ada Lima", "Guide", {"minutes": 45, "free": True, "author": "Ada Lima"}),
        ("Guide - 2019, by hand", "Guide - 2019, by hand", {"published": None, "author": None}),
        ("Guide (advanced, 1h)", "Guide", {"mark": Mark.ADVANCED, "minutes": 60}),
        ("Guide - nível: iniciante", "Guide", {"mark": Mark.BEGINNER}),
        ("Guide - introductory", "Guide", {"mark": Mark.INTRODUCTORY}),
        ("Guide - An Introduction", "Guide - An Introduction", {"mark": None}),
        ("Guide (introductory, 3 days recommended)", "Guide", {"mark": Mark.INTRODUCTORY, "days": 3}),
        ("Gratis", "Gratis", {"free": None}),
        ("Classifier-free guidance", "Classifier-free guidance", {"free": None}),
        ("Models - free of bias", "Models - free of bias", {"free": None}),
        ("🎥 Guide", "Guide", {}),
        ("Cross Rain - scikit docs", "Cross Rain - scikit docs", {"kind": None}),
        ("Word2vec - A Gentle Intro", "Word2vec - A Gentle Intro", {"author": None}),
    ],
)
def test_a_link_text_is_a_title_and_its_labels(text: str, title: str, expected: dict[str, object]) -> None:
    found, said = read_title(text, PEOPLE)
    assert found == title
    assert {name: getattr(said, name) for name in expected} == expected


def test_the_account_in_the_address_is_an_author_by_name() -> None:
    assert read_title("A list of tools - kelvins", PEOPLE, "kelvins")[1].author == "kelvins"
    assert read_title("A list of tools - kelvins", PEOPLE)[1].author is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" - vídeo", {"kind": Kind.VIDEO, "notes": []}),
        (" - blog & vídeo", {"kind": Kind.ARTICLE, "kinds": (Kind.ARTICLE, Kind.VIDEO)}),
        (" - @ada", {"author": "@ada", "notes": []}),
        (" - Ada Lima", {"author": "Ada Lima", "notes": []}),
        (" - by Ada Lima. Long.", {"author": "Ada Lima", "notes": ["Long."]}),
        (" - ROOT paper", {"notes": []}),
        (" - ROOT paper - Local water", {"notes": ["Local water"]}),
        (" (até 2016)", {"notes": ["(até 2016)"]}),
        (" - Does *one* thing.", {"notes": ["Does *one* thing."]}),
        (" · Verde · 2020", {"published": "2020", "notes": ["Verde"]}),
        (" :star: - video", {"kind": Kind.VIDEO, "notes": []}),
        ("", {"notes": []}),
    ],
)
def test_a_remark_is_labels_and_what_is_left(text: str, expected: dict[str, object]) -> None:
    said = read_remark(text, "ROOT", PEOPLE)
    assert {name: getattr(said, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lima; book; 2016", ("Ada Lima", Kind.BOOK, "2016")),
        ("Verde; Blog & Paper, 2021-05", ("Verde", Kind.ARTICLE, "2021-05")),
        ("Garden Community ; YouTube; 2021", ("Garden Community", None, "2021")),
        ("2021-03-04", (None, None, "2021-03-04")),
        ("A: b and c blog; blogpost; 2014-10", ("A: b and c blog", Kind.ARTICLE, "2014-10")),
        ("paper; Verde", ("Verde", Kind.PAPER, None)),
    ],
)
def test_a_bracket_holds_author_type_and_date_in_any_order(text: str, expected: tuple[object, ...]) -> None:
    said = read_bracket(text)
    assert said is not None
    assert (said.author, said.kind, said.published) == expected


@pytest.mark.parametrize("text", ["Just a title", "One; two; three", "Outer", "paper about leaves"])
def test_an_ordinary_text_is_no_bracket(text: str) -> None:
    assert read_bracket(text) is None


@pytest.mark.parametrize(
    ("text", "own", "each"),
    [
        ("Recomendo no mínimo uns 10 dias de estudo para cada uma abaixo:", 10, 10),
        ("Recomendo no mínimo uns 10 dias de estudo para esta.", 10, None),
        ("at least 14 days for each", 14, 14),
        ("a plan of 60 days to revise", None, None),
        ("30 Days of Rain", None, None),
    ],
)
def test_days_are_read_only_where_they_are_recommended(text: str, own: int | None, each: int | None) -> None:
    assert (read_days(text), days_for_each(text)) == (own, each)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("paper + github", (Kind.PAPER, Kind.REPO)),
        ("article & YouTube", (Kind.ARTICLE,)),
        ("blog post", (Kind.ARTICLE,)),
        ("conjunto de dados", (Kind.DATASET,)),
        ("paper about leaves", ()),
    ],
)
def test_a_text_that_consists_of_kinds_names_them_all(text: str, kinds: tuple[Kind, ...]) -> None:
    assert kinds_of(text) == kinds


@pytest.mark.parametrize(
    "name", ["Ada Lima", "Jean-Luc Picard", "Maria da Silva", "O'Neil Ferrari", "J. Ribeiro Neto", "Ian McKellen"]
)
def test_names_look_like_names(name: str) -> None:
    assert looks_like_name(name)


@pytest.mark.parametrize(
    "words", ["Ada", "deep roots", "Hugging Face", "Great Reef", "LabelImg Tool", "GPT Four", "Vision Transformers"]
)
def test_other_words_do_not(words: str) -> None:
    assert not looks_like_name(words)


def test_a_name_at_the_end_needs_a_word_before_it() -> None:
    assert name_at_end("Pots by Ada Lima") == "Ada Lima"
    assert name_at_end("Pots Ada Lima") is None
