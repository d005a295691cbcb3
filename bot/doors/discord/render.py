"""Styled text as Discord takes it: its own Markdown, in which every foreign character is escaped and stays a character.

Discord parses whatever it gets (Discord's documentation, "Message Formatting"), so there is no other way to bring a title across:
each mark is ours or has a backslash before it. Lengths are counted after that, in characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from urllib.parse import urlsplit

from bot.chat import Span, Text

CONTENT_LIMIT = 2000
"""Characters of one message (Discord's documentation, "Create Message")."""
LINK_LIMIT = 2048
SEAM = "\u200b"
"""Stands, without width, between two stretches whose marks would run into each other."""

_SPECIAL = re.compile(r"[\\*_~`|<>\[\]()@#:]|^\s*[-+]|(?<=\d)[.)](?=\s)", re.MULTILINE)
_CLEAN: dict[int, str | None] = {
    **dict.fromkeys(range(0x01, 0x20), " "),
    0x00: "\ufffd",
    ord("\n"): "\n",
    ord("\r"): None,
    **dict.fromkeys(range(0x2028, 0x202F), None),
    **dict.fromkeys(range(0x2066, 0x206A), None),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
"""Control characters, line separators and overrides of direction could disturb the words after them; lone surrogates are no text."""


def clean(text: str) -> str:
    """Characters that every platform and database takes, and that cannot disturb their neighbours."""
    return text if text.isprintable() else text.translate(_CLEAN)


def escaped(text: str) -> str:
    """The characters themselves, whatever Discord's Markdown would make of them."""
    return _SPECIAL.sub(_with_backslash, text)


def parts(text: Text, *, most: int = 3) -> list[str]:
    """The text in at most `most` messages' worth of Markdown, broken between lines; what is longer ends with an ellipsis."""
    first, *others = _lines(text)
    made = [_fitting(first)]
    for line in others:
        written = _fitting(line)
        if len(made[-1]) + 1 + len(written) <= CONTENT_LIMIT:
            made[-1] += f"\n{written}"
        elif len(made) < most:
            made.append(written)
        else:
            made[-1] = f"{made[-1][: CONTENT_LIMIT - 2]}\n…"
            break
    return made


def web_link(link: str | None) -> str | None:
    """The address if it is a plain http or https one; None for everything else, such as one with a user name before the host."""
    if not link or len(link) > LINK_LIMIT or not link.isprintable() or re.search(r"[\s<>]", link):
        return None
    try:
        address = urlsplit(link)
    except ValueError:
        return None
    fits = address.scheme in ("http", "https") and address.hostname and "@" not in address.netloc
    return link if fits else None


def bare(text: Text) -> Text:
    """The same characters in no style; where a link would be lost, its address is written out."""
    spans: list[Span] = []
    for span in text:
        link = web_link(span.link)
        spans.append(Span(f"{span.text} ({link})" if link and link not in span.text else span.text))
    return tuple(spans)


def _with_backslash(found: re.Match[str]) -> str:
    """A backslash goes before the mark itself, after the blanks a line may begin with."""
    mark = found[0].lstrip()
    return f"{found[0][: len(found[0]) - len(mark)]}\\{mark}"


def _lines(text: Text) -> Iterator[list[Span]]:
    line: list[Span] = []
    for span in text:
        first, *others = clean(span.text).split("\n")
        line.append(replace(span, text=first))
        for other in others:
            yield line
            line = [replace(span, text=other)]
    yield line


def _fitting(line: list[Span]) -> str:
    """One line, cut so that it fits a message."""
    written = _written(line)
    room = sum(len(span.text) for span in line)
    while len(written) > CONTENT_LIMIT:
        room -= max(1, len(written) - CONTENT_LIMIT)
        written = _written([*_first(line, room), Span("…")])
    return written


def _first(line: list[Span], room: int) -> list[Span]:
    kept: list[Span] = []
    for span in line:
        kept.append(replace(span, text=span.text[: max(0, room)]))
        room -= len(span.text)
    return kept


def _written(line: Iterable[Span]) -> str:
    """A line in Markdown; neighbours of one style are one stretch."""
    stretches = groupby((span for span in line if span.text), key=lambda span: replace(span, text=""))
    written, styled = "", False
    for style, spans in stretches:
        stretch = _stretch(replace(style, text="".join(span.text for span in spans)))
        apart = SEAM if styled and written.endswith("*") and stretch.startswith("*") else ""
        written += f"{apart}{stretch}"
        styled = style.bold or style.italic
    return written


def _stretch(span: Span) -> str:
    """One stretch with its marks; blanks at its edges stay outside, where Discord wants them."""
    if span.code:
        return _code(span.text)
    inner = span.text.strip()
    if not inner:
        return span.text
    before, after = span.text[: len(span.text) - len(span.text.lstrip())], span.text[len(span.text.rstrip()) :]
    written = escaped(inner)
    if link := web_link(span.link):
        written = f"[{written}](<{link}>)"
    if span.bold and span.italic:
        written = f"**_{written}_**"  # three stars in a row could be read in two ways
    elif span.bold or span.italic:
        mark = "**" if span.bold else "*"
        written = f"{mark}{written}{mark}"
    return f"{before}{written}{after}"


def _code(text: str) -> str:
    """Code is taken literally; a tick inside needs two around it."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
