"""What the chat decided, laid over the file: nobody's edit is lost, and whatever comes out is a valid catalog."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.check import find_errors
from bot.catalog.entry import Catalog, Resource
from bot.catalog.file import read_catalog
from bot.catalog.naming import name_entry
from bot.catalog.overlay import Change, Conflict, changed, facts_of, is_in_file, overlay
from bot.errors import CatalogError

SMALL = Path(__file__).parents[1] / "small_catalog.yaml"


@cache
def small() -> Catalog:
    return read_catalog(SMALL)


def facts(resource_id: str) -> dict[str, Any]:
    entry = small().resource(resource_id)
    assert entry is not None
    return facts_of(entry)


def with_fields(catalog: Catalog, resource_id: str, **fields: Any) -> Catalog:
    """The catalog as if somebody had edited the file."""
    entries = [
        Resource.model_validate({"id": entry.id, **changed(entry.id, facts_of(entry), fields)})
        if entry.id == resource_id
        else entry
        for entry in catalog.resources
    ]
    return catalog.model_copy(update={"resources": tuple(entries)})


def edit(resource_id: str, **fields: Any) -> Change:
    base = facts(resource_id)
    return Change(resource_id, changed(resource_id, base, fields), base)


def new(resource_id: str = "trees", **fields: Any) -> Change:
    plain = {
        "title": "Trees",
        "url": "https://example.org/trees",
        "topic": "models",
        "kind": "article",
        "language": "en",
    }
    return Change(resource_id, changed(resource_id, plain, fields))


def test_a_new_entry_stands_behind_the_last_one_of_its_topic() -> None:
    ids = [entry.id for entry in overlay(small(), [new()]).catalog.resources]
    assert ids.index("trees") == ids.index("build-a-model") + 1


def test_an_edit_from_the_chat_counts_and_the_rest_of_the_entry_stays_the_file_s() -> None:
    file = with_fields(small(), "bars", author="Ada")
    laid = overlay(file, [edit("bars", minutes=20)])
    entry = laid.catalog.resource("bars")
    assert entry is not None
    assert (entry.minutes, entry.author) == (20, "Ada")
    assert laid.conflicts == laid.set_aside == ()


def test_what_a_curator_states_is_no_estimate_any_more() -> None:
    guessed = {**facts("bars"), "minutes": 5, "estimated": ["minutes", "difficulty"], "difficulty": 2}
    assert changed("bars", guessed, {"minutes": 7})["estimated"] == ["difficulty"]


def test_both_changed_the_same_field_otherwise_the_chat_s_value_serves_and_the_conflict_is_told() -> None:
    file = with_fields(small(), "bars", minutes=9)
    laid = overlay(file, [edit("bars", minutes=20)])
    assert laid.catalog.resource("bars").minutes == 20  # type: ignore[union-attr]
    assert laid.conflicts == (Conflict("bars", "minutes", 5, 9, 20),)


def test_both_changed_it_to_the_same_is_no_conflict() -> None:
    file = with_fields(small(), "bars", minutes=20)
    assert overlay(file, [edit("bars", minutes=20)]).conflicts == ()


def test_once_exported_the_file_may_go_on_from_there() -> None:
    change = edit("bars", minutes=20)
    exported = Change(change.resource_id, change.data, change.base, exported=True)
    went_on = with_fields(small(), "bars", minutes=30)
    assert overlay(went_on, [exported]).catalog.resource("bars").minutes == 30  # type: ignore[union-attr]
    assert overlay(went_on, [exported]).conflicts == ()
    assert is_in_file(went_on, exported)
    assert overlay(small(), [exported]).catalog.resource("bars").minutes == 20, "a copy of the file from before"  # type: ignore[union-attr]
    assert not is_in_file(small(), exported)


def test_a_retired_entry_is_gone_and_nothing_points_to_it() -> None:
    pointing = with_fields(small(), "lines", see_also=["bars"])
    laid = overlay(pointing, [Change("bars", facts("bars"), facts("bars"), retired=True)])
    assert laid.catalog.resource("bars") is None
    assert laid.catalog.resource("lines").see_also == ()  # type: ignore[union-attr]


def test_retired_in_the_chat_and_changed_in_the_file_is_told_and_not_given_out() -> None:
    laid = overlay(
        with_fields(small(), "bars", minutes=9), [Change("bars", facts("bars"), facts("bars"), retired=True)]
    )
    assert laid.catalog.resource("bars") is None
    assert [(found.resource_id, found.field) for found in laid.conflicts] == [("bars", "")]


def test_edited_in_the_chat_and_taken_out_of_the_file_is_told_and_not_given_out() -> None:
    left = tuple(entry for entry in small().resources if entry.id != "bars")
    laid = overlay(small().model_copy(update={"resources": left}), [edit("bars", minutes=20)])
    assert laid.catalog.resource("bars") is None
    assert [(found.resource_id, found.field, found.file) for found in laid.conflicts] == [("bars", "", None)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (new(topic="nowhere"), "there is no topic “nowhere”"),
        (new(url="http://www.example.org/bars/"), "the same address is “bars”"),
        (new(kind="tool", core=True), "a core entry must be given as a dose"),
        (new(lists={"no-list": {"at": "x"}}), "there is no list “no-list”"),
        (Change("trees", {"title": "Trees"}), "“url” is missing"),
        (Change("trees", {**new().data, "minutes": "many"}), "this should be a whole number"),
    ],
)
def test_what_does_not_fit_is_set_aside_with_a_sentence(change: Change, said: str) -> None:
    laid = overlay(small(), [change])
    assert laid.catalog.resources == small().resources
    assert len(laid.set_aside) == 1
    assert said in laid.set_aside[0].text


def test_a_ninth_core_entry_is_set_aside() -> None:
    many = [new(f"core-{number}", url=f"https://example.org/core-{number}", core=True) for number in range(8)]
    laid = overlay(small(), many)
    assert len(laid.set_aside) == 2, "the topic has two in the file"
    assert find_errors(laid.catalog) == []


def test_a_wrong_value_is_refused_with_a_sentence_for_each_field() -> None:
    with pytest.raises(CatalogError) as refused:
        changed("bars", facts("bars"), {"minutes": 0, "kind": "vidoe"})
    said = " ".join(str(problem) for problem in refused.value.problems)
    assert "minutes: this should be 1 or more" in said
    assert "did you mean “video”?" in said
    with pytest.raises(CatalogError, match="an id is for ever"):
        changed("bars", facts("bars"), {"id": "columns"})


def test_an_id_is_the_title_and_never_one_that_was() -> None:
    taken: set[str] = set()
    for expected in (
        "attention-is-all-you-need",
        "attention-is-all-you-need-vaswani",
        "attention-is-all-you-need-arxiv",
    ):
        assert (
            name_entry("Attention Is All You Need", "https://arxiv.org/abs/1706.03762", taken, ("Vaswani",)) == expected
        )
        taken.add(expected)
    assert name_entry("Attention Is All You Need", "https://arxiv.org/abs/1706.03762", taken, ("Vaswani",)).endswith(
        "-2"
    )
    assert name_entry("深層学習", "https://example.org/dl", set()) == "example-org-dl"


ids = st.sampled_from([*(entry.id for entry in read_catalog(SMALL).resources), "trees", "graphs", "nets"])
edits = st.fixed_dictionaries(
    {},
    optional={
        "minutes": st.sampled_from([5, 10, 20, 0, "many"]),
        "topic": st.sampled_from(["basics", "models", "charts", "nowhere"]),
        "url": st.sampled_from(
            ["https://example.org/bars", "https://example.org/trees", "https://example.org/x", "javascript:"]
        ),
        "core": st.booleans(),
        "kind": st.sampled_from(["video", "tool", "article"]),
        "estimated": st.sampled_from([[], ["minutes"], ["days"]]),
        "see_also": st.lists(ids, max_size=2),
        "title": st.text(st.characters(categories=["L", "N"]), max_size=20),
    },
)


@st.composite
def some_changes(draw: st.DrawFn) -> list[Change]:
    """Rows as any history, or a hand in the database, may have left them."""
    known = {entry.id: facts_of(entry) for entry in small().resources}
    plain = new().data
    found = {}
    for resource_id in draw(st.lists(ids, max_size=6, unique=True)):
        base = known.get(resource_id)
        data = {**(base or plain), **draw(edits)}
        seen = None if base is None or draw(st.integers(0, 4)) == 0 else {**base, **draw(edits)}
        found[resource_id] = Change(resource_id, data, seen, draw(st.booleans()), draw(st.booleans()))
    return list(found.values())


@given(some_changes())
def test_whatever_the_rows_hold_the_catalog_is_valid_and_no_row_vanishes_without_a_word(rows: list[Change]) -> None:
    laid = overlay(small(), rows)
    assert find_errors(laid.catalog) == []
    told = {problem.path.removeprefix("resources.") for problem in laid.set_aside}
    told |= {conflict.resource_id for conflict in laid.conflicts}
    for change in rows:
        entry = laid.catalog.resource(change.resource_id)
        if change.retired:
            assert entry is None
        elif change.resource_id not in told and not change.exported:
            assert entry is not None
            for name, value in change.data.items():
                if name not in ("see_also", "lists") and (change.base or {}).get(name) != value:
                    assert facts_of(entry).get(name, []) == (value.strip() if isinstance(value, str) else value)


@given(some_changes())
def test_what_the_file_says_already_changes_nothing(rows: list[Change]) -> None:
    first = overlay(small(), rows).catalog
    again = overlay(first, [row for row in rows if not is_in_file(first, row)])
    settled = [row for row in rows if is_in_file(first, row)]
    assert [entry.id for entry in again.catalog.resources] == [entry.id for entry in first.resources]
    laid_again = overlay(first, settled).catalog
    assert [(one.id, facts_of(one)) for one in laid_again.resources] == [
        (one.id, facts_of(one)) for one in first.resources
    ]
