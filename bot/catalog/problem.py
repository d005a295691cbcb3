"""One thing that is wrong with a catalog file: where it is and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding about a catalog file, in a plain sentence.

    `line` counts from 1 and is None where no line can be named (a file that cannot be read, a catalog that
    came from elsewhere). `path` names the place as one would say it: `resources.attention-is-all-you-need.kind`.
    An error keeps the file from being loaded; a warning does not.
    """

    line: int | None
    path: str
    text: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        path = f"{self.path}: " if self.path else ""
        warning = "warning: " if self.severity == "warning" else ""
        return f"{where}{warning}{path}{self.text}"


def in_line_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Sort problems as a person walks through the file: by line, those without one first."""
    return tuple(sorted(problems, key=lambda problem: (problem.line or 0, problem.path, problem.text)))
