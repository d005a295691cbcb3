"""HTML inside a Markdown list, read into the same blocks: headings, list items, paragraphs, anchors, `<details>`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from bot.catalog.markdown.bare_urls import split_text
from bot.catalog.markdown.pieces import Block, Piece

HEADING = re.compile(r"h[1-6]$")
BREAKS = frozenset({"p", "div", "center", "blockquote", "section", "article", "dt", "dd", "table", "header", "footer"})
SILENT = frozenset({"script", "style", "template"})


@dataclass(slots=True)
class HtmlState:
    """What stays open from one HTML block to the next: a blank line ends the block but not the list."""

    lists: int = 0


class HtmlReader(HTMLParser):
    """Reads one HTML block; `blocks` holds the result after `finish`."""

    def __init__(self, state: HtmlState, line: int, depth: int) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._state = state
        self._first = line
        self._depth = depth
        self._pieces: list[Piece] = []
        self._what, self._level = "paragraph", 0
        self._link: Piece | None = None
        self._cells: list[list[Piece]] | None = None
        self._strong = self._emphasis = self._silent = 0

    def finish(self) -> None:
        """End the block: whatever is open is closed."""
        self.close()
        self._close_link()
        self._end_row()
        self._flush()

    @property
    def _line(self) -> int:
        return self._first + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a link, a heading, a list item, a cell; note a picture; end a paragraph where one ends."""
        values = {name: value or "" for name, value in attrs}
        if tag.startswith(("http:", "https:")):
            self._put_text((self.get_starttag_text() or "")[1:-1], self._line)
        elif tag == "a" and "href" in values:
            self._close_link()
            self._link = Piece("", self._line, values["href"], self._strong > 0, self._emphasis > 0)
        elif tag == "img":
            self._put(Piece(values.get("alt", ""), self._line, picture=values.get("src", "")))
        elif tag == "br":
            self._put(Piece("\n", self._line))
        elif HEADING.match(tag):
            self._open("heading", int(tag[1]))
        elif tag == "summary":
            self._open("summary", 0)
        else:
            self._open_container(tag)

    def _open_container(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._flush()
            self._state.lists += 1
        elif tag == "li":
            self._open("bullet", self._depth + max(1, self._state.lists))
        elif tag == "tr":
            self._flush()
            self._cells = []
        elif tag in {"td", "th"} and self._cells is not None:
            self._end_cell()
        elif tag in BREAKS:
            self._flush()
        elif tag in {"b", "strong"}:
            self._strong += 1
        elif tag in {"i", "em"}:
            self._emphasis += 1
        elif tag in SILENT:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        """Close what the tag opened."""
        if tag == "a":
            self._close_link()
        elif tag in {"ul", "ol"}:
            self._flush()
            self._state.lists = max(0, self._state.lists - 1)
        elif tag == "tr":
            self._end_row()
        elif tag == "details":
            self._flush()
            self.blocks.append(Block("details end", self._line, self._line, []))
        elif HEADING.match(tag) or tag in BREAKS or tag in {"li", "summary"}:
            self._flush()
        elif tag in {"b", "strong"}:
            self._strong = max(0, self._strong - 1)
        elif tag in {"i", "em"}:
            self._emphasis = max(0, self._emphasis - 1)
        elif tag in SILENT:
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        """Add text; a line break in HTML is a blank, but each line keeps its number."""
        if self._silent:
            return
        line = self._line
        for offset, text in enumerate(data.split("\n")):
            if text.strip() or self._pieces or self._link:
                self._put_text(text if not offset else " " + text, line + offset)

    def _put_text(self, text: str, line: int) -> None:
        """Add one line of text; links in Markdown are meant as such even where HTML around them hides it."""
        runs = split_text(text) if self._link is None else [(text, None)]
        for words, url in runs:
            if words or url is not None:
                self._put(Piece(words, line, url, self._strong > 0, self._emphasis > 0, bare=words == url))

    def handle_comment(self, data: str) -> None:
        """Keep a comment as a block of its own."""
        self._flush()
        self.blocks.append(Block("comment", self._line, self._line + data.count("\n"), [Piece(data, self._line)]))

    def _put(self, piece: Piece) -> None:
        if self._link is not None:
            self._link.text += piece.text.replace("\n", " ")
            self._link.picture = self._link.picture or piece.picture
        else:
            self._pieces.append(piece)

    def _open(self, what: str, level: int) -> None:
        self._flush()
        self._what, self._level = what, level

    def _close_link(self) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            self._pieces.append(link)

    def _end_cell(self) -> None:
        """Put what was collected into the cell that is open."""
        if self._cells:
            self._cells[-1] += self._pieces
        self._pieces = []
        if self._cells is not None:
            self._cells.append([])

    def _end_row(self) -> None:
        if self._cells is None:
            return
        self._close_link()
        cells, self._cells = self._cells, None
        if cells:
            cells[-1] += self._pieces
            self._pieces = []
            pieces = [piece for cell in cells for piece in cell]
            line = pieces[0].line if pieces else self._line
            self.blocks.append(Block("row", line, self._line, pieces, cells=cells))

    def _flush(self) -> None:
        """Write down the block that is open."""
        if self._cells is not None:
            return
        self._close_link()
        pieces, self._pieces = self._pieces, []
        what, self._what = self._what, "paragraph"
        if any(piece.text.strip() or piece.url is not None or piece.picture for piece in pieces) or what == "heading":
            level = self._level if what != "paragraph" else self._depth
            first = pieces[0].line if pieces else self._line
            self.blocks.append(Block(what, first, max(self._line, first), pieces, level))


def attributes(tag: str) -> tuple[str, dict[str, str]]:
    """Return the name of one tag (`/a` for a closing one) and its attributes."""
    if tag.startswith("</"):
        return "/" + tag[2:].strip(" >").lower(), {}
    parser = _OneTag()
    parser.feed(tag)
    return parser.name, parser.values


class _OneTag(HTMLParser):
    """Reads the first tag it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.name = tag
        self.values = {name: value or "" for name, value in attrs}
