"""The documents are true: what they name exists, and what exists is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.commands.table import COMMANDS
from bot.i18n.words import words_in
from bot.settings import PREFIX, Settings
from tests.chaos import SCENARIOS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_readme_lists_every_command_with_its_alias(command: object) -> None:
    name, alias = command.name, command.alias  # type: ignore[attr-defined]
    assert f"| `/{name}` | `/{alias}` | {words_in('en').one_of('menu', name)} |" in README


def test_the_readme_lists_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"^\| `/(\w+)` \|", README, re.MULTILINE)) == {command.name for command in COMMANDS}


def test_names_and_aliases_are_distinct_and_fit_telegram() -> None:
    names = [name for command in COMMANDS for name in {command.name, command.alias}]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_a_document_names_is_there(document: Path) -> None:
    named = re.findall(r"`((?:bot|tests|bench|docs|migrations|tools)/[\w/.-]*)`", document.read_text("utf-8"))
    linked = re.findall(r"\]\((?!https?:)([\w/.-]+)\)", document.read_text("utf-8"))
    for name in named:
        assert (ROOT / name).exists(), name
    for name in linked:
        assert (document.parent / name).exists(), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_a_document_names_is_there(document: Path) -> None:
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", document.read_text("utf-8")):
        assert re.search(rf"^(?:async )?def {test}\b", (ROOT / file).read_text("utf-8"), re.MULTILINE), (
            f"{file}::{test}"
        )


def test_the_list_of_subjects_names_every_section() -> None:
    notes = (ROOT / "docs" / "design-notes.md").read_text("utf-8").replace("`", "")
    top, *sections = re.split(r"^## (?=.)", notes, flags=re.MULTILINE)
    headings = {section.partition("\n")[0].replace("*", "") for section in sections}
    subjects = re.findall(r"^- \*[^:]+:\* (.+?)(?=\n- \*|\n\n)", top, re.MULTILINE | re.DOTALL)
    named = {" ".join(name.split()) for subject in subjects for name in re.split(r"\s+·\s+", subject)}
    assert len(subjects) >= 7
    assert named == headings


def test_every_scenario_that_is_named_is_there() -> None:
    named = re.findall(r"chaos ((?:“[^”]+”(?:, )?)+)", (ROOT / "docs/reliability.md").read_text("utf-8"))
    scenarios = [scenario.name for scenario in SCENARIOS]
    for name in re.findall(r"“([^”…]+)", " ".join(named)):
        assert any(scenario.startswith(name.strip()) for scenario in scenarios), name


def test_every_make_target_a_document_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        for named in re.findall(r"`make ([a-z-]+)`", document.read_text("utf-8")):
            assert named in targets, f"{document.name} names make {named}"


def test_compose_passes_every_setting_on() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    for service in ("bot", "migrate"):
        assert set(compose["services"][service]["environment"]) == {
            f"{PREFIX}{name}".upper() for name in Settings.model_fields
        }


def test_ci_runs_what_the_readme_says() -> None:
    commands = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make test" in commands
    assert "make test" in README
    assert "make demo" in commands
    assert "make demo" in README
