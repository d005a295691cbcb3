"""What Markdown and HTML are both read into: blocks (a heading, a bullet, a paragraph, a table row) made of pieces."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Piece:
    """A run of text, a link, or a picture.

    `url` is None for text and for a picture that is no link, "" for a link with an empty target. `picture` is the
    address of an image, alone or inside the link; its text is the image's description.
    """

    text: str
    line: int
    url: str | None = None
    strong: bool = False
    emphasis: bool = False
    picture: str | None = None
    bare: bool = False
    """The link is an address that stands in the text."""
    is_break: bool = False
    """The line ends here."""
    code: bool = False
    """The text is set as code; some keepers tag their links so."""


@dataclass(slots=True)
class Block:
    """One block: `what` is heading, bullet, paragraph, row, code, rule, html, summary, details end, comment, front matter.

    `level` is the level of a heading, and for bullets and paragraphs how many lists they are in.
    """

    what: str
    line: int
    end: int
    pieces: list[Piece]
    level: int = 0
    cells: list[list[Piece]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    is_header: bool = False

    @property
    def text(self) -> str:
        """The words of the block in one line, links by their text, without pictures."""
        return " ".join("".join(piece.text for piece in self.pieces if piece.picture is None).split())

    @property
    def has_links(self) -> bool:
        """Whether any piece is a link (one without a target counts)."""
        return any(piece.url is not None for piece in self.pieces)
