"""The schema for editors says of a file what the program says of it, as far as the form goes."""

import copy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.catalog.document import read_document
from bot.catalog.entry import Catalog
from bot.catalog.kinds import Kind
from bot.catalog.schema import catalog_schema, write_schema

CATALOG = Path(__file__).parents[2] / "catalog.yaml"
BOTH = {"en": "All of it.", "pt": "Tudo."}
GOOD: dict[str, Any] = {
    "version": 1,
    "lists": [{"id": "notes", "title": "Notes", "keeper": None}],
    "topics": [{"id": "basics", "name": "Basics", "concepts": ["batch", {"en": "layer", "pt": "camada"}]}],
    "trails": [{"id": "all", "name": BOTH, "about": BOTH, "topics": ["basics"]}],
    "resources": [
        {
            "id": "first",
            "title": "First",
            "url": "https://example.org/first",
            "topic": "basics",
            "kind": "video",
            "language": "en",
            "published": 2017,
            "minutes": 12,
            "core": True,
            "lists": {"notes": [{"at": "Top > Sub", "line": 3, "mark": "cult"}]},
        }
    ],
    "checklists": None,
}
RULES = Draft202012Validator(catalog_schema())


def accepts(data: Any) -> bool:
    return RULES.is_valid(data)


def changed(section: str, **fields: Any) -> dict[str, Any]:
    data = copy.deepcopy(GOOD)
    data[section][0] |= fields
    return data


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(catalog_schema())


def test_a_good_file_passes_both():
    assert accepts(GOOD)
    assert Catalog.model_validate(GOOD).resource("first")


@pytest.mark.parametrize(
    "wrong",
    [
        GOOD | {"version": 2},
        GOOD | {"extra": []},
        changed("resources", kind="vidoe"),
        changed("resources", mintues=3),
        changed("resources", minutes="12"),
        changed("resources", difficulty=4),
        changed("resources", id="Not An Id"),
        changed("resources", url="javascript:alert(1)"),
        changed("resources", published="dec 2017"),
        changed("resources", lists={"notes": {"line": 3}}),
        changed("resources", lists={"Not An Id": {"at": "Top"}}),
        changed("topics", name={"en": "Basics"}),
        changed("trails", topics=[]),
        changed("trails", topics=[{"id": "basics", "order": "random"}]),
    ],
)
def test_a_wrong_form_fails_in_the_editor_and_in_the_program(wrong):
    assert not accepts(wrong)
    with pytest.raises(ValueError):
        Catalog.model_validate(wrong)


def test_every_field_of_a_resource_that_needs_one_has_a_description():
    fields = catalog_schema()["$defs"]["Resource"]["properties"]
    plain = {"title", "url", "topic", "kind", "language", "author", "recall"}
    assert {name for name, field in fields.items() if "description" not in field} <= plain
    assert all(kind in fields["minutes"]["description"] for kind in Kind)


def test_the_same_models_write_the_same_text():
    assert write_schema() == write_schema()
    assert write_schema().endswith("}\n")


def test_the_catalog_that_comes_with_the_program_passes():
    document = read_document(CATALOG.read_bytes())
    assert [(error.json_path, error.message) for error in RULES.iter_errors(document.data)] == []
