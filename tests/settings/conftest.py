"""Settings are read where none are given yet: no variable of ours is set, and the working folder is empty."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import PREFIX


@pytest.fixture(autouse=True)
def a_bare_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
