"""The whole prompt at a real (pseudo) terminal: keys in, screen out."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PATIENCE = 30  # seconds until we stop waiting for a screen that never comes


class Terminal:
    """A person at a terminal that runs the toy."""

    def __init__(self, scratch: Path) -> None:
        self._ours, theirs = pty.openpty()
        self._unread = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{HERE.name}.toy", str(scratch)],
            cwd=HERE.parent,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONPATH": str(HERE.parents[2])},
            start_new_session=True,
        )
        os.close(theirs)

    def types(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def shows(self, words: str) -> str:
        """Wait until these words were written after what we waited for last; styles are left out."""
        while words not in (seen := _without_styles(self._unread)):
            ready, _, _ = select.select([self._ours], [], [], PATIENCE)
            assert ready, f"waited for {words!r}; there is {seen!r}"
            try:
                self._unread += os.read(self._ours, 65536)
            except OSError:  # Linux says EIO where others say end of file
                raise AssertionError(f"it ended before {words!r}; there is {seen!r}") from None
        self._unread = seen[seen.index(words) + len(words) :].encode()
        return seen

    def ends(self) -> int:
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)


def _without_styles(raw: bytes) -> str:
    return re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]", "", raw.decode(errors="ignore"))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.close()


def test_a_person_types_presses_moves_time_and_leaves_by_ctrl_d(terminal: Terminal) -> None:
    terminal.shows("Ana ▸")
    terminal.types("/start\r")
    terminal.shows("[2] Engineering")
    terminal.types("1\r")
    terminal.shows("[2] Hour")
    terminal.types("1\r")
    terminal.shows("Subscribed")
    terminal.types(":forward 3d\r")
    terminal.shows("[4] Later")
    terminal.shows("Ana ▸")
    terminal.types("\x04")
    terminal.shows("terminal.goodbye")
    assert terminal.ends() == 0


def test_ctrl_c_leaves_without_a_traceback(terminal: Terminal) -> None:
    terminal.shows("Ana ▸")
    terminal.types("half a li\x03")
    assert "Traceback" not in terminal.shows("terminal.goodbye")
    assert terminal.ends() == 0


def test_tab_completes_a_command(terminal: Terminal) -> None:
    terminal.shows("Ana ▸")
    terminal.types(":clo\t")
    terminal.shows(":clock")
    terminal.types("\r")
    terminal.shows("terminal.clock when=Fri, Mar 6")


def test_a_dose_that_arrives_leaves_the_half_typed_line_alone(terminal: Terminal) -> None:
    terminal.shows("Ana ▸")
    terminal.types("/soon\r")
    terminal.shows("You said: /soon")
    terminal.shows("Ana ▸")
    terminal.types("half a line")
    terminal.shows("Overfitting without tears, 99")
    terminal.shows("Ana ▸ half a line")
    terminal.types(" more\r")
    terminal.shows("You said: half a line more")
