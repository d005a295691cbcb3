"""What reading a Markdown list gives: the entries it proposes, and an account of everything else it met.

Nothing disappears silently: every line of the list is behind an `Item`, a heading, a `Rest` (what has no link) or a
`Finding` (what is doubtful, left out or could not be placed).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.catalog.kinds import Kind, Language, Mark


class Matter(StrEnum):
    """What a finding is about; the value is the short word a report shows."""

    REPAIRED = "repaired"
    DOUBTFUL = "doubtful"
    LEFT_OUT = "left out"
    UNPLACED = "could not be placed"


class What(StrEnum):
    """What a piece of a list without a link is."""

    BULLET = "bullet"
    PROSE = "prose"
    CODE = "code"
    ROW = "table row"
    COMMENT = "comment"
    FRONT_MATTER = "front matter"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at: `line` counts from 1, `text` is a sentence."""

    line: int
    matter: Matter
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.matter}: {self.text}"


@dataclass(frozen=True, slots=True)
class Rest:
    """Text of the list that carries no link: a concept, a step, an explanation, a leaf of a taxonomy, code."""

    line: int
    what: What
    text: str
    section: tuple[str, ...]
    group: tuple[str, ...]
    depth: int = 0
    """How deep in lists, 1 for a top bullet; 0 outside of lists."""


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence of a link, as the list describes it; what the list does not say is None or guessed."""

    line: int
    title: str
    url: str
    """As the list has it, without a stray bracket at its end."""
    canonical: str
    section: tuple[str, ...]
    """The headings above, outermost first, without the title of the list."""
    group: tuple[str, ...]
    """Labels and parent bullets that are not headings, outermost first, as the list writes them."""
    kind: Kind
    language: Language
    author: str | None = None
    published: str | None = None
    """`2017`, `2017-12` or `2017-12-06`, as exact as the list is."""
    minutes: int | None = None
    days: int | None = None
    practice: bool = False
    mark: Mark | None = None
    free: bool | None = None
    note: str | None = None
    """What the list remarks, in the list's own words: a draft, to be said in our own."""
    parts: tuple[str, ...] = ()
    """Chapters or points that the list names below the link."""
    topic: str | None = None
    """The id of a topic, where the list names it (one that `publish` wrote does)."""
    core: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The headings and groups in one line, joined by ` > `; a group's closing colon is dropped."""
        return " > ".join([*self.section, *(label.rstrip(": ") for label in self.group)])


@dataclass(slots=True)
class ImportReport:
    """The whole account of one list; `name` is what the caller calls it, `title` its own first heading."""

    name: str
    title: str | None = None
    items: list[Item] = field(default_factory=list)
    rest: list[Rest] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    headings: list[tuple[int, int, str]] = field(default_factory=list)
    """Every heading as (line, level, text), empty ones too."""

    def of(self, matter: Matter) -> list[Finding]:
        """Return the findings of one sort."""
        return [finding for finding in self.findings if finding.matter is matter]

    def in_words(self) -> list[str]:
        """Return the account in sentences: the counts first, then every finding by its line."""
        counts = ", ".join(f"{len(self.of(matter))} {matter}" for matter in Matter)
        distinct = len({item.canonical for item in self.items})
        links, resources = counted(len(self.items), "link"), counted(distinct, "resource")
        head = f"{self.name}: {links} to {resources}, {counted(len(self.rest), 'text')} without a link"
        return [f"{head}; {counts}", *(str(finding) for finding in self.findings)]


def counted(number: int, one: str, many: str = "") -> str:
    """“1 link”, “2 links”, “0 entries”: the number with its word."""
    return f"{number} {one if number == 1 else many or one + 's'}"
