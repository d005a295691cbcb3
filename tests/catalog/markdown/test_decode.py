"""Bytes to lines: encodings, marks, line ends, broken letters, monsters; each repair is told with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.markdown.decode import LARGEST_LIST, LONGEST_LINE, decode, unread
from bot.catalog.markdown.read import read_list
from bot.catalog.markdown.report import Matter
from bot.errors import CatalogError
from tests.catalog.markdown.places import broken

PLAIN = "# Ciência\n\n- É assim: [ação](https://example.org/a)\n- “não”"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r"),
        "\ufeff" + PLAIN,
    ],
    ids=["text", "utf-8", "byte order mark", "crlf", "cr", "marked text"],
)
def test_every_way_to_save_a_list_gives_the_same_lines(content: str | bytes) -> None:
    source = decode(content)
    assert source.text == PLAIN
    assert not source.findings


def test_a_file_in_latin_1_is_read_and_the_first_such_line_is_named() -> None:
    source = decode("first\n- não\n- é".encode("latin-1"))
    assert source.lines == ["first", "- não", "- é"]
    assert [str(finding) for finding in source.findings] == [
        "line 2: repaired: this line is not UTF-8; the file was read as Latin-1 (Windows-1252)"
    ]


def test_a_file_in_utf_16_is_read_and_said_so() -> None:
    source = decode("- não".encode("utf-16"))
    assert source.lines == ["- não"]
    assert source.findings[0].matter is Matter.REPAIRED


@pytest.mark.parametrize("encoding", ["mac_roman", "sloppy-windows-1252"])
def test_letters_that_were_broken_are_mended_line_by_line(encoding: str) -> None:
    text = "# Ciência\nplain\n- é ação: “não”"
    source = decode("\n".join(broken(line, encoding) for line in text.split("\n")))
    assert source.text == text
    (finding,) = source.findings
    assert finding.line == 1
    assert "the letters of 2 lines were broken" in finding.text
    assert "1, 3" in finding.text


def test_one_broken_string_in_a_sound_list_stays_and_is_pointed_at() -> None:
    text = f"# Ciência\n- é\n- {broken('não')}\n- ação"
    source = decode(text)
    assert source.text == text
    assert [(finding.line, finding.matter) for finding in source.findings] == [(3, Matter.DOUBTFUL)]


@given(
    st.lists(st.text(st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12), min_size=1, max_size=6)
)
def test_what_was_broken_comes_back_whole(lines: list[str]) -> None:
    for line in lines:
        assert unread(broken(line), "mac_roman") == line


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_anything_gives_lines_or_a_sentence(content: str | bytes) -> None:
    try:
        source = decode(content)
    except CatalogError:
        assert isinstance(content, bytes)
        assert b"\x00" in content
        return
    assert all("\n" not in line and "\x00" not in line for line in source.lines)


def test_a_line_of_ten_megabytes_is_left_out_and_named() -> None:
    report = read_list("- [a](https://example.org/a)\n" + "x" * 10_000_000 + "\n- [b](https://example.org/b)", "big")
    assert [item.title for item in report.items] == ["a", "b"]
    (finding,) = report.findings
    assert str(finding).startswith(
        f"line 2: left out: this line has 10,000,000 characters ({LONGEST_LINE:,} are the most"
    )


def test_an_invisible_character_is_taken_out_and_named() -> None:
    source = decode("one\ntw\x00o\nthree\u2028")
    assert source.lines == ["one", "tw o", "three "]
    assert [finding.line for finding in source.findings] == [2, 3]
    assert "U+0000" in source.findings[0].text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04\x00\x00" * 10, "not text"),
        ("x" * (LARGEST_LIST + 1), "20,000,000 are the most"),
    ],
    ids=["a zip file", "too large"],
)
def test_what_is_no_list_is_refused_in_a_sentence(content: str | bytes, reason: str) -> None:
    with pytest.raises(CatalogError, match=reason):
        read_list(content, "no list")


def test_an_empty_list_is_empty() -> None:
    report = read_list("", "empty")
    assert not report.items
    assert not report.findings
