"""The links of one block with the words around each: before it on its line, above it, behind it.

Words between two links belong to one of them or to none (the unlinked members of an enumeration).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.catalog.markdown.labels import kinds_of
from bot.catalog.markdown.links import Target
from bot.catalog.markdown.pieces import Piece
from bot.catalog.markdown.published import Facts, read_facts
from bot.catalog.markdown.words import is_generic, squeeze

LABEL = re.compile(r"^\s*([^\s:]+(?: [^\s:]+){0,3}):\s")
JOINT = re.compile(r"^(?:[\s,;.&|/+•·\\]|\b(?:and|e|or|ou)\b)*$", re.IGNORECASE)
REMARK_STARTS = re.compile(r"^\s*(?:[-–—:(]|\.\s)")


@dataclass(slots=True)
class Spot:
    """One link in its block, with the words around it."""

    piece: Piece
    target: Target
    head: str = ""
    """Words on the same line before it that belong to it."""
    above: str = ""
    """Words on the lines before, since the last link."""
    tail: str = ""
    """Words behind it that belong to it."""
    facts: Facts | None = None
    """What `publish` wrote behind it."""
    emphasised: bool = False
    """The words before it begin emphasised."""
    stands_for: str = ""
    """The title of the link that this one is another form of: "[Title](…) ([Paper](…))"."""
    is_aside: bool = False
    """It stands in the remark on another link."""
    label: str = ""
    """What the block begins with before its first link: "Regression: RMSE, [MAPE](…)"."""


def find_spots(pieces: list[Piece], targets: dict[int, Target]) -> tuple[list[Spot], list[str]]:
    """Return the links of a block with the words that belong to each, and the words between that belong to none.

    `targets` tells by its position in `pieces` which piece is a resource.
    """
    spots: list[Spot] = []
    loose: list[str] = []
    words: list[Piece] = []
    for position, piece in enumerate(pieces):
        if position in targets:
            spot = Spot(piece, targets[position])
            _share(words, spots[-1] if spots else None, spot, loose)
            spots.append(spot)
            words = []
        elif piece.url is None and piece.picture is None:
            words.append(piece)
    if spots:
        _share(words, spots[-1], None, loose)
        _read_label(spots, loose)
        _read_forms(spots)
        _read_asides(spots, pieces)
    return spots, loose


def _read_forms(spots: list[Spot]) -> None:
    """Find links that are other forms of the first: a kind or "code" for a text, in parentheses or after a dash."""
    first, others = spots[0], spots[1:]
    if not others or is_generic(first.piece.text) or any("\n" in spot.above or spot.above for spot in others):
        return
    for spot in others:
        if spot.piece.line != first.piece.line or not (is_generic(spot.piece.text) or kinds_of(spot.piece.text)):
            return
    for spot in others:
        spot.stands_for = squeeze(first.piece.text)
    if not first.tail.strip(" ([-–—|,:"):
        for spot in (first, *others):
            spot.tail = others[-1].tail.lstrip(" )],|")


def _read_asides(spots: list[Spot], pieces: list[Piece]) -> None:
    """Find links inside the remark on the first one: "[pynamodb](…) - An interface for [DynamoDB](…)."."""
    first, others = spots[0], spots[1:]
    start = next(place for place, piece in enumerate(pieces) if piece is first.piece) + 1
    rest = "".join(piece.text for piece in pieces[start:] if piece.picture is None)
    if not others or others[0].stands_for or first.facts or not re.match(r"\s+(?:-{1,2}|–|—|:)\s+\w", rest):
        return
    if "\n" in rest.strip() or len(first.tail.split()) < 2:
        return
    first.tail = rest
    for spot in others:
        spot.head, spot.tail, spot.above, spot.is_aside = "", "", "", True


def _read_label(spots: list[Spot], loose: list[str]) -> None:
    """Find what an enumeration is called; it holds for every link in it, and its unlinked members stand alone."""
    found = LABEL.match(spots[0].head)
    if not found or spots[0].piece.bare or spots[0].emphasised or '"' in spots[0].head or "“" in spots[0].head:
        return
    for spot in spots:
        spot.label = found[1].strip(" *_")
    members = spots[0].head[found.end() :].strip(" ,;")
    if members and "," in spots[0].head:
        loose.append(members)
        spots[0].head = found[0]


def _share(words: list[Piece], before: Spot | None, after: Spot | None, loose: list[str]) -> None:
    """Give the words between two links to one of them, or to none."""
    text = _words(words)
    if before is not None and (facts := _published(words)):
        before.facts, before.tail = facts
        return
    if before is None and after is not None:
        above, _, after.head = text.rpartition("\n")
        after.above = above.strip("\n\\ ")
        after.emphasised = next((piece.emphasis or piece.strong for piece in words if piece.text.strip()), False)
    elif before is not None and after is None:
        if not _is_enumeration(text):
            before.tail = text
        else:
            loose.append(text.strip(" ,;"))
    elif before is not None and after is not None and not JOINT.match(text):
        first, _, last = text.partition("\n") if "\n" in text else (text, "", "")
        if REMARK_STARTS.match(first):
            before.tail, after.head = first, last.rpartition("\n")[2]
        elif "," in first.strip(" ,") or (_is_enumeration(first) and first.rstrip().endswith((",", ";"))):
            loose.append(first.strip(" ,;"))
        else:
            after.head = last.rpartition("\n")[2] or (first if "\n" not in text else "")
            before.tail = first if "\n" in text else ""


def _is_enumeration(text: str) -> bool:
    return text.lstrip().startswith((",", ";")) and bool(text.strip(" ,;."))


def _published(words: list[Piece]) -> tuple[Facts, str] | None:
    """Read the line of facts that `publish` writes behind a title, and the note behind it."""
    facts = facts_behind(words, -1)
    return (facts, "".join(piece.text for piece in words[2:]).removeprefix(" — ").strip()) if facts else None


def facts_behind(pieces: list[Piece], position: int) -> Facts | None:
    """Return the facts that `publish` wrote behind the piece at a position, if it did."""
    behind = pieces[position + 1 : position + 3]
    if len(behind) < 2 or behind[0].text != " — " or not behind[1].emphasis or behind[1].url is not None:
        return None
    return read_facts(behind[1].text)


def _words(pieces: list[Piece]) -> str:
    """Join pieces; where all words are set as code they are tags ("`Facebook` `2020`"), each a segment of its own."""
    if any(piece.code for piece in pieces) and all(piece.code or not piece.text.strip(" ()") for piece in pieces):
        return " · " + " · ".join(piece.text.strip() for piece in pieces if piece.code)
    return "".join(piece.text for piece in pieces)
