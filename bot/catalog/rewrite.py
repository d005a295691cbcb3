"""The catalog's file with other entries in it: only the lines change that have to, every comment and blank line stays.

The places come from the YAML parser, the new text from `layout.py`. What comes out is read again and compared with what was wanted,
so a file of an unforeseen shape ends in a sentence and not in a wrong catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from bot.catalog.entry import Catalog, Resource
from bot.catalog.file import parse_catalog
from bot.catalog.layout import ORDER, as_written, entry_lines, field_lines, inline, one_line, scalar
from bot.catalog.overlay import Facts, facts_of
from bot.catalog.problem import Problem
from bot.errors import CatalogError

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]


def rewrite(text: str, wanted: Catalog) -> str:
    """Return the text of a catalog file with the resources that are wanted, and nothing pointing to those that are not.

    Raises CatalogError if the text is no valid catalog, or is written in a way that cannot be changed line by line.
    """
    file = parse_catalog(text)
    ends = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    if not plain.endswith("\n"):
        plain += "\n"
    writing = _Writing(plain, file, wanted)
    written = writing.write()
    if written == plain:
        return text
    _check(written, wanted)
    return written.replace("\n", ends)


def _check(written: str, wanted: Catalog) -> None:
    try:
        read = parse_catalog(written)
    except CatalogError as error:
        said = Problem(None, "", "the result would not be a valid catalog, so nothing was written:")
        raise CatalogError((said, *error.problems)) from error
    if _content(read) != _content(wanted):
        raise _unwritable("the file is written in a way that cannot be changed line by line, so nothing was written")


def _content(catalog: Catalog) -> tuple[Any, ...]:
    return [(entry.id, facts_of(entry)) for entry in catalog.resources], catalog.checklists


def _unwritable(text: str) -> CatalogError:
    return CatalogError((Problem(None, "", text),))


class _Writing:
    """Collects what to put where, and puts it there."""

    def __init__(self, text: str, file: Catalog, wanted: Catalog) -> None:
        self._text = text
        self._starts = [0]
        for line in text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._file = file
        self._wanted = wanted
        root = yaml.compose(text, Loader=Loader)
        assert isinstance(root, yaml.MappingNode), "it was read as a catalog before"
        self._root = root
        self._edits: list[tuple[int, int, str]] = []

    def write(self) -> str:
        """Return the text with everything that is different."""
        ids = (entry.id for entry in self._file.resources)
        nodes: dict[str, yaml.MappingNode] = dict(zip(ids, self._items("resources"), strict=True))
        for entry in self._file.resources:
            other = self._wanted.resource(entry.id)
            if other is None:
                self._cut_lines(*self._lines_of(nodes[entry.id]))
            elif other is not entry:
                self._change(nodes[entry.id], facts_of(entry), facts_of(other))
        self._insert_new(nodes)
        self._change_steps()
        return self._apply()

    # ------------------------------------------------------------------------------------------------ what changes

    def _insert_new(self, nodes: dict[str, yaml.MappingNode]) -> None:
        behind: yaml.MappingNode | None = None
        new: list[Resource] = []
        for entry in (*self._wanted.resources, None):
            if entry is not None and entry.id not in nodes:
                new.append(entry)
                continue
            if new:
                self._insert_entries(new, behind, next(iter(nodes.values()), None))
                new = []
            behind = None if entry is None else nodes[entry.id]

    def _insert_entries(
        self, new: Sequence[Resource], behind: yaml.MappingNode | None, first: yaml.MappingNode | None
    ) -> None:
        lines = [line for entry in new for line in entry_lines(entry.id, facts_of(entry))]
        if behind is not None:
            start, end = self._lines_of(behind)
            self._insert_lines(end + 1, lines, self._indent_at(start))
        elif first is not None:
            start, _ = self._lines_of(first)
            self._insert_lines(start, lines, self._indent_at(start))
        else:
            self._fill_section(lines)

    def _fill_section(self, lines: list[str]) -> None:
        """Put the first entries into a section that is empty, or open it at the end."""
        found = next((pair for pair in self._root.value if pair[0].value == "resources"), None)
        if found is None:
            self._insert_lines(len(self._starts) - 2, ["resources:", *(f"  {line}" for line in lines)], "")
            return
        key, value = found
        line = key.start_mark.line
        if value.end_mark.line == line and value.end_mark.column > key.end_mark.column + 1:  # `resources: []`
            self._replace(value, "")
        self._insert_lines(line + 1, lines, "  ")

    def _change(self, node: yaml.MappingNode, before: Facts, after: Facts) -> None:
        """Bring one entry from some facts to others."""
        added = []
        for name in ORDER:
            if before.get(name) == after.get(name):
                continue
            there = _pair(node, name)
            if there is None:
                added.append(name)
            elif name in after:
                self._set(node, there, name, after[name])
            else:
                self._remove(node, there)
        if node.flow_style and added:
            parts = "".join(f", {one_line(name, after[name])}" for name in added)
            self._edits.append((end := self._end(node) - 1, end, parts))
        elif added:
            self._insert_fields(node, added, after)

    def _insert_fields(self, node: yaml.MappingNode, names: list[str], after: Facts) -> None:
        """Put fields behind the one that comes before them in the order of the schema."""
        indent = " " * node.value[0][0].start_mark.column
        for name in names:
            earlier = [
                pair
                for pair in node.value
                if ORDER.get(pair[0].value, -1) < ORDER[name] and pair[0].value in (*after, "id")
            ]
            key, value = max(earlier, key=lambda pair: ORDER.get(pair[0].value, -1), default=node.value[0])
            self._insert_lines(_last_line(key, value) + 1, field_lines(name, after[name]), indent)

    def _set(self, node: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node], name: str, value: Any) -> None:
        key, old = pair
        lines = field_lines(name, value)
        in_a_line = old.end_mark.line == key.start_mark.line and old.start_mark.index < old.end_mark.index
        if node.flow_style or (in_a_line and len(lines) == 1):
            write = inline if node.flow_style else scalar
            self._replace(old, write(as_written(name, value)))
            return
        column = key.start_mark.column
        begin, end = self._starts[key.start_mark.line] + column, self._starts[_last_line(key, old) + 1]
        self._edits.append((begin, end, f"\n{' ' * column}".join(lines) + "\n"))

    def _remove(self, node: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node]) -> None:
        place = node.value.index(pair)
        key, value = pair
        if node.flow_style or place == 0:
            if place + 1 < len(node.value):
                self._edits.append((self._start(key), self._start(node.value[place + 1][0]), ""))
            else:
                self._edits.append((self._end(node.value[place - 1][1]), self._end(value), ""))
            return
        self._cut_lines(key.start_mark.line, _last_line(key, value))

    def _change_steps(self) -> None:
        """Take references to what is gone out of the checklists."""
        for old, new, node in zip(
            self._file.checklists, self._wanted.checklists, self._items("checklists"), strict=True
        ):
            if old == new:
                continue
            steps = _pair(node, "steps")
            assert steps is not None, "a checklist has steps"
            for before, after, step in zip(old.steps, new.steps, steps[1].value, strict=True):
                there = _pair(step, "see_also")
                if before == after or there is None:
                    continue
                if after.see_also:
                    self._set(step, there, "see_also", list(after.see_also))
                else:
                    self._remove(step, there)

    # --------------------------------------------------------------------------------------------- where things are

    def _items(self, section: str) -> list[yaml.MappingNode]:
        found = _pair(self._root, section)
        if found is None or not isinstance(found[1], yaml.SequenceNode):
            return []
        if found[1].flow_style and found[1].value:
            raise _unwritable(f"“{section}” is written in one line; write its entries one below the other first")
        items: list[yaml.MappingNode] = found[1].value
        return items

    def _lines_of(self, item: yaml.MappingNode) -> tuple[int, int]:
        """The first and the last line of an item of a sequence; a dash may stand alone above it."""
        first = item.start_mark.line
        while not self._text[self._starts[first] :].lstrip(" ").startswith("-"):
            first -= 1
        return first, _last_line(*item.value[-1]) if not item.flow_style else item.end_mark.line

    def _indent_at(self, line: int) -> str:
        row = self._text[self._starts[line] : self._starts[line + 1]]
        return row[: len(row) - len(row.lstrip(" "))]

    def _start(self, node: yaml.Node) -> int:
        return int(self._starts[node.start_mark.line] + node.start_mark.column)

    def _end(self, node: yaml.Node) -> int:
        return int(self._starts[node.end_mark.line] + node.end_mark.column)

    # --------------------------------------------------------------------------------------------------- the edits

    def _replace(self, node: yaml.Node, text: str) -> None:
        self._edits.append((self._start(node), self._end(node), text))

    def _cut_lines(self, first: int, last: int) -> None:
        self._edits.append((self._starts[first], self._starts[last + 1], ""))

    def _insert_lines(self, line: int, lines: Sequence[str], indent: str) -> None:
        place = self._starts[line]
        self._edits.append((place, place, "".join(f"{indent}{row}\n" for row in lines)))

    def _apply(self) -> str:
        """Put everything in, from the start to the end; what is put in at one place keeps its order."""
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        done = 0
        for start, end, text in sorted(self._edits, key=lambda edit: edit[:2]):
            if start < done:
                raise _unwritable("two changes fall on one line, so nothing was written")
            yield self._text[done:start]
            yield text
            done = end
        yield self._text[done:]


def _pair(node: yaml.MappingNode, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next((pair for pair in node.value if pair[0].value == name), None)


def _last_line(key: yaml.Node, value: yaml.Node) -> int:
    """The line where a field ends: where its last scalar ends, not where the next token stands."""
    node = value
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, node = last if isinstance(last, tuple) else (last, last)
    if node.start_mark.line == node.end_mark.line and node.start_mark.column == node.end_mark.column:
        return int(key.end_mark.line)  # nothing stands behind the colon
    ends_before = isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"} and node.end_mark.column == 0
    return int(node.end_mark.line) - 1 if ends_before else int(node.end_mark.line)
