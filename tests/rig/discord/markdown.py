"""Discord's Markdown read back: what a person sees of what the bot wrote, and where it wears a style.

Only the marks that the bot uses are known, with Discord's rule for backslashes; whatever else Discord would style (headings, lists,
quotes, mentions, spoilers, bare addresses) is reported in `foreign`, for the bot never means it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
LINK = re.compile(r"\[((?:\\.|[^\[\]\\])+)\]\(<([^<>\s]+)>\)")
CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FOREIGN = re.compile(r"<[@#:t]|@everyone|@here|\|\||~~|(?:^|\n)(?:#{1,3} |> |- |\* |\d+\. )|https?://")


@dataclass
class Read:
    """The characters, and the stretches that wear each style."""

    text: str = ""
    bold: list[str] = field(default_factory=list)
    italic: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


def read(content: str) -> Read:
    """What a person sees."""
    found = Read()
    found.text = _read(content, found)
    return found


def _read(content: str, found: Read) -> str:
    seen: list[str] = []
    place = 0
    bare = ""
    while place < len(content):
        if escape := ESCAPE.match(content, place):
            seen.append(escape[1])
            bare += "\0"
            place = escape.end()
        elif code := CODE.match(content, place):
            words = code[2].strip() if len(code[1]) > 1 else code[2]
            found.code.append(words)
            seen.append(words)
            place = code.end()
        elif link := LINK.match(content, place):
            words = _read(link[1], found)
            found.links.append((words, link[2]))
            seen.append(words)
            place = link.end()
        elif mark := _mark(content, place):
            style, inner, end = mark
            words = _read(inner, found)
            getattr(found, style).append(words)
            seen.append(words)
            place = end
        else:
            seen.append(content[place])
            bare += content[place]
            place += 1
    found.foreign += FOREIGN.findall(bare)
    return "".join(seen)


def _mark(content: str, place: int) -> tuple[str, str, int] | None:
    """A bold or italic stretch that begins here and is closed."""
    for mark, style in (("**", "bold"), ("*", "italic"), ("__", "bold"), ("_", "italic")):
        if content.startswith(mark, place):
            end = _closing(content, place + len(mark), mark)
            if end is not None:
                return style, content[place + len(mark) : end], end + len(mark)
    return None


def _closing(content: str, place: int, mark: str) -> int | None:
    start = place
    while place < len(content):
        if ESCAPE.match(content, place):
            place += 2
        elif content.startswith(mark, place) and place > start:
            if mark == "*" and content.startswith("**", place):
                place += 2
                continue
            return place
        else:
            place += 1
    return None
