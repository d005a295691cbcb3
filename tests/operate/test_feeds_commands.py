"""`trilha feeds …` as a curator calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.house import SMALL_CATALOG


@pytest.fixture(autouse=True)
def of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", "")
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BOT_CATALOG", str(SMALL_CATALOG))


def test_a_list_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "import", str(tmp_path / "gone.opml")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'gone.opml'}: no such file or directory\n"


def test_an_export_before_the_first_run_holds_the_feeds_of_the_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named = tmp_path / "catalog.yaml"
    feed = '\nfeeds:\n  - {url: "https://example.org/feed", title: Example, topic: charts}\n'
    named.write_text(SMALL_CATALOG.read_text("utf-8") + feed, "utf-8")
    monkeypatch.setenv("BOT_CATALOG", str(named))
    for _ in range(2):  # also once they stand in the database
        assert main(["feeds", "export"]) == 0
        told = capsys.readouterr()
        assert told.out.count('xmlUrl="https://example.org/feed" category="charts"') == 1
        assert told.err == ""


def test_an_export_where_nothing_is_followed_says_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "export"]) == 0
    told = capsys.readouterr()
    assert "<outline" not in told.out
    assert "`/follow` in the chat" in told.err
