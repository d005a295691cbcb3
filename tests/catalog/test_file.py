"""A catalog file read as a whole: what a good one gives, and that a bad one hears everything at once, line by line."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.catalog.file import check_file, parse_catalog, read_catalog
from bot.errors import CatalogError

GOOD = """\
# A small catalog.
version: 1
lists:
  - {id: data-science-trail, title: Trilha de Estudos de Ciência de Dados, keeper: HinePo}
  - {id: ml-evolution, title: Machine Learning Resources}
topics:
  - id: deep-learning
    name: {en: Deep learning, pt: Aprendizado profundo}
    concepts: [gradient descent, {en: learning rate, pt: taxa de aprendizado}]
  - id: transformers
    name: Transformers
    after: [deep-learning]
    questions:
      - en: How does positional encoding work?
        pt: Como funciona a codificação posicional?
        lists: {ml-evolution: {at: Architectures, line: 40}}
trails:
  - id: deep
    name: {en: Deep learning and LLMs, pt: Deep learning e LLMs}
    about: {en: From a neuron to a chat., pt: De um neurônio a um chat.}
    topics: [deep-learning, {id: transformers, lists: [data-science-trail], order: published}]
resources:
  - id: neural-networks
    title: Neural Networks
    url: https://www.youtube.com/playlist?list=PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi
    topic: deep-learning
    kind: playlist
    core: true
    language: en
    minutes: 60
    lists: {data-science-trail: {at: Deep Learning > Basics, line: 229}}
  - id: attention-is-all-you-need
    title: Attention Is All You Need
    url: https://arxiv.org/pdf/1706.03762.pdf
    topic: transformers
    kind: paper
    core: true
    language: en
    published: 2017-12
    minutes: 90
    estimated: [minutes]
    recall:
      - q: {en: What does attention replace?, pt: O que a atenção substitui?}
        a: {en: Recurrence., pt: A recorrência.}
    lists:
      data-science-trail: {at: Transformers > Papers, line: 301}
      ml-evolution:
        - {at: Architectures, line: 42, mark: cult}
        - {at: Overview, line: 12}
checklists:
  - id: first-baseline
    name: {en: A first baseline, pt: Uma primeira baseline}
    topic: deep-learning
    steps:
      - {id: metric, en: Choose a metric., pt: Escolha uma métrica.}
      - {id: train, en: Train once., pt: Treine uma vez., see_also: [neural-networks]}
tips:
  - id: general-first
    text: {en: Go from the general to the specific., pt: Vá do geral para o específico.}
