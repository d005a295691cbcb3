"""The catalog that comes with the program: complete, in both languages, and as the lists have it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.catalog.address import canonical
from bot.catalog.entry import Catalog
from bot.catalog.file import check_file, read_catalog
from bot.catalog.kinds import Language, Use
from bot.catalog.schema import write_schema
from bot.learning.dose import Choice, Given, Learner, choose

ROOT = Path(__file__).parent.parent.parent
PLACES = {
    "data-science-trail": 337,
    "data-science-trail-2022": 150,
    "ml-engineering-trail": 52,
    "ml-notes": 76,
    "ml-evolution": 37,
}
"""How many links each list has."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(ROOT / "catalog.yaml")


def test_it_has_no_problem() -> None:
    assert [str(problem) for problem in check_file(ROOT / "catalog.yaml")] == []


def test_every_link_of_every_list_is_in_it(catalog: Catalog) -> None:
    places = Counter(name for entry in catalog.resources for name, where in entry.lists.items() for _ in where)
    assert places == PLACES
    assert len(catalog.resources) == len({canonical(entry.url) for entry in catalog.resources}) == 520


def test_what_two_lists_share_is_one_entry(catalog: Catalog) -> None:
    lists = Counter(len(entry.lists) for entry in catalog.resources)
    assert lists == {1: 389, 2: 130, 3: 1}


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
        assert len(walked) <= 520
    assert choice.reason == "finished"
    doses = {entry.id for entry in catalog.trail_entries(trail) if entry.use is Use.DOSE}
    assert {given.resource for given in walked} == doses


def test_a_trail_about_evolution_goes_by_date(catalog: Catalog) -> None:
    trail = catalog.trail("ml-evolution")
    assert trail
    for stop in trail.topics:
        dates = [entry.published or "9999" for entry in catalog.of_topic(stop.id, stop.lists, stop.order)]
        assert dates == sorted(dates), stop.id
