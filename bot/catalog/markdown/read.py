"""A Markdown list to draft entries: `read_list`, the way into the catalog.

The steps: `decode` makes clean lines, `blocks` finds the structure, `places` knows where each line stands, `links`
says which links are resources, `entries` makes an entry of each. What is left is written down too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from bot.catalog.markdown.account import account
from bot.catalog.markdown.blocks import read_blocks
from bot.catalog.markdown.decode import decode
from bot.catalog.markdown.entries import make_item
from bot.catalog.markdown.labels import days_for_each, read_days
from bot.catalog.markdown.links import Links, Target
from bot.catalog.markdown.people import People, looks_like_name
from bot.catalog.markdown.pieces import Block, Piece
from bot.catalog.markdown.places import Outline, find_title, name_of_bullet
from bot.catalog.markdown.report import Finding, ImportReport, Item, Matter, Rest, What
from bot.catalog.markdown.rows import read_row
from bot.catalog.markdown.spots import JOINT, facts_behind, find_spots
from bot.catalog.markdown.titles import Around
from bot.catalog.markdown.words import shorten, squeeze

TOPIC = re.compile(r"^\s*topic:\s*([a-z0-9-]+)\s*$")
NOT_ENTRIES = re.compile(r"^\s*not entries\s*$")
UNDEFINED = re.compile(r"\[([^\[\]]+)\]\[([^\[\]]*)\]")
LONGEST_PART = 60
"""Characters of the longest point below a link that counts as a part of it; what is longer is a remark."""

WHAT = {
    "bullet": What.BULLET,
    "code": What.CODE,
    "row": What.ROW,
    "comment": What.COMMENT,
    "front matter": What.FRONT_MATTER,
}


def read_list(content: str | bytes, name: str) -> ImportReport:
    """Read a Markdown list and return the entries it proposes with an account of all the rest.

    `name` is what the report calls the list. Raises CatalogError for what is no text or over 20 MB.
    """
    source = decode(content)
    blocks, references = read_blocks(source.lines)
    title = find_title(blocks)
    report = ImportReport(name, title.text if title else None, findings=list(source.findings))
    reading = _Reading(report, source.lines, Outline(title.line if title else None))
    reading.links = Links([block.text for block in blocks if block.what == "heading"])
    reading.people = People(_people(blocks))
    for block in blocks:
        reading.take(block)
    account(report, source.lines, blocks, references)
    return report


def _people(blocks: Iterable[Block]) -> set[str]:
    """Return the names a list speaks of: whose profiles and channels it links, and what stands alone behind a link."""
    names: set[str] = set()
    for block in blocks:
        for piece, following in zip_longest(block.pieces, block.pieces[1:]):
            if not piece.url:
                continue
            site = piece.url.lower()
            if ("twitter.com/" in site or "youtube.com/" in site or "x.com/" in site) and "/status/" not in site:
                names.add(squeeze(piece.text))
            behind = following.text.strip(" -–—.") if following and following.url is None else ""
            if looks_like_name(behind):
                names.add(behind)
    return names


def _words_beside_links(block: Block) -> bool:
    """Tell whether a block says anything outside of its links."""
    return any(not JOINT.match(piece.text) for piece in block.pieces if piece.url is None and piece.picture is None)


@dataclass(slots=True)
class _Reading:
    """Goes through the blocks once and fills the report."""

    report: ImportReport
    lines: list[str]
    outline: Outline
    links: Links = field(default_factory=lambda: Links([]))
    people: People = field(default_factory=People)
    topic: str | None = None
    without_entries: bool = False
    owners: list[int | None] = field(default_factory=list)
    """By depth of the bullet: the last entry it made, of which bullets below are parts."""
    days: list[int | None] = field(default_factory=list)
    """By depth, 0 for the line before the list: the days recommended for each thing below."""

    def take(self, block: Block) -> None:
        """Read one block."""
        match block.what:
            case "heading":
                self._heading(block)
            case "bullet":
                self._bullet(block)
            case "paragraph":
                self._paragraph(block)
            case "row":
                self._row(block)
            case "summary":
                self.outline.details.append(block.text.rstrip(": "))
            case "details end":
                del self.outline.details[-1:]
            case "rule":
                self.outline.label = None
            case "comment":
                self._comment(block)
            case "code" | "front matter":
                self._rest(block, "".join(piece.text for piece in block.pieces))

    def _heading(self, block: Block) -> None:
        if self.without_entries and block.level <= 2:
            self.without_entries = False
        self.topic = None if block.level <= 2 else self.topic
        self.outline.open_heading(block)
        self.report.headings.append((block.line, block.level, block.text))
        self.owners, self.days = [], []
        if block.has_links:
            self._entries(block, 0)

    def _paragraph(self, block: Block) -> None:
        self.outline.open_paragraph(block)
        if not block.level:
            self.owners, self.days = [], [days_for_each(block.text)]
        is_group = self.outline.label is not None and not block.level
        if (
            not self._entries(block, block.level + 1 if block.level else 0)
            and _words_beside_links(block)
            and not is_group
        ):
            self._rest(block, block.text)

    def _bullet(self, block: Block) -> None:
        depth = block.level
        del self.owners[depth - 1 :], self.days[depth:]
        first = len(self.report.items)
        made = self._entries(block, depth)
        if made and len(self.report.items[first].group) > len(self.outline.group(depth)):
            named = self.report.items[first].group[-1]
        else:
            named = self.report.items[first].title if made else name_of_bullet(block)
        self.outline.open_bullet(depth, named)
        if not made and _words_beside_links(block):
            self._part_or_rest(block, depth)
        self.owners += [None] * (depth - 1 - len(self.owners))
        self.owners.append(len(self.report.items) - 1 if made else None)
        self.days += [None] * (depth - len(self.days))
        self.days.append(days_for_each(block.text))

    def _part_or_rest(self, block: Block, depth: int) -> None:
        """A bullet below a link is a part of it, or a remark if it is long; any other is kept as it is."""
        owner = self.owners[depth - 2] if 1 < depth <= len(self.owners) + 1 else None
        if owner is None or block.has_links:
            self._rest(block, block.text)
            return
        item = self.report.items[owner]
        if len(block.text) <= LONGEST_PART:
            self.report.items[owner] = replace(item, parts=(*item.parts, block.text))
        else:
            note = f"{item.note} {block.text}" if item.note else block.text
            self.report.items[owner] = replace(item, note=note)

    def _entries(self, block: Block, depth: int) -> int:
        """Make entries of the links of a block; return how many."""
        targets = self._targets(block)
        self._find_undefined(block)
        spots, loose = find_spots(block.pieces, targets)
        for spot in spots:
            lazy = block.what == "bullet" and self._stands_outside(spot.piece, block)
            around = self._around(block, 0 if lazy else depth)
            if lazy and spot is spots[0]:
                self._rest(block, squeeze(spot.above))
                spot.above = spot.above if spot.above.endswith(":") else ""
            self.report.items.append(make_item(spot, around))
            self._write_doubts(self.report.items[-1])
        for text in loose:
            self._rest(block, squeeze(text), spots[0].label)
        return len(spots)

    def _targets(self, block: Block) -> dict[int, Target]:
        """Return by position which pieces of a block are resources; write down why the others are not."""
        targets: dict[int, Target] = {}
        for position, piece in enumerate(block.pieces):
            if piece.url is None and piece.picture is None:
                continue
            if self.without_entries and piece.url:
                self._find(piece.line, Matter.LEFT_OUT, f"not an entry: “{shorten(squeeze(piece.text))}”")
                continue
            exact = self.links.exact(piece) if facts_behind(block.pieces, position) else None
            target, finding = (exact, None) if exact else self.links.judge(piece, in_contents=self.outline.in_contents)
            if target is not None:
                targets[position] = target
            if finding is not None:
                self.report.findings.append(finding)
        return targets

    def _stands_outside(self, piece: Piece, block: Block) -> bool:
        """Tell whether a link on a later line of a bullet is not indented, so that it only happens to follow it."""
        line = self.lines[piece.line - 1] if piece.line > block.line else " "
        return not line[:1].isspace()

    def _around(self, block: Block, depth: int) -> Around:
        group = self.outline.group(depth)
        days = read_days(block.text) or next((days for days in reversed(self.days[:depth]) if days), None)
        remark = self.outline.remark if depth == 1 else None
        return Around(self.outline.section, group, self.people, days, remark, block.text, self.topic)

    def _row(self, block: Block) -> None:
        if block.is_header and not block.has_links:
            self._rest(block, " | ".join(block.header))
            return
        targets = self._targets(block)
        around = self._around(block, 0)
        made = read_row(block, targets, around)
        self.report.items += made
        for item in made:
            self._write_doubts(item)
        if not made and block.text:
            self._rest(block, block.text)

    def _comment(self, block: Block) -> None:
        """Follow the comments that `publish` writes; keep any other."""
        text = block.text
        if topic := TOPIC.match(text):
            self.topic = topic[1]
        elif NOT_ENTRIES.match(text):
            self.without_entries = True
        elif text:
            self._rest(block, text)

    def _rest(self, block: Block, text: str, label: str = "") -> None:
        if text.strip():
            what = WHAT.get(block.what, What.PROSE)
            depth = block.level if block.what == "bullet" else 0
            group = (*self.outline.group(depth), label) if label else self.outline.group(depth)
            self.report.rest.append(
                Rest(block.line, what, text.strip().rstrip("\\"), self.outline.section, group, depth)
            )

    def _find(self, line: int, matter: Matter, text: str) -> None:
        self.report.findings.append(Finding(line, matter, text))

    def _write_doubts(self, item: Item) -> None:
        for doubt in item.doubts:
            self._find(item.line, Matter.DOUBTFUL, f"“{shorten(item.title)}”: {doubt}")

    def _find_undefined(self, block: Block) -> None:
        """Point at `[text][label]` where the label is defined nowhere."""
        for piece in block.pieces:
            for found in UNDEFINED.finditer(piece.text) if piece.url is None else ():
                self._find(
                    piece.line, Matter.UNPLACED, f"“{shorten(found[1])}” refers to a label that is defined nowhere"
                )