feeds:
  - {url: https://example.org/feed.xml, title: A blog, topic: transformers, minutes: 10}
"""
LINES = GOOD.splitlines()


def change(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def problems(text):
    """Read a bad file and return what it hears, as line and sentence."""
    with pytest.raises(CatalogError) as refused:
        parse_catalog(text)
    return [(problem.line, problem.text) for problem in refused.value.problems]


def line_of(text: str) -> int:
    [line] = [number for number, line in enumerate(LINES, start=1) if text in line]
    return line


def test_a_good_file_gives_its_catalog(tmp_path: Path):
    (tmp_path / "catalog.yaml").write_text(GOOD, encoding="utf-8")
    catalog = read_catalog(tmp_path / "catalog.yaml")
    attention = catalog.resource("attention-is-all-you-need")
    assert attention is not None
    assert (attention.published, attention.use, attention.difficulty) == ("2017-12", "dose", 3)
    assert [place.at for place in attention.lists["ml-evolution"]] == ["Architectures", "Overview"]
    assert [stop.id for stop in catalog.trails[0].topics] == ["deep-learning", "transformers"]
    assert check_file(tmp_path / "catalog.yaml") == []


@pytest.mark.parametrize(
    "encode", [lambda text: text.replace("\n", "\r\n").encode(), lambda text: text.encode("utf-8-sig")]
)
def test_windows_files_give_the_same_catalog(encode):
    assert parse_catalog(encode(GOOD)) == parse_catalog(GOOD)


def test_sections_may_be_empty_while_one_writes():
    assert parse_catalog("version: 1\ntopics:\nfeeds:\n").topics == ()


def test_everything_wrong_is_said_at_once_in_the_order_of_the_lines():
    text = (
        GOOD.replace("kind: playlist", "kind: playlst")
        .replace("    title: Attention Is All You Need\n", "")
        .replace("after: [deep-learning]", "after: [deep-lerning]")
        .replace("minutes: 10}", "minuts: 10}")
    )
    assert problems(text) == [
        (12, "there is no topic “deep-lerning”; did you mean “deep-learning”?"),
        (27, "“playlst” is not known here; did you mean “playlist”?"),
        (32, "“title” is missing"),
        (60, "“minuts” is not a known key; did you mean “minutes”?"),
    ]


def test_problems_are_named_by_ids():
    with pytest.raises(CatalogError) as refused:
        parse_catalog(change("mark: cult", "mark: classic"))
    [problem] = refused.value.problems
    assert problem.path == "resources.attention-is-all-you-need.lists.ml-evolution[0].mark"
    assert str(problem).startswith(f"line {line_of('mark: cult')}: resources.attention-is-all-you-need.lists")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version: 1", "version: 2", "“2” is not known here; one of 1"),
        ("    minutes: 90", "    minutes: long", "this should be a whole number, not “long”"),
        ("    minutes: 90", "    minutes: 0", "this should be 1 or more, not 0"),
        ("    minutes: 90", "    minutes: 90.5", "this should be a whole number, not “90.5”"),
        ("    title: Neural Networks", "    title: 1984", "this should be text, not “1984”; put it in quotes"),
        ("    title: Neural Networks", "    title: ''", "this must not be empty"),
        ("    title: Neural Networks", "    title:", "this should be text, not nothing"),
        ("    title: Neural Networks", f"    title: {'x' * 301}", "this has more than 300 characters"),
        ("published: 2017-12", "published: dec/2017", "“dec/2017” is not a date such as 2017, 2017-12 or 2017-12-06"),
        ("https://arxiv.org/", "javascript://arxiv.org/", "only http:// and https:// addresses are taken"),
        ("    after: [deep-learning]", "    after: deep-learning", "this should be a sequence (lines that begin"),
        ("estimated: [minutes]", "estimated: [size]", "“size” is not known here; one of minutes, difficulty, days"),
        ("id: first-baseline", "id: First Baseline", "“First Baseline” is not an id: small letters a to z"),
        ("    lists: {data-science-trail: {at: Deep", "    lists: {No List: {at: Deep", "“No List” is not an id"),
        ("pt: De um neurônio a um chat.", "es: De una neurona", "“es” is not a known key; known here: en, pt"),
    ],
)
def test_each_slip_is_said_plainly_on_its_own_line(old, new, said):
    found = problems(change(old, new))
    line = line_of(old)
    assert [text for number, text in found if number == line and text.startswith(said)], found
    assert {number for number, _ in found} == {line}


def test_an_id_given_twice_is_found_with_both_lines():
    text = change("id: attention-is-all-you-need", "id: neural-networks")
    assert (32, "“neural-networks” is given twice, first on line 23") in problems(text)


def test_a_key_given_twice_is_found_with_both_lines():
    text = change("    language: en\n    minutes: 60", "    language: en\n    language: pt\n    minutes: 60")
    assert problems(text) == [(30, "“language” is given twice here, first on line 29")]


def test_an_alias_is_refused_once_and_nothing_else_is_said_about_it():
    said = "*usual is an alias; anchors and aliases are not taken, write the value out"
    assert problems(change("    minutes: 60", "    minutes: *usual")) == [(30, said)]


@pytest.mark.parametrize("text", ["just words", "- a\n- b\n", "42"])
def test_a_file_that_is_no_catalog_is_told_how_one_begins(text):
    assert problems(text) == [(1, "a catalog begins with `version: 1` and its sections, this is something else")]


def test_a_file_that_is_not_there_is_a_problem_without_a_line(tmp_path: Path):
    with pytest.raises(CatalogError) as refused:
        read_catalog(tmp_path / "catalog.yaml")
    assert [str(problem) for problem in refused.value.problems] == [
        "catalog.yaml: cannot be read: No such file or directory"
    ]
    assert check_file(tmp_path / "catalog.yaml") == list(refused.value.problems)
    assert "cannot be read" in check_file(tmp_path)[0].text


def test_a_file_over_twenty_megabytes_is_not_read(tmp_path: Path):
    with (tmp_path / "catalog.yaml").open("wb") as file:
        file.truncate(20_000_001)
    assert "more than 20" in check_file(tmp_path / "catalog.yaml")[0].text


def test_warnings_do_not_stop_a_file(tmp_path: Path):
    lonely = change("topics: [deep-learning, {id", "topics: [{id")
    (tmp_path / "catalog.yaml").write_text(lonely, encoding="utf-8")
    assert read_catalog(tmp_path / "catalog.yaml").trails
    [warning] = check_file(tmp_path / "catalog.yaml")
    assert (warning.line, warning.severity) == (line_of("- id: deep-learning"), "warning")
    assert str(warning) == f"line {warning.line}: warning: topics.deep-learning: no trail leads here"


places = st.integers(0, len(GOOD))
scraps = st.text(max_size=8) | st.sampled_from(
    [
        "\n",
        "  ",
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "!x ",
        "null",
        "'",
        '"',
        "\t",
        "# ",
        "|\n",
        "version: 1",
        "\x00",
    ]
)


@given(places, places, scraps)
@example(0, len(GOOD), "")
def test_however_a_file_is_mangled_it_is_read_or_every_problem_has_a_line_in_it(start, end, scrap):
    start, end = min(start, end), max(start, end)
    mangled = GOOD[:start] + scrap + GOOD[end:]
    try:
        lines = [0]
        assert parse_catalog(mangled).version == 1
    except CatalogError as error:
        lines = [problem.line for problem in error.problems if problem.line is not None]
    assert all(0 <= line <= len(mangled.splitlines()) + 1 for line in lines)
