"""The last look over a list that was read: what no text leads to, what stands twice, what stands empty, what was missed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from bot.catalog.markdown.pieces import Block
from bot.catalog.markdown.report import Finding, ImportReport, Matter
from bot.catalog.markdown.words import shorten

PROMISE = re.compile(
    r"(?:soon|coming soon|em breve|tbd|to ?do|wip|under construction|em construção)[\s.…!]*", re.IGNORECASE
)
MARKUP_ONLY = " \t>|-=*+#:"
"""A line of nothing but these is structure."""


def account(report: ImportReport, lines: list[str], blocks: list[Block], references: dict[str, Any]) -> None:
    """Add what only shows at the end, so that nothing is lost in silence, and put all findings in the order of lines."""
    find_unused(report, references, blocks)
    find_gaps(report, lines, references, blocks)
    find_twins(report)
    find_open_code(report, lines, blocks)
    find_empty_headings(report)
    report.findings.sort(key=lambda finding: finding.line)


def find_unused(report: ImportReport, references: dict[str, Any], blocks: list[Block]) -> None:
    """Point at reference definitions that no link uses."""
    used = {piece.url for block in blocks for piece in block.pieces}
    used |= {piece.picture for block in blocks for piece in block.pieces}
    for reference in references.values():
        if reference["href"] not in used:
            line = reference.get("map", [0])[0] + 1
            _find(report, line, Matter.UNPLACED, f"no text leads to {shorten(reference['href'])}")


def find_gaps(report: ImportReport, lines: list[str], references: dict[str, Any], blocks: list[Block]) -> None:
    """Point at lines that no block accounts for, so that nothing is lost in silence."""
    seen = {line for block in blocks for line in range(block.line, block.end + 1)}
    for reference in references.values():
        seen.update(range(reference["map"][0] + 1, reference["map"][1] + 1))
    for number, line in enumerate(lines, start=1):
        if line.strip(MARKUP_ONLY) and number not in seen:
            _find(report, number, Matter.UNPLACED, f"this line was not understood: {shorten(line.strip())}")


def find_empty_headings(report: ImportReport) -> None:
    """Point at headings with nothing below them, or only a promise ("Soon…")."""
    promises = {rest.line for rest in report.rest if PROMISE.fullmatch(rest.text)}
    lines = {item.line for item in report.items} | {rest.line for rest in report.rest}
    lines |= {finding.line for finding in report.findings if finding.matter is Matter.LEFT_OUT}
    told = sorted(lines - promises)
    for line, end, text in _sections(report.headings):
        if text and bisect_left(told, line) == bisect_left(told, end):
            _find(report, line, Matter.UNPLACED, f"nothing stands below the heading “{shorten(text)}”")


def find_open_code(report: ImportReport, lines: list[str], blocks: list[Block]) -> None:
    """Point at a block of code that nothing closes: it swallows the rest of the list."""
    for block in blocks:
        opens = lines[block.line - 1].lstrip(" >-*\t")[:3] if block.what == "code" else ""
        closed = lines[block.end - 1].strip(" >\t").startswith(opens) and block.end > block.line
        if opens in {"```", "~~~"} and not closed:
            _find(
                report,
                block.line,
                Matter.UNPLACED,
                "a block of code opens here and nothing closes it; the rest is not read",
            )


def find_twins(report: ImportReport) -> None:
    """Point at addresses that the list has twice."""
    first: dict[str, int] = {}
    for item in report.items:
        line = first.setdefault(item.canonical, item.line)
        if line != item.line:
            _find(report, item.line, Matter.DOUBTFUL, f"“{shorten(item.title)}” is on line {line} too")


def _sections(headings: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield each heading's line, the line of the next one that is not below it (or infinity), and its text."""
    open_ones: list[tuple[int, int, str]] = []
    for line, level, text in [*headings, (1 << 40, 0, "")]:
        while open_ones and open_ones[-1][1] >= level:
            start, _, name = open_ones.pop()
            yield start, line, name
        open_ones.append((line, level, text))


def _find(report: ImportReport, line: int, matter: Matter, text: str) -> None:
    report.findings.append(Finding(line, matter, text))
