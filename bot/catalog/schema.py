"""The JSON Schema of a catalog file, made from the models: what an editor completes and underlines."""

import json
from typing import Any

from bot.catalog.entry import Catalog
from bot.catalog.fields import ID_PATTERN
from bot.catalog.kinds import KINDS, Manner

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def catalog_schema() -> dict[str, Any]:
    """Return the schema as plain values (JSON Schema, draft 2020-12).

    It knows the form of a file. What needs the whole file (references, circles, addresses given twice) is left to
    `check_catalog`.
    """
    schema = Catalog.model_json_schema(mode="validation")
    _tidy(schema)
    for section, form in schema["properties"].items():
        if section != "version":
            schema["properties"][section] = {"anyOf": [form, {"type": "null"}]}
    _say_what_kinds_imply(schema["$defs"]["Resource"]["properties"])
    return {"$schema": DIALECT, "title": "A catalog of Trilha", **schema}


def write_schema() -> str:
    """Return the schema as the text of a file, the same for the same models."""
    return json.dumps(catalog_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(part: Any) -> None:
    """Take out what tells an editor nothing, and close mappings whose keys are ids."""
    if isinstance(part, list):
        for inner in part:
            _tidy(inner)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("title"), str):
        del part["title"]
    if "default" in part and part["default"] in (None, []):
        del part["default"]
    if "patternProperties" in part:
        part["propertyNames"] = {"pattern": ID_PATTERN, **part.get("propertyNames", {})}
        part["additionalProperties"] = False
    for inner in part.values():
        _tidy(inner)


def _say_what_kinds_imply(properties: dict[str, Any]) -> None:
    """Add the table of kinds to the fields it fills, so that it is read where it is needed."""
    for field in ("use", "minutes", "difficulty"):
        values = ", ".join(f"{kind} {getattr(facts, field)}" for kind, facts in KINDS.items())
        properties[field]["description"] += f" {values}."
    built = ", ".join(kind for kind, facts in KINDS.items() if facts.manner is Manner.BUILD)
    properties["practice"]["description"] += f" Yes for {built}."
