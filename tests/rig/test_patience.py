"""A test whose fixture waits for ever ends its process, which says where it waits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAILS_AND_WAITS = """
import asyncio
from collections.abc import Iterator

import pytest

from tests.rig import patience

patience.PATIENCE = 1.0


async def for_ever() -> None:
    await asyncio.sleep(3600)


@pytest.fixture
def stuck() -> Iterator[None]:
    yield
    asyncio.run(for_ever())


def test_fails(stuck: None) -> None:
    raise AssertionError
"""


def test_a_fixture_that_waits_for_ever_after_a_failure_is_named_and_ended(tmp_path: Path) -> None:
    """The time-outs of pytest and of pytest-timeout are over with the failure."""
    (tmp_path / "test_stuck.py").write_text(FAILS_AND_WAITS)
    plugins = ("-p", "tests.rig.patience", "-p", "no:randomly", "-p", "no:cacheprovider")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-c", "/dev/null", "--rootdir", tmp_path, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "test_stuck.py::test_fails was waited for 1 s; where it waits:" in ended.stderr
    assert "in for_ever" in ended.stderr
