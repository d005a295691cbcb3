"""YAML text to plain values, with the line of each of them.

The text is read event by event instead of through a YAML constructor, for four reasons: every value keeps its line;
a key given twice is seen; anchors, aliases and tags are refused before they can grow or build anything; nesting is
bounded. Plain scalars follow the core schema of YAML 1.2, so `no` and `12:30` are text and `2017-12-06` stays a
date as it was written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.catalog.problem import Problem
from bot.catalog.syntax import Quotes, explain_syntax, find_open_merge

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: seven times slower, and `{a: why?, b: c}` needs quotes
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

LARGEST_FILE = 20_000_000
LONGEST_LINE = 1_000_000
DEEPEST = 20
LONGEST_INTEGER = 19
"""Characters; what is longer is a number to quote, not to count with."""

Path = tuple[str | int, ...]

# YAML allows none of these unescaped, except the line separators, which editors and YAML count differently.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
CORE_SCHEMA_STARTS = frozenset("+-.0123456789~nNtTfF")
CORE_SCHEMA_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?[0-9]+")
# No exponents: YAML 1.1 and 1.2 disagree about them (0E0), and a catalog has no use for one.
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)")

CONTENT = (yaml.NodeEvent, yaml.CollectionEndEvent)


class _Unread:
    """Stands where a value was refused, so that nothing else is said about it."""


UNREAD = _Unread()


class _UnreadableError(Exception):
    """The rest of the text cannot be made sense of."""


@dataclass(slots=True)
class YamlDocument:
    """The values of a YAML text, the lines they came from, and what was wrong with the text as such."""

    data: Any = None
    problems: list[Problem] = field(default_factory=list)
    lines: dict[int, dict[str | int, int]] = field(default_factory=dict)
    """By the identity of a mapping or sequence: the line of each child."""
    broken: Path | None = None
    """Where the text stops making sense: the innermost mapping or sequence that was still open. None where it does to its end."""

    def line_of(self, path: Path) -> int | None:
        """Return the line, counted from 1, of the value at a path of keys and indexes.

        A path that leads further than the text does ends at the last value there is: a missing key has the line
        of the mapping that lacks it.
        """
        line, here = 1, self.data
        for step in path:
            children = self.lines.get(id(here))
            if children is not None and step in children:
                line, here = children[step], here[step]
        return line

    def rename(self, path: Path, key: str) -> bool:
        """Let the value at a path have another key from now on; False where that is taken."""
        *above, old = path
        here = self.data
        for step in above:
            if step in self.lines.get(id(here), ()):
                here = here[step]
        if not isinstance(here, dict) or old not in here or key in here:
            return False
        here[key] = here.pop(old)
        self.lines[id(here)][key] = self.lines[id(here)].pop(old)
        return True


def read_document(content: str | bytes) -> YamlDocument:
    """Read a YAML text (UTF-8; a byte order mark and CRLF are fine) and collect what is wrong with it."""
    document = YamlDocument()
    try:
        text = _decode(content)
        _refuse_oversize(text)
        _refuse_unprintable(text)
        if merge := find_open_merge(text):
            raise _UnreadableError(merge)
        _build(text, document)
    except _UnreadableError as stop:
        document.problems.append(stop.args[0])
    return document


def _decode(content: str | bytes) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _UnreadableError(Problem(1, "", "the file is UTF-16; save it as UTF-8"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        guess = error.object[error.start : error.start + 1].decode("latin-1")
        text = f"this line is not UTF-8 (it may be Latin-1, then the character is “{guess}”); save the file as UTF-8"
        raise _UnreadableError(Problem(line, "", text)) from None


def _refuse_oversize(text: str) -> None:
    if len(text) > LARGEST_FILE:
        raise _UnreadableError(Problem(None, "", f"the file has more than {LARGEST_FILE // 1_000_000} MB"))
    if len(text) > LONGEST_LINE:
        for number, line in enumerate(text.split("\n"), start=1):
            if len(line) > LONGEST_LINE:
                raise _UnreadableError(Problem(number, "", f"this line has more than {LONGEST_LINE // 1_000_000} MB"))


def _refuse_unprintable(text: str) -> None:
    if found := UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise _UnreadableError(
            Problem(line, "", f"an invisible character (U+{ord(found[0]):04X}) stands here; take it out")
        )


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is still being filled."""

    container: Any
    lines: dict[str | int, int]
    key: str | None = None
    key_line: int = 0


