"""One row of a table to entries: the first link is the resource, the other columns describe it."""

from __future__ import annotations

from dataclasses import replace

from bot.catalog.markdown.entries import make_item
from bot.catalog.markdown.labels import Said, kinds_of, read_segment
from bot.catalog.markdown.links import Target
from bot.catalog.markdown.pieces import Block, Piece
from bot.catalog.markdown.report import Item
from bot.catalog.markdown.spots import Spot
from bot.catalog.markdown.titles import Around
from bot.catalog.markdown.words import is_generic, squeeze

AUTHOR = frozenset({"author", "authors", "autor", "autora", "autores", "by", "instructor", "teacher", "creator", "who"})
SHORT_CELL = 20
"""Characters of the longest cell that means nothing without the name of its column ("Auth: apiKey")."""

NOTE = frozenset(
    {"description", "descrição", "notes", "note", "notas", "comments", "comment", "about", "sobre", "summary", "resumo"}
)


def read_row(block: Block, targets: dict[int, Target], around: Around) -> list[Item]:
    """Return an entry for each link of a row; `targets` goes by the position in the row's pieces."""
    name = _name_of_row(block)
    items: list[Item] = []
    position = 0
    for column, cell in enumerate(block.cells):
        for piece in cell:
            if position in targets:
                said = _said_by_columns(block, column, name, around)
                around.said = replace(said, kind=None, kinds=(), notes=[]) if items else said
                items.append(_item(piece, targets[position], name, _header(block, column), around, is_first=not items))
            position += 1
    return items


def _item(piece: Piece, target: Target, name: str, header: str, around: Around, *, is_first: bool) -> Item:
    """Return the entry of one link; a link called "link" or "code" takes the name of its row."""
    is_form = (
        is_generic(piece.text) or piece.picture is not None or piece.bare or (not is_first and kinds_of(piece.text))
    )
    if is_form or not piece.text.strip():
        kinds = kinds_of(piece.text) or kinds_of(header)
        around.said.take(Said(kind=kinds[0], kinds=kinds) if kinds else Said())
        piece = Piece(name or piece.text, piece.line, piece.url)
    return make_item(Spot(piece, target), around)


def _name_of_row(block: Block) -> str:
    """Return the first words of a row that can be a title."""
    for cell in block.cells:
        text = squeeze("".join(piece.text for piece in cell if piece.picture is None and not piece.bare))
        if text and not is_generic(text) and not text.strip("#.").isdigit():
            return text
    return ""


def _header(block: Block, column: int) -> str:
    return block.header[column].strip().lower() if column < len(block.header) else ""


def _said_by_columns(block: Block, own: int, name: str, around: Around) -> Said:
    """Read the cells beside a link by what their column is called, else by what they look like."""
    said = Said()
    for column, cell in enumerate(block.cells):
        text = squeeze("".join(piece.text for piece in cell if piece.url is None and piece.picture is None))
        if column == own or text in {"", name} or (text.strip("#.").isdigit() and len(text) < 4):
            continue
        header = _header(block, column)
        label = None if header in NOTE else read_segment(text, around.people, author_taken=True)
        if header in AUTHOR:
            said.author = said.author or text
        elif label is not None and not label.name:
            said.take(label)
        elif not is_generic(text):
            named = header and header not in NOTE and len(text) <= SHORT_CELL
            said.notes.append(f"{block.header[column].strip()}: {text}" if named else text)
    return said
