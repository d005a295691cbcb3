"""How an entry looks in the file: its fields in the order of the schema, one below the other or in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.catalog.entry import Resource
from bot.catalog.overlay import Facts

try:
    from yaml import CSafeDumper as Dumper
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]

ORDER = {name: rank for rank, name in enumerate(Resource.model_fields)}
IN_ONE_LINE = frozenset({"estimated", "see_also"})
LIKE_A_NUMBER = re.compile(r"[-+.\d][-+.\deE_:]*")


class _Dumper(Dumper):
    """Writes values so that every YAML reader takes a text for a text ("2017-12", "1e3"); quotes are double where they must be."""

    in_braces = False


class _FlowDumper(_Dumper):
    """The same between braces and brackets, where a comma needs quotes as well."""

    in_braces = True


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if LIKE_A_NUMBER.fullmatch(text) or not _may_stand_plain(text, dumper.in_braces) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _may_stand_plain(text: str, in_braces: bool) -> bool:
    told: str = yaml.dump([text] if in_braces else {"k": text}, Dumper=Dumper, default_flow_style=in_braces, **LOOKS)
    return not told.rstrip("\n").endswith(("'", "']"))


LOOKS: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 1_000_000}
_Dumper.add_representer(str, _write_text)
_FlowDumper.add_representer(str, _write_text)


def entry_lines(resource_id: str, facts: Facts) -> list[str]:
    """Return an entry as an item of a sequence."""
    lines = [f"id: {scalar(resource_id)}"]
    for name in sorted(facts, key=ORDER.__getitem__):
        lines += field_lines(name, facts[name])
    return [("- " if not place else "  ") + line for place, line in enumerate(lines)]


def field_lines(name: str, value: Any) -> list[str]:
    """Return one field below its key, as the rest of the file has it."""
    if _is_long(name, value):
        return [f"{name}:", *(f"  {line}" for line in _below(name, as_written(name, value)))]
    return [f"{name}: {scalar(as_written(name, value))}"]


def one_line(name: str, value: Any) -> str:
    """Return `name: value` as it may stand between braces."""
    return f"{name}: {inline(as_written(name, value))}"


def inline(value: Any) -> str:
    """Return a value as it may stand between braces."""
    text: str = yaml.dump([value], Dumper=_FlowDumper, default_flow_style=True, **LOOKS)
    return text.strip()[1:-1]


def scalar(value: Any) -> str:
    """Return a single value as it stands after a colon, to the end of the line; a list or mapping in one line."""
    if isinstance(value, list | dict):
        return inline(value)
    text: str = yaml.dump({"k": value}, Dumper=_Dumper, default_flow_style=False, **LOOKS)
    return text.removeprefix("k: ").rstrip("\n")


def as_written(name: str, value: Any) -> Any:
    """Return a field's value in its shortest form: a term that is the same in both languages, a list's only place."""
    if name == "parts":
        return [part["en"] if part["en"] == part["pt"] else part for part in value]
    if name == "lists":
        return {list_id: places[0] if len(places) == 1 else places for list_id, places in value.items()}
    return value


def _is_long(name: str, value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and name not in IN_ONE_LINE)


def _below(name: str, written: Any) -> Iterator[str]:
    if isinstance(written, dict):
        yield from (f"{key}: {scalar(part)}" for key, part in written.items())
    elif name == "recall":
        for card in written:
            yield f"- q: {inline(card['q'])}"
            yield f"  a: {inline(card['a'])}"
    else:
        yield from (f"- {scalar(part)}" for part in written)
