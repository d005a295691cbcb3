"""A proposal as YAML: a whole draft of a catalog, or lines put into a catalog file that people wrote.

An existing file keeps every byte it has: comments, order, quotes, blank lines. New entries go to the end of their
section, a new place goes to the end of its entry. What a list says in its own words stands above the entry as a comment,
to be said in ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from bot.catalog.markdown.merge import Addition, NewEntry, Proposal
from bot.catalog.markdown.report import ImportReport
from bot.catalog.markdown.words import shorten, squeeze
from bot.catalog.problem import Problem
from bot.errors import CatalogError

try:
    from yaml import CSafeDumper as Dumper
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

LONGEST_COMMENT = 400
LIKE_A_NUMBER = re.compile(r"[-+.\d][-+.\deE_:]*")


class _Dumper(Dumper):
    """Writes values so that every YAML reader takes a text for a text ("2017-12", "1e3")."""


def _write_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if LIKE_A_NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _write_text)


def write_draft(proposal: Proposal) -> str:
    """Return a proposal as a catalog file of its own, with the lists' texts without links as comments at its end."""
    parts = ["version: 1"]
    for section, entries in (("lists", proposal.lists), ("topics", proposal.topics)):
        if entries:
            parts.append(
                f"{section}:\n" + _indent("".join(_entry_lines(entry) for entry in entries), "  ").rstrip("\n")
            )
    if proposal.new:
        parts.append("resources:\n" + _indent("".join(_new_entry(entry) for entry in proposal.new), "  ").rstrip("\n"))
    parts += [_rest_as_comments(report) for report in proposal.reports if report.rest]
    return "\n".join(parts) + "\n"


def insert_draft(proposal: Proposal, text: str) -> str:
    """Return the text of a catalog file with a proposal put into it; what is there stays as it is, byte by byte.

    Raises CatalogError if the text is no YAML mapping.
    """
    root = _compose(text)
    ends = "\r\n" if "\r\n" in text else "\n"
    edits = _Edits(text.replace("\r\n", "\n"))
    entries = _by_id(root)
    # Places first: what the last entry of a section gains has to stand before the entries that follow it.
    for addition in proposal.merged:
        _insert_addition(edits, entries[addition.resource_id], addition)
    _append(edits, root, "lists", [_entry_lines(entry) for entry in proposal.lists])
    _append(edits, root, "topics", [_entry_lines(entry) for entry in proposal.topics])
    _append(edits, root, "resources", [_new_entry(entry) for entry in proposal.new])
    return edits.apply().replace("\n", ends)


def _compose(text: str) -> yaml.MappingNode:
    try:
        root = yaml.compose(text.replace("\r\n", "\n"), Loader=Loader)
    except yaml.YAMLError as error:
        raise CatalogError((Problem(None, "", f"this is not valid YAML: {error}"),)) from error
    if not isinstance(root, yaml.MappingNode):
        raise CatalogError((Problem(1, "", "a catalog begins with `version: 1` and its sections"),))
    return root


