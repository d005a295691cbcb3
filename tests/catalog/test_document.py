"""YAML text to plain values with their lines, and what is refused on the way."""

from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.document import UNPRINTABLE, read_document

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda text: not UNPRINTABLE.search(text))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts.filter(lambda key: len(key) < 20), inner),
    max_leaves=12,
)


def only_problem(content):
    [problem] = read_document(content).problems
    return problem.line, problem.text


@given(values)
def test_what_a_yaml_writer_wrote_is_read_back(value):
    document = read_document(yaml.safe_dump(value, allow_unicode=True))
    assert (document.data, document.problems) == (value, [])


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), min_size=1, max_size=6))
def test_every_value_has_the_line_it_stands_on(entries):
    lines, expected = [], {}
    for index, keys in enumerate(entries):
        for number, key in enumerate(keys):
            lines.append(f"{'  ' if number else '- '}{key}: 1")
            expected[index, key] = len(lines)
    document = read_document("\n".join(lines))
    assert {path: document.line_of(path) for path in expected} == expected


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2017-12-06", "2017-12-06"),
        ("0123", 123),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        (".5e3", ".5e3"),
        ("9" * 20, "9" * 20),
        ("true", True),
        ("~", None),
        ("'12'", "12"),
        ("-", [None]),
        ("1.2.3", "1.2.3"),
    ],
)
def test_plain_words_follow_yaml_1_2(plain, value):
    assert read_document(plain).data == value


def test_a_missing_value_has_the_line_of_what_lacks_it():
    document = read_document("a: 1\nb:\n  - c: 1\n    d: 2\n")
    assert document.line_of(("b", 0, "nowhere", 7)) == 3
    assert document.line_of(("nowhere",)) == 1


def test_a_byte_order_mark_and_windows_line_ends_are_taken():
    document = read_document("\ufeffa: ação\r\nb:\r\n  c: 1\r\n".encode())
    assert document.data == {"a": "ação", "b": {"c": 1}}
    assert document.line_of(("b", "c")) == 3


def test_latin_1_is_named_with_its_line_and_character():
    line, text = only_problem("a: 1\nb: ação\n".encode("latin-1"))
    assert line == 2
    assert "not UTF-8" in text
    assert "ç" in text


def test_utf_16_is_named():
    assert "UTF-16" in only_problem("a: 1\n".encode("utf-16"))[1]


def test_a_key_given_twice_is_found_with_both_lines():
    line, text = only_problem("a: 1\nb: 2\na: 3\n")
    assert line == 3
    assert text == "“a” is given twice here, first on line 1"


def test_a_value_that_was_pushed_out_leaves_no_lines_behind():
    document = read_document("a: {x: 1, y: 1}\n" * 50 + "b:\n  z: 1\n")
    assert len(document.problems) == 49
    assert (document.line_of(("a", "y")), document.line_of(("b", "z")), document.line_of(("b", "x"))) == (50, 52, 51)


def test_the_same_key_in_two_mappings_is_fine():
    assert read_document("- a: 1\n- a: 2\n").problems == []


def test_a_bomb_of_aliases_stays_small():
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefgh"))
    document = read_document(bomb)
    assert len(document.problems) == 8 + 7 * 9
    assert {problem.line for problem in document.problems} == set(range(1, 9))
    assert len(document.data["h"]) == 9


@pytest.mark.parametrize("tagged", ["!!python/object/apply:os.getcwd []", "!!str 5", "!mine {a: 1}"])
def test_a_tag_builds_nothing(tagged):
    line, text = only_problem(f"a: 1\nb: {tagged}\n")
    assert line == 2
    assert "is a tag" in text


@pytest.mark.parametrize("deep", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000, "[" * 21 + "]" * 21])
def test_deep_nesting_ends_early(deep):
    assert only_problem(deep)[1] == "this is nested more than 20 levels deep"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_an_empty_file_is_called_empty(text):
    assert only_problem(text) == (None, "the file is empty")


def test_a_second_document_is_refused():
    assert only_problem("a: 1\n---\nb: 1\n") == (2, "a second document begins here; keep one per file")


@pytest.mark.parametrize("text", ["? [a]\n: 1", "{[a]: 1}", "? {a: 1}\n: 2"])
def test_a_key_must_be_a_word(text):
    assert "a key must be a word" in only_problem(text)[1]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x85", "\u2028", "\ufffe"])
def test_an_invisible_character_is_found_on_its_line(character):
    line, text = only_problem(f"a: 1\nb: x{character}y\n")
    assert line == 2
    assert f"U+{ord(character):04X}" in text


def test_a_tab_is_called_a_tab():
    assert only_problem("a:\n\tb: 1\n") == (2, "this line is indented with a tab; YAML takes blanks only")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a: 1\ntitle: Deep: Learning\n", 2, "needs quotes"),
        ("a: 1\nauthor: @hinepo\n", 2, "needs quotes"),
        ("a: [1, 2\nb: 3\n", 2, "a bracket is not closed"),
        ("a:\n  - 1\n - 2\n", 3, "indented differently"),
        ("a:\n  - b: 1\n  c: 2\n", 3, "indented differently"),
        ('a: "x\n', 2, "a quote is not closed"),
        ('a: "\\q"\n', 1, "backslash"),
    ],
)
def test_a_slip_of_syntax_has_its_line_and_a_hint(text, line, hint):
    found = only_problem(text)
    assert found[0] in (line, line - 1)
    assert hint in found[1]


def test_too_large_a_file_and_too_long_a_line_are_refused():
    assert only_problem("# " + "x" * 1_000_001 + "\na: 1\n") == (1, "this line has more than 1 MB")
    assert only_problem("a: 1\n" * 4_000_001) == (None, "the file has more than 20 MB")


@given(st.binary(max_size=200))
def test_any_bytes_end_in_values_or_in_problems(content):
    document = read_document(content)
    assert document.data is not None or document.problems or content.strip()
    assert all(problem.text for problem in document.problems)
