"""Markdown text to a flat sequence of blocks, each with its line and its pieces of text and links.

The structure comes from markdown-it-py (CommonMark with tables); HTML inside the Markdown is read by `html.py` into
the same blocks. Targets of links are kept as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from bot.catalog.markdown.bare_urls import AFTER_SCHEME, trim_url
from bot.catalog.markdown.html import HtmlReader, HtmlState, attributes
from bot.catalog.markdown.pieces import Block, Piece

FRONT_MATTER_LINES = 100
FRONT_MATTER_LINE = re.compile(r"^(?:---|\.\.\.|[\w-]+:(?:\s|$)|\s|#|- |$)")


def read_blocks(lines: list[str]) -> tuple[list[Block], dict[str, Any]]:
    """Return the blocks of a text, and the reference definitions (`[label]: address`) that markdown-it found."""
    environment: dict[str, Any] = {}
    text, front = _front_matter(lines)
    tokens = _parser().parse(text, environment)
    walk = _Walk(lines)
    walk.read(tokens)
    return [*front, *walk.blocks], dict(environment.get("references", {}))


def _front_matter(lines: list[str]) -> tuple[str, list[Block]]:
    """Set a YAML head between two `---` aside."""
    if lines[:1] != ["---"]:
        return "\n".join(lines), []
    for number, line in enumerate(lines[1:FRONT_MATTER_LINES], start=1):
        if not FRONT_MATTER_LINE.match(line) or "](" in line:
            break
        if line.strip() in {"---", "..."}:
            head = Block("front matter", 1, number + 1, [Piece("\n".join(lines[1:number]), 1)])
            return "\n".join([""] * (number + 1) + lines[number + 1 :]), [head]
    return "\n".join(lines), []


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("escape", "bare_url", _bare_url)
    # What a link may point to is decided where it is read, with a message; here nothing is refused or rewritten.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _bare_url(state: StateInline, silent: bool) -> bool:
    """Make a link of an address that stands in the text; runs at its colon, when the scheme is pending."""
    if state.linkLevel or state.src[state.pos] != ":":
        return False
    scheme = re.search(r"(?:^|(?<=\W))https?$", state.pending)
    found = AFTER_SCHEME.match(state.src, state.pos) if scheme else None
    if scheme is None or found is None:
        return False
    tail = trim_url(found[0])
    if len(tail) <= len("://"):
        return False
    if not silent:
        state.pending = state.pending[: scheme.start()]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": scheme[0] + tail}
        opening.markup = "bare"
        state.push("text", "", 0).content = scheme[0] + tail
        state.push("link_close", "a", -1)
    state.pos += len(tail)
    return True


@dataclass(slots=True)
class _Walk:
    """Goes once over the tokens of markdown-it and writes the blocks down."""

    lines: list[str]
    blocks: list[Block] = field(default_factory=list)
    depth: int = 0
    quotes: int = 0
    html: HtmlState = field(default_factory=HtmlState)
    opens_item: bool = False
    header: list[str] = field(default_factory=list)
    cells: list[list[Piece]] = field(default_factory=list)
    row: tuple[int, int] = (1, 1)
    in_head: bool = False

    def read(self, tokens: Sequence[Token]) -> None:
        """Write down every block that carries something."""
        for place, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token, tokens[place - 1])
            else:
                self._structure(token)

    def _structure(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.depth += 1
            case "bullet_list_close" | "ordered_list_close":
                self.depth -= 1
            case "list_item_open":
                self.opens_item = True
            case "list_item_close":
                self.opens_item = False
            case "blockquote_open":
                self.quotes += 1
            case "blockquote_close":
                self.quotes -= 1
            case "thead_open":
                self.in_head, self.header = True, []
            case "thead_close":
                self.in_head = False
            case "tr_open":
                self.cells, self.row = [], self._lines(token)
            case "tr_close":
                self._end_row()
            case "hr":
                self._add("rule", token, [])
            case "fence" | "code_block":
                self._add("code", token, [Piece(token.content, self._lines(token)[0])])
            case "html_block":
                self._html(token)

    def _lines(self, token: Token) -> tuple[int, int]:
        first, after = token.map or [self.row[0] - 1, self.row[1]]
        return first + 1, after

    def _add(self, what: str, token: Token, pieces: list[Piece], level: int = 0) -> None:
        first, last = self._lines(token)
        self.blocks.append(Block(what, first, last, pieces, level))

    def _inline(self, token: Token, opening: Token) -> None:
        pieces = list(read_pieces(token.children or [], self._lines(token)[0]))
        if opening.type in {"th_open", "td_open"}:
            self.cells.append(pieces)
            return
        if opening.type == "heading_open" and not self.depth and not self.quotes:
            self._add("heading", opening, pieces, int(opening.tag[1]))
        elif self.opens_item and self.depth:
            self.opens_item = False
            self._add("bullet", token, pieces, self.depth)
        else:
            self._add("paragraph", token, pieces, self.depth)
        self._settle_lines(pieces, self.blocks[-1])

    def _settle_lines(self, pieces: list[Piece], block: Block) -> None:
        """Put each link on the line where its address stands; line breaks inside code hide it."""
        for piece in pieces:
            if piece.url and not self._stands_on(piece.url, piece.line):
                nearby = range(piece.line, block.end + 1)
                piece.line = next((line for line in nearby if self._stands_on(piece.url, line)), piece.line)

    def _stands_on(self, url: str, line: int) -> bool:
        return 0 < line <= len(self.lines) and url in self.lines[line - 1]

    def _end_row(self) -> None:
        if self.in_head:
            self.header = ["".join(piece.text for piece in cell).strip() for cell in self.cells]
        block = Block("row", *self.row, [piece for cell in self.cells for piece in cell])
        block.cells, block.header, block.is_header = self.cells, self.header, self.in_head
        self.blocks.append(block)

    def _html(self, token: Token) -> None:
        first, last = self._lines(token)
        reader = HtmlReader(self.html, first, self.depth)
        reader.feed(token.content)
        reader.finish()
        self.blocks += reader.blocks
        # An HTML block with nothing to say (`<div>`) still accounts for its lines.
        self.blocks.append(Block("html", first, last, []))


def read_pieces(children: Sequence[Token], line: int) -> Iterator[Piece]:
    """Yield the pieces of one inline text, links whole, text by runs; a line break is a piece of its own."""
    link: Piece | None = None
    strong = emphasis = 0
    for token in children:
        piece = None
        match token.type:
            case "link_open":
                link = Piece("", line, str(token.attrs.get("href", "")), strong > 0, emphasis > 0)
                link.bare = token.markup in {"bare", "autolink"}
            case "link_close":
                piece, link = link, None
            case "strong_open":
                strong += 1
            case "strong_close":
                strong -= 1
            case "em_open":
                emphasis += 1
            case "em_close":
                emphasis -= 1
            case "softbreak" | "hardbreak":
                line += 1
                piece = Piece("\n", line - 1, is_break=True)
            case "image":
                piece = Piece(token.content, line, picture=str(token.attrs.get("src", "")))
            case "html_inline":
                piece, link = _inline_html(token.content, link, line)
                line += token.content.count("\n")
            case "text" | "code_inline":
                piece = Piece(token.content, line, None, strong > 0, emphasis > 0)
                piece.code = token.type == "code_inline"
        if piece is None:
            continue
        if link is not None:
            link.text += " " if piece.is_break else piece.text
            link.picture = link.picture or piece.picture
        else:
            yield piece
    if link is not None:
        yield link


def _inline_html(tag: str, link: Piece | None, line: int) -> tuple[Piece | None, Piece | None]:
    """Return what an HTML tag inside a text adds (a finished link, a break, a picture) and the link that is open."""
    name, values = attributes(tag)
    if name == "a" and "href" in values:
        return link, Piece("", line, values["href"])
    if name == "/a":
        return link, None
    if name == "br":
        return Piece("\n", line, is_break=True), link
    if name == "img":
        return Piece(values.get("alt", ""), line, picture=values.get("src", "")), link
    return None, link