def _build(text: str, document: YamlDocument) -> None:
    """Fill the document from the events of a YAML text, without recursion."""
    stack: list[_Open] = []
    quotes = Quotes()
    try:
        for event, line in _events(text):
            quotes.note(event)
            if isinstance(event, yaml.CollectionEndEvent):
                stack.pop()
            elif stack and isinstance(stack[-1].container, dict) and stack[-1].key is None:
                _open_key(stack[-1], event, line, document)
            else:
                _add(_value(event, line, document), line, stack, document)
    except (yaml.YAMLError, _UnreadableError) as stop:
        document.broken = tuple(next(reversed(above.lines)) for above in stack[:-1])
        if isinstance(stop, yaml.YAMLError):
            raise _UnreadableError(explain_syntax(stop, text, quotes)) from None
        raise


def _events(text: str) -> Iterator[tuple[Any, int]]:
    """Yield the events inside the one document of a text, each with its line."""
    documents = 0
    events: Iterator[Any] = yaml.parse(text, Loader=Loader)
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, CONTENT):
            yield event, line
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _UnreadableError(Problem(line, "", "a second document begins here; keep one per file"))
    if not documents:
        raise _UnreadableError(Problem(None, "", "the file is empty"))


def _open_key(top: _Open, event: Any, line: int, document: YamlDocument) -> None:
    """Take an event as the key of the innermost mapping."""
    if not isinstance(event, yaml.ScalarEvent):
        raise _UnreadableError(Problem(line, "", "a key must be a word here, not a mapping, a sequence or an alias"))
    _refuse_extras(event, line, document)
    key: str = event.value
    if key in top.container:
        text = f"“{key}” is given twice here, first on line {top.lines[key]}"
        document.problems.append(Problem(line, "", text))
    top.key, top.key_line = key, line


def _value(event: Any, line: int, document: YamlDocument) -> Any:
    """Return the value that an event stands for; a mapping or sequence is returned empty."""
    if isinstance(event, yaml.AliasEvent):
        text = f"*{event.anchor} is an alias; anchors and aliases are not taken, write the value out"
        document.problems.append(Problem(line, "", text))
        return UNREAD
    _refuse_extras(event, line, document)
    if isinstance(event, yaml.ScalarEvent):
        return _resolve(event.value) if event.implicit[0] else event.value
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _add(value: Any, line: int, stack: list[_Open], document: YamlDocument) -> None:
    """Put a value where it belongs and, if it is a container, begin to fill it."""
    is_container = isinstance(value, dict | list)
    if not stack:
        document.data = value
    else:
        top = stack[-1]
        if top.key is not None:
            top.container[top.key] = value
            top.lines[top.key] = top.key_line if is_container else line
            top.key = None
        else:
            top.lines[len(top.container)] = line
            top.container.append(value)
    if is_container:
        if len(stack) >= DEEPEST:
            raise _UnreadableError(Problem(line, "", f"this is nested more than {DEEPEST} levels deep"))
        # Assigned, not defaulted: the id may be that of a value that a key given twice has pushed out.
        children = document.lines[id(value)] = {}
        stack.append(_Open(value, children))


def _refuse_extras(event: Any, line: int, document: YamlDocument) -> None:
    if event.anchor is not None:
        text = f"&{event.anchor} is an anchor; anchors and aliases are not taken, write the value out"
        document.problems.append(Problem(line, "", text))
    if event.tag is not None:
        document.problems.append(Problem(line, "", f"“{event.tag}” is a tag; tags are not taken, quotes make text"))


def _resolve(plain: str) -> Any:
    """Return the value of an unquoted scalar by the core schema (YAML 1.2.2, section 10.3.2)."""
    if plain and plain[0] not in CORE_SCHEMA_STARTS:
        return plain
    if plain in CORE_SCHEMA_WORDS:
        return CORE_SCHEMA_WORDS[plain]
    if INTEGER.fullmatch(plain):
        return int(plain) if len(plain) <= LONGEST_INTEGER else plain
    if FLOAT.fullmatch(plain):
        return float(plain)
    return plain