class _Edits:
    """Texts to put in, each at a line and column of the original; applied from the end so that places stay true."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._found: list[tuple[int, int, int, str]] = []

    def insert(self, line: int, column: int, text: str) -> None:
        """Put a text in before this place, both counted from 0, behind what was put there before."""
        self._found.append((line, column, len(self._found), text))

    def insert_after(self, line: int, text: str) -> None:
        """Put whole lines in after a line."""
        if line + 1 < len(self.lines):
            self.insert(line + 1, 0, text)
        else:
            self.insert(line, len(self.lines[line]), "\n" + text.rstrip("\n"))

    def apply(self) -> str:
        """Return the text with everything put in."""
        by_line: dict[int, list[tuple[int, int, str]]] = {}
        for line, column, order, text in self._found:
            by_line.setdefault(line, []).append((column, order, text))
        for line, inserts in by_line.items():
            row, done, parts = self.lines[line], 0, []
            for column, _, text in sorted(inserts):
                parts += [row[done:column], text]
                done = column
            self.lines[line] = "".join([*parts, row[done:]])
        return "\n".join(self.lines)


def _append(edits: _Edits, root: yaml.MappingNode, section: str, entries: list[str]) -> None:
    """Put entries at the end of a section; a section that is missing is opened at the end of the file."""
    if not entries:
        return
    node = _value(root, section)
    block = _indent("".join(entries), "  ")
    if node is None:
        last = next((number for number in range(len(edits.lines) - 1, -1, -1) if edits.lines[number].strip()), 0)
        edits.insert_after(last, f"{section}:\n{block}")
    elif isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        indent = " " * node.start_mark.column
        edits.insert_after(_last_line(node), "".join(_indent(entry, indent) for entry in entries))
    elif isinstance(node, yaml.SequenceNode) and node.flow_style and node.value:
        flow = ", ".join(_flow(yaml.safe_load(entry)[0]) for entry in entries)
        edits.insert(node.end_mark.line, node.end_mark.column - 1, f", {flow}")
    else:
        _replace_empty(edits, root, section, block)


def _replace_empty(edits: _Edits, root: yaml.MappingNode, section: str, entries: str) -> None:
    """Fill a section that is there but empty (`resources:` or `resources: []`)."""
    key, node = next((key, value) for key, value in root.value if key.value == section)
    line = key.start_mark.line
    if node.start_mark.line == line and node.end_mark.column > node.start_mark.column:
        row = edits.lines[line]
        edits.lines[line] = row[: node.start_mark.column].rstrip() + row[node.end_mark.column :]
    edits.insert_after(line, entries)


def _insert_addition(edits: _Edits, entry: yaml.MappingNode, addition: Addition) -> None:
    """Put a new place, and fields that were empty, into an entry."""
    places = _value(entry, "lists")
    place = f"{addition.list_id}: {_flow(addition.place)}"
    fills = "".join(f"{name}: {_scalar(value)}\n" for name, value in addition.fills.items())
    if entry.flow_style:
        inside = [line for line in fills.splitlines() if line]
        if places is None:
            inside.append(f"lists: {{{place}}}")
        else:
            _insert_into_flow(edits, places, place)
        if inside:
            _insert_into_flow(edits, entry, ", ".join(inside))
        return
    indent = " " * entry.start_mark.column
    if fills:
        edits.insert_after(_last_line(_value(entry, "language") or entry.value[0][1]), _indent(fills, indent))
    if places is None:
        edits.insert_after(_last_line(entry), _indent(f"lists:\n  {place}\n", indent))
    elif isinstance(places, yaml.MappingNode) and places.value and not places.flow_style:
        edits.insert_after(_last_line(places), _indent(place + "\n", " " * places.start_mark.column))
    else:
        _insert_into_flow(edits, places, place)


def _insert_into_flow(edits: _Edits, node: yaml.Node, text: str) -> None:
    """Put something before the closing brace of a mapping written in one line."""
    comma = ", " if node.value else ""
    edits.insert(node.end_mark.line, node.end_mark.column - 1, comma + text)


def _value(mapping: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in mapping.value if name.value == key), None)


def _by_id(root: yaml.MappingNode) -> dict[str, yaml.MappingNode]:
    """Return the entries of `resources` by their ids."""
    section = _value(root, "resources")
    entries = section.value if isinstance(section, yaml.SequenceNode) else []
    return {_value(entry, "id").value: entry for entry in entries if _value(entry, "id") is not None}  # type: ignore[union-attr]


def _last_line(node: yaml.Node) -> int:
    """Return the line where a node ends; the end of a block is where its last scalar ends, not the next token."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    ends_before = isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"} and node.end_mark.column == 0
    return int(node.end_mark.line) - 1 if ends_before else int(node.end_mark.line)


def _new_entry(entry: NewEntry) -> str:
    """Return a new entry with its doubts and the lists' remarks as comments above it."""
    said = [f"the list says: {remark}" for remark in entry.remarks]
    comments = [f"# {shorten(squeeze(text), LONGEST_COMMENT)}\n" for text in [*entry.doubts, *said]]
    return "".join(comments) + _entry_lines(entry.fields)


def _entry_lines(fields: dict[str, Any]) -> str:
    """Return one entry of a section as lines of YAML."""
    return "\n".join(_field_lines(fields)) + "\n"


def _field_lines(fields: dict[str, Any]) -> Iterator[str]:
    for place, (name, value) in enumerate(fields.items()):
        start = "- " if not place else "  "
        if name == "lists":
            yield f"{start}lists:"
            yield from (f"    {list_id}: {_flow(where)}" for list_id, where in value.items())
        elif isinstance(value, list):
            yield f"{start}{name}:"
            yield from (f"    - {_scalar(part)}" for part in value)
        else:
            yield f"{start}{name}: {_flow(value) if isinstance(value, dict) else _scalar(value)}"


def _indent(text: str, indent: str) -> str:
    return "".join(indent + line if line.strip() else line for line in text.splitlines(keepends=True))


def _flow(value: Any) -> str:
    """Return a value in one line."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1_000_000
    )
    return text.strip().removesuffix("\n...").strip()


def _scalar(value: Any) -> str:
    """Return a single value as it stands after a colon."""
    text: str = yaml.dump({"k": value}, Dumper=_Dumper, allow_unicode=True, width=1_000_000)
    return text.removeprefix("k: ").rstrip("\n")


def _rest_as_comments(report: ImportReport) -> str:
    """Return the texts without links, by heading, as comments."""
    lines = ["", f"# {report.name}: what it has without a link (concepts, steps, tips, tools)"]
    section: tuple[str, ...] | None = None
    for rest in report.rest:
        if rest.section != section:
            section = rest.section
            lines.append(f"# == {shorten(' > '.join(section), LONGEST_COMMENT)}")
        words = shorten(squeeze(rest.text), LONGEST_COMMENT)
        lines.append(f"# {'  ' * rest.depth}line {rest.line}: {words}")
    return "\n".join(lines)
