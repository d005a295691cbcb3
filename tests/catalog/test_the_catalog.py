"""The catalog that comes with the program: complete, in both languages, and as the lists have it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from bot.catalog.address import canonical
from bot.catalog.entry import Catalog
from bot.catalog.file import check_file, read_catalog
from bot.catalog.kinds import Language, Use
from bot.catalog.schema import write_schema
from bot.learning.dose import Choice, Given, Learner, choose

ROOT = Path(__file__).parent.parent.parent
FARTHEST = 40
"""Lines of a list between two links that we have of it: headings and advice fill thirty-three at most."""
RECIPES = re.findall(
    r"^```yaml\n(\w+:)\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
"""What `CONTRIBUTING.md` shows to whoever adds something: the section it belongs to, and the entry."""


@pytest.fixture(scope="module", params=["as it is", "after every recipe"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalog, and what becomes of it when somebody adds one of each: every promise holds for both."""
    if request.param == "as it is":
        return ROOT / "catalog.yaml"
    text = (ROOT / "catalog.yaml").read_text("utf-8")
    for section, entry in RECIPES:
        text = text.replace(f"\n{section}\n", f"\n{section}\n{entry}", 1)
    text = text.replace(
        "\n      - python\n", "\n      - python\n      - polars\n"
    )  # the trails that go through the new topic
    grown = tmp_path_factory.mktemp("grown") / "catalog.yaml"
    grown.write_text(text, "utf-8")
    return grown


@pytest.fixture(scope="module")
def catalog(file: Path) -> Catalog:
    return read_catalog(file)


def test_it_has_no_problem(file: Path) -> None:
    assert [str(problem) for problem in check_file(file)] == []


def test_there_is_a_recipe_for_a_link_a_topic_and_a_feed() -> None:
    assert [section for section, _ in RECIPES] == ["resources:", "topics:", "feeds:"]
    grown = yaml.safe_load("".join(f"{section}\n{entry}" for section, entry in RECIPES))
    here = read_catalog(ROOT / "catalog.yaml")
    assert not any(here.topic(topic["id"]) for topic in grown["topics"])  # it would be no addition


def test_no_part_of_the_five_lists_is_lost(catalog: Catalog) -> None:
    """One link is taken out on purpose; a whole stretch of a list goes only by mistake."""
    lines: dict[str, list[int]] = {one.id: [0] for one in catalog.lists}
    for entry in catalog.resources:
        for name, where in entry.lists.items():
            lines[name] += [place.line for place in where if place.line]
    assert len(lines) == 5
    for name, found in lines.items():
        assert len(found) > 1, f"nothing of {name} is left"
        for before, after in pairwise(sorted(found)):
            assert after - before <= FARTHEST, f"nothing is left of {name} between its lines {before} and {after}"


def test_one_address_is_one_entry_whoever_has_it(catalog: Catalog) -> None:
    addresses = Counter(canonical(entry.url) for entry in catalog.resources)
    assert [address for address, times in addresses.items() if times > 1] == []


def test_an_entry_stands_once_on_a_line(catalog: Catalog) -> None:
    for entry in catalog.resources:
        for name, where in entry.lists.items():
            assert all(place.line for place in where), f"{entry.id} does not say where {name} has it"


def test_the_schema_beside_it_is_the_present_one() -> None:
    assert (ROOT / "catalog.schema.json").read_text("utf-8") == write_schema()


def test_every_note_is_in_both_languages(catalog: Catalog) -> None:
    for entry in catalog.resources:
        notes = [entry.note, *(place.note for where in entry.lists.values() for place in where)]
        for note in filter(None, notes):
            assert note.en != note.pt, entry.id


def test_every_core_entry_is_a_dose(catalog: Catalog) -> None:
    assert all(entry.use is Use.DOSE for entry in catalog.resources if entry.core)


@pytest.mark.parametrize(
    "trail_id", ["data-science", "ml-engineering", "deep-learning-to-llms", "researchers-notes", "ml-evolution"]
)
def test_a_trail_can_be_walked_to_its_end(catalog: Catalog, trail_id: str) -> None:
    trail = catalog.trail(trail_id)
    assert trail
    walked: list[Given] = []
    while isinstance(
        choice := choose(
            catalog,
            Learner(
                trail_id,
                15,
                languages=tuple(Language),
                settled={given.resource for given in walked},
                recent=tuple(walked[-30:]),
            ),
            day := date(2026, 3, 1) + timedelta(days=len(walked)),
            15,
        ),
        Choice,
    ):
        walked.append(Given(day, choice.resource.id, answered=True))
        assert len(walked) <= len(catalog.resources)
    assert choice.reason == "finished"
    doses = {entry.id for entry in catalog.trail_entries(trail) if entry.use is Use.DOSE}
    assert {given.resource for given in walked} == doses


def test_a_trail_about_evolution_goes_by_date(catalog: Catalog) -> None:
    trail = catalog.trail("ml-evolution")
    assert trail
    for stop in trail.topics:
        dates = [entry.published or "9999" for entry in catalog.of_topic(stop.id, stop.lists, stop.order)]
        assert dates == sorted(dates), stop.id
