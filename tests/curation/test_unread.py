"""A curator's line about a link: the title, and the minutes where it ends in some."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curation.unread import read_told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Attention explained, 20", ("Attention explained", "20")),
        ("Attention explained 20 min", ("Attention explained", "20")),
        ("Redes neurais: 30 minutos.", ("Redes neurais:", "30")),
        ("Attention — 20", ("Attention", "20")),
        ("A, B and C, 25m", ("A, B and C", "25")),
        ("Attention explained", ("Attention explained", None)),
        ("Attention explained, 1h30", ("Attention explained", "1h30")),
        ("Atenção, 2 horas e 15 min", ("Atenção", "2 horas e 15 min")),
        ("Python in 24 hours", ("Python in 24 hours", None)),
        ("GPT-4", ("GPT-4", None)),
        ("Chapter 12", ("Chapter 12", None)),
        ("20", ("20", None)),
        (", 20", (", 20", None)),
    ],
)
def test_a_line_tells_title_and_minutes(words: str, told: tuple[str, str | None]) -> None:
    assert read_told(words) == told


@given(st.text(min_size=1, max_size=200))
def test_any_line_is_a_title_at_least(words: str) -> None:
    title, minutes = read_told(words)
    assert title or not words.strip()
    assert minutes is None or minutes[0].isdecimal()


@given(st.text(alphabet="ab ,c-", min_size=1, max_size=40), st.integers(1, 60_000))
def test_minutes_after_a_comma_are_found(title: str, minutes: int) -> None:
    told = read_told(f"x{title}x, {minutes} min")
    assert told == (f"x{title}x", str(minutes))
