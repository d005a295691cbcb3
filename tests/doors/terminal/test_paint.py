"""How messages look: styled, plain, narrow, hostile."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from stat import S_IMODE

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.chat import Address, Button, File, Message, MessageRef, Picture, Span, rows, unstyled
from bot.doors.terminal.paint import Painter, console_here, keep, links_work
from bot.doors.terminal.screen import Screen, Shown

ANA = Address("terminal", "ana")
AT = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def painted(message: Message, scratch: Path, *, width: int = 90, styled: bool = False, links: bool = False) -> str:
    """The message as a terminal of that width gets it."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=styled, color_system="standard" if styled else None, _environ={}
    )
    screen = Screen(ANA)
    shown: Shown = screen.put(MessageRef(ANA, "1"), message, AT)
    Painter(console, scratch, "en", links=links).message(shown, screen, AT)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_dose_without_styles(tmp_path: Path) -> None:
    message = Message(
        (Span("Overfitting", bold=True), Span("\nvideo · 12 min")),
        rows((Button("Open", url="https://example.org"), Button("Done", "done:1"), Button("Later", "later:1"))),
    )
    assert painted(message, tmp_path) == (
        "  ── Mon, Mar 9 ──\n"
        "\n"
        "  Trilha  08:00\n"
        "  Overfitting\n"
        "  video · 12 min\n"
        "\n"
        "  [1] Open ↗   [2] Done   [3] Later\n"
    )


def test_styles_are_escapes_only_where_the_terminal_styles(tmp_path: Path) -> None:
    message = Message((Span("bold", bold=True), Span("italic", italic=True), Span("code", code=True)))
    styled = painted(message, tmp_path, styled=True)
    assert "\x1b[1mbold" in styled
    assert "\x1b[3mitalic" in styled
    assert "\x1b[2mcode" in styled
    assert "\x1b" not in painted(message, tmp_path)


def test_a_link_is_followed_or_stands_beside_its_words(tmp_path: Path) -> None:
    message = Message((Span("paper", link="https://example.org/p"),))
    assert re.search(r"\x1b]8;[^;]*;https://example\.org/p\x1b\\", painted(message, tmp_path, styled=True, links=True))
    assert "paper (https://example.org/p)" in painted(message, tmp_path)


def test_a_link_that_is_no_web_address_is_only_words(tmp_path: Path) -> None:
    message = Message((Span("paper", link="javascript:alert(1)"),))
    assert "javascript" not in painted(message, tmp_path, styled=True, links=True)
    assert "  paper\n" in painted(message, tmp_path)


def test_buttons_move_to_a_new_line_whole(tmp_path: Path) -> None:
    message = Message(unstyled("x"), rows((Button(f"Number {n}", f"n:{n}") for n in range(1, 5)), 4))
    assert painted(message, tmp_path, width=40).endswith(
        "  [1] Number 1   [2] Number 2\n  [3] Number 3   [4] Number 4\n"
    )


def test_a_location_is_asked_for_with_what_to_type(tmp_path: Path) -> None:
    assert painted(Message(unstyled("Where?"), location_label="Share"), tmp_path).endswith(
        "  :location LAT LON  Share\n"
    )


def test_pictures_and_files_are_kept_and_named(tmp_path: Path) -> None:
    message = Message(
        unstyled("March"), picture=Picture(b"cGljdHVyZQ==", "12 days"), file=File("../../etc/plan.md", b"cGxhbg==")
    )
    out = painted(message, tmp_path)
    kept = sorted(tmp_path.iterdir())
    assert "[picture: 12 days]" in out
    assert [path.suffix for path in kept] == [".png", ".md"] or [path.suffix for path in kept] == [".md", ".png"]
    assert all(str(path) in out for path in kept)


@pytest.mark.parametrize(
    "name", ["../../up.md", "..", "/etc/passwd", "a\\b\\c.txt", "\x1b[2J", "", "x" * 500, "-rf.md"]
)
def test_a_kept_file_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    path = keep(tmp_path / "kept", name, b"content")
    assert path.parent == tmp_path / "kept"
    assert path.read_bytes() == b"content"
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert keep(tmp_path / "kept", name, b"content") == path


@given(st.text(max_size=300), st.text(max_size=80), st.integers(30, 200))
def test_no_hostile_message_writes_an_escape_or_a_wide_line(text: str, label: str, width: int) -> None:
    message = Message((Span(text + "\x1b[2J\u202e", bold=True),), ((Button(label + "\x1b]0;x\x07\r", "a"),),))
    out = painted(message, Path(), width=width)
    assert not set(out) & {"\x1b", "\r", "\x07", "\x9b", "\u202e"}
    assert max(cell_len(line) for line in out.splitlines()) <= max(90, width)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300), st.integers(30, 200))
def test_a_text_wraps_at_the_width_and_never_beyond_ninety(text: str, width: int) -> None:
    out = painted(Message(unstyled("x" + text)), Path(), width=width)
    assert all(cell_len(line) <= min(width, 90) for line in out.split("\n"))


def test_without_colour_there_is_no_escape_even_on_a_terminal() -> None:
    assert console_here({"NO_COLOR": "1"}).color_system is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"VTE_VERSION": "6800"}, True),
        ({"VTE_VERSION": "4000"}, False),
        ({}, False),
    ],
)
def test_links_are_used_where_the_terminal_says_it_follows_them(environ: dict[str, str], expected: bool) -> None:
    styled = Console(file=io.StringIO(), force_terminal=True, color_system="standard", _environ={})
    assert links_work(styled, environ) is expected
    assert not links_work(Console(file=io.StringIO(), color_system=None, _environ={}), environ)
