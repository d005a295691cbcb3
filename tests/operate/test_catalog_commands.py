"""`trilha catalog …` as a curator calls it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from difflib import ndiff
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.catalog.file import read_catalog
from tests.house import SMALL_CATALOG

ROOT = Path(__file__).parents[2]

LIST = """# Things worth reading

## Numbers
- [A new thing](https://example.org/new) - paper oct/2021
- [What is data?](https://example.org/what-is-data)
- A thing without a link
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.yaml"
    shutil.copy(SMALL_CATALOG, path)
    return path


@pytest.fixture
def markdown(tmp_path: Path) -> Path:
    path = tmp_path / "reading.md"
    path.write_text(LIST)
    return path


def test_check_names_a_missing_file_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = tmp_path / "gone.yaml"
    assert main(["catalog", "check", str(gone)]) == 2
    assert capsys.readouterr().err == f"There is no file {gone}.\n"


def test_a_problem_says_in_which_file_it_is(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog.write_text(catalog.read_text().replace("topic: basics", "topic: basic", 1))
    assert main(["catalog", "stats", str(catalog)]) == 2
    assert capsys.readouterr().err.startswith("catalog.yaml: line ")


def test_a_reader_who_stops_early_sees_no_error() -> None:
    publish = [sys.executable, "-m", "bot", "catalog", "publish", "catalog.yaml"]
    with subprocess.Popen(publish, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_check_says_that_all_is_well(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "check", str(catalog)]) == 0
    assert "9 resources, 3 topics, no problem" in capsys.readouterr().out


def test_check_tells_every_problem_with_its_line(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        catalog.read_text().replace("kind: video, core", "kind: vidoe, core").replace("topic: charts", "topic: chart")
    )
    catalog.write_text(text)
    assert main(["catalog", "check", str(catalog)]) == 1
    told = capsys.readouterr().out
    assert told.count("line ") >= 4
    assert "vidoe" in told
    assert "chart" in told


def test_a_file_that_is_not_there_is_said_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalog", "check", str(tmp_path)]) == 2
    assert main(["catalog", "stats", str(tmp_path / "nowhere.yaml")]) == 2
    assert main(["catalog", "import", str(tmp_path / "nowhere.md")]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_import_proposes_a_draft_that_is_a_catalog(
    markdown: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalog", "import", str(markdown)]) == 0
    told = capsys.readouterr()
    (tmp_path / "draft.yaml").write_text(told.out)
    draft = read_catalog(tmp_path / "draft.yaml")
    assert {entry.url for entry in draft.resources} == {"https://example.org/new", "https://example.org/what-is-data"}
    assert "2 links to 2 resources, 1 text without a link" in told.err


def test_import_into_a_catalog_adds_what_is_new_and_changes_nothing_else(catalog: Path, markdown: Path) -> None:
    before = catalog.read_text()
    assert main(["catalog", "import", str(markdown), "--into", str(catalog)]) == 0
    after = catalog.read_text()
    assert read_catalog(catalog).resource("a-new-thing")
    gone = [line for line in ndiff(before.splitlines(), after.splitlines()) if line.startswith("- ")]
    assert [line for line in gone if "what-is-data" not in line] == [], "only the entry that gained a place may differ"
    assert main(["catalog", "import", str(markdown), "--into", str(catalog)]) == 0
    assert catalog.read_text() == after, "the same list twice adds nothing"


def test_a_dry_run_writes_nothing(catalog: Path, markdown: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = catalog.read_text()
    assert main(["catalog", "import", str(markdown), "--into", str(catalog), "--dry-run"]) == 0
    assert catalog.read_text() == before
    assert "1 new entry, 1 place for entries" in capsys.readouterr().err


def test_publish_comes_back_by_import(catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "publish", str(catalog), "--lang", "pt-BR"]) == 0
    (tmp_path / "lista.md").write_text(capsys.readouterr().out)
    assert main(["catalog", "import", str(tmp_path / "lista.md"), "--into", str(catalog), "--dry-run"]) == 0
    assert "0 new entries" in capsys.readouterr().err


def test_publishing_a_list_nobody_knows_names_those_there_are(
    catalog: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["catalog", "publish", str(catalog), "--list", "nothing"]) == 2
    assert "the-list" in capsys.readouterr().err


def test_schema_and_stats_print(catalog: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog", "schema"]) == 0
    assert '"$defs"' in capsys.readouterr().out
    assert main(["catalog", "stats", str(catalog)]) == 0
    assert "resources" in capsys.readouterr().out
