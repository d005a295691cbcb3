"""Hostile text can do nothing to a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doors.terminal.clean import clean, one_line, web_address


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07text", "text"),
        ("\x1b]8;;https://evil.example\x1b\\label\x1b]8;;\x1b\\", "label"),
        ("\x1b]52;c;cm0gLXJm\x07", ""),
        ("\x9b2Jcleared", "cleared"),
        ("\x1bPq#0\x1b\\picture", "picture"),
        ("good\rbad", "good\nbad"),
        ("a\x08\x08b", "ab"),
        ("\u202eesrever\u202c", "esrever"),
        ("\u2066a\u2069", "a"),
        ("a\u2028b", "a\nb"),
        ("a\tb", "a    b"),
        ("\ud800", "\ufffd"),
        ("\x1b", ""),
        ("Ação, 你好, שלום, é 👩\u200d💻", "Ação, 你好, שלום, é 👩\u200d💻"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_acts_is_gone_and_what_reads_stays(hostile: str, harmless: str) -> None:
    assert clean(hostile) == harmless


@given(
    st.text(st.characters(exclude_categories=()), max_size=200) | st.text("\x1b\x9b\x9d[]PX;m0\x07\\ \nz", max_size=60)
)
def test_no_text_at_all_keeps_a_control_or_a_direction(text: str) -> None:
    cleaned = clean(text)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\u200c\u200d"]
    assert clean(cleaned) == cleaned
    cleaned.encode()


@given(st.text(max_size=200), st.integers(2, 60))
def test_a_name_is_one_short_line(text: str, at_most: int) -> None:
    line = one_line(text, at_most)
    assert len(line) <= at_most
    assert "\n" not in line


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "https://a.example/\x1b\\x", "https://a b", "http://[", "", None],
)
def test_only_web_addresses_are_links(url: str | None) -> None:
    assert web_address(url) is None


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
