"""Where a line of a list stands: the headings above it, and the groups that are not headings.

A group is a short line that ends in a colon ("Keras:"), a bold line, the summary of a `<details>`, or a parent bullet.
The title of the list and headings such as "About" are no places; an empty heading only ends what was open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.catalog.markdown.pieces import Block
from bot.catalog.markdown.vocabulary import CONTENTS, FILLERS, FRONT_MATTER
from bot.catalog.markdown.words import bare_of_emoji, group_label

LONGEST_LABEL = 60
"""Characters of the longest line that is taken as the name of a group; what is longer is a remark."""


@dataclass(slots=True)
class Outline:
    """The place of the line that is being read."""

    title_line: int | None = None
    headings: list[tuple[int, str]] = field(default_factory=list)
    label: str | None = None
    remark: str | None = None
    """A long line before a list, that says something about all of it."""
    details: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)

    @property
    def section(self) -> tuple[str, ...]:
        """The headings, outermost first; "About" counts only where it is the last."""
        names = [name for _, name in self.headings]
        return tuple(
            name for place, name in enumerate(names) if place == len(names) - 1 or name.lower() not in FRONT_MATTER
        )

    @property
    def in_contents(self) -> bool:
        """Whether the nearest heading is that of a table of contents."""
        return bool(self.headings) and self.headings[-1][1].strip(" :").lower() in CONTENTS

    def group(self, depth: int) -> tuple[str, ...]:
        """Return the groups of something that is `depth` lists deep (0: outside of lists)."""
        labels = [self.label] if self.label and depth else []
        return (*self.details, *labels, *(name for name in self.bullets[: max(0, depth - 1)] if name))

    def open_heading(self, block: Block) -> None:
        """A heading closes those of its level and deeper, and every group."""
        self.label = self.remark = None
        self.bullets, self.details = [], []
        self.headings = [(level, name) for level, name in self.headings if level < block.level]
        name = bare_of_emoji(block.text)
        if name and block.line != self.title_line:
            self.headings.append((block.level, name))

    def open_paragraph(self, block: Block) -> None:
        """A paragraph outside of lists names the group that follows, or ends the one before."""
        if block.level:
            return
        self.bullets = []
        self.label = self.remark = None
        text = bare_of_emoji(block.text)
        if is_label(block):
            self.label = text
        elif text.endswith(":") and not block.has_links and not text.lower().startswith(FILLERS):
            self.remark = text

    def open_bullet(self, depth: int, name: str) -> None:
        """A bullet is the group of what is nested below it."""
        del self.bullets[depth - 1 :]
        self.bullets += [""] * (depth - 1 - len(self.bullets))
        self.bullets.append(name)


def is_label(block: Block) -> bool:
    """Tell whether a paragraph is the name of a group: "Keras:", or a short line that is bold as a whole."""
    text = bare_of_emoji(block.text)
    if not text or len(text) > LONGEST_LABEL or "\n" in text or ". " in text or text.lower().startswith(FILLERS):
        return False
    bold = all(piece.strong or not piece.text.strip(" :\n") for piece in block.pieces) and not block.has_links
    return bold or (text.endswith(":") and not block.has_links)


def name_of_bullet(block: Block) -> str:
    """Return what a bullet without a link is called as a parent."""
    return group_label(bare_of_emoji(block.text))


def find_title(blocks: list[Block]) -> Block | None:
    """Return the heading that is the title of the list: the first of all, if it is of level 1 and no section itself.

    It is a section if a list of links stands right below it and other headings of level 1 follow.
    """
    headings = [block for block in blocks if block.what == "heading"]
    if not headings or headings[0].level != 1:
        return None
    first = headings[0]
    if not any(block.level == 1 for block in headings[1:]):
        return first
    after = headings[1].line
    own = (block for block in blocks if first.line < block.line < after and block.what in {"bullet", "row"})
    return None if any(_leads_out(block) for block in own) else first


def _leads_out(block: Block) -> bool:
    return any(piece.url and piece.url.startswith("http") and piece.picture is None for piece in block.pieces)
