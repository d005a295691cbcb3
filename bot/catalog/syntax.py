"""Where a text stops being YAML, said as the slip that most likely is behind it, and on the line where that was made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.catalog.problem import Problem

HINTS = (
    ("mapping values are not allowed", "a text with a colon and a blank in it needs quotes"),
    ("cannot start any token", "a text that begins with a special character such as @ or ` needs quotes"),
    ("expected ',' or", "a bracket is not closed, or a text inside brackets that has a comma needs quotes"),
    (
        "could not find expected ':'",
        "a key needs a colon and a blank after it, or a text over several lines needs quotes",
    ),
    (
        "did not find expected key",
        "a line is indented differently from its neighbours, or a quote is not closed",
    ),
    ("expected '-' indicator", "a line is indented differently from its neighbours, or a quote is not closed"),
    ("expected <block end>", "a line is indented differently from its neighbours, or a quote is not closed"),
    ("unexpected end of stream", "a quote is not closed"),
    ("escape character", "inside double quotes a backslash must be doubled; single quotes take it as it is"),
)
QUOTES = ('"', "'")
BEGIN_BEFORE = ("while scanning a quoted scalar", "while scanning a simple key")
"""What is noticed on a later line than the one where it begins."""

_OF_A_TYPESETTER = re.compile(r"[:\-]\s+[“”„«‘’]")
_KEY = re.compile(r"\s*(?:- +)?[\w-]+(?=:(?:\s|$))")
_KEY_ALONE = re.compile(r"\s*(?:- +)?([a-z_]+)(?::| +)[{\[]")
_SIDE = re.compile(r"^(?:<{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)


def find_open_merge(text: str) -> Problem | None:
    """A merge that git left to a person, and that nobody finished."""
    found = _SIDE.search(text)
    if found is None or not text.startswith("<<<<<<<", found.start()):
        return None
    said = "a merge was left open here (<<<<<<<); keep one of its two sides and take the three marked lines out"
    return Problem(text.count("\n", 0, found.start()) + 1, "", said)


@dataclass(slots=True)
class Quotes:
    """The last quoted text that went over several lines: from which to which, counted from 0."""

    first: int = -1
    last: int = -1

    def note(self, event: Any) -> None:
        """Look at the next event."""
        if getattr(event, "style", None) in QUOTES:
            first, last = event.start_mark.line, event.end_mark.line
            if last > first:
                self.first, self.last = first, last

    def swallowed(self, lines: Sequence[str], broken: int) -> bool:
        """Whether it ends where a text broke, and holds keys that nobody meant to be in it."""
        return self.last == broken and any(_KEY.match(line) for line in lines[self.first + 1 : self.last + 1])


def explain_syntax(error: yaml.YAMLError, text: str, quotes: Quotes) -> Problem:
    """Turn a syntax error into a sentence, with the usual cause where that is known."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Problem(None, "", f"this is not valid YAML: {error}")
    mark, said = error.problem_mark, error.problem or str(error)
    lines = text.splitlines()
    if quotes.swallowed(lines, mark.line):
        return Problem(quotes.first + 1, "", "a quote is opened here and not closed")
    if error.context in BEGIN_BEFORE and error.context_mark:
        mark = error.context_mark
    here = lines[mark.line] if mark.line < len(lines) else ""
    if slip := _slip_in(here, said, mark.column):
        return Problem(mark.line + 1, "", slip)
    hint = next((f" ({hint})" for fragment, hint in HINTS if fragment in said), "")
    return Problem(min(mark.line + 1, max(len(lines), 1)), "", f"this is not valid YAML: {said}{hint}")


def _slip_in(line: str, said: str, column: int) -> str | None:
    """What is wrong with the very line, where that can be told."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "this line is indented with a tab; YAML takes blanks only"
    if _OF_A_TYPESETTER.search(line):
        return "quotes are \" or ' in YAML; “ ” and the like are letters to it"
    if key := _KEY_ALONE.match(line):
        return f"a key needs a colon and a blank after it: “{key[1]}: …”"
    key_ends = found.end() if (found := _KEY.match(line)) else None
    if "mapping values are not allowed" in said and column == key_ends:
        return "this line is indented differently from its neighbours"
    return None
