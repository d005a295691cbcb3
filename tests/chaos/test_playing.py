"""What is told of scenarios that were played, and of those that were not."""

from __future__ import annotations

import shutil

import pytest

from tests.chaos.__main__ import all_held, told
from tests.chaos.judge import Verdict
from tests.chaos.playing import Played, play

HELD = Played("the clock steps", "sqlite", 0, Verdict(), 1, "all held")
BROKEN = Played("the clock steps", "postgresql", 0, Verdict(problems=["somebody got no dose"]), 1, "1 problems")


def test_what_a_machine_has_no_means_for_counts_as_not_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    full = play("the disk is full", "sqlite", seed=1, keep=False)
    assert full.found.startswith("not played: ")
    assert told([HELD, full]) == "1 played, 1 NOT played for want of means, none broke a promise"
    assert all_held([HELD, full])
    assert not all_held([full]), "nothing was shown"


def test_a_broken_promise_is_told() -> None:
    assert told([HELD, BROKEN]) == "2 played, 1 broke a promise"
    assert all_held([HELD])
    assert not all_held([HELD, BROKEN])
    assert not all_held([])
