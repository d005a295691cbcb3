"""Lists of feeds as other readers write and read them (OPML 2.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from bot.catalog.address import AddressError, canonical
from bot.feeds.item import one_line

if TYPE_CHECKING:  # the processes that read lists need no database
    from bot.store.tables import Feed

MOST = 1_000
"""Feeds of one list that are looked at."""

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding=[\"']([\w.-]{1,20})", re.IGNORECASE)
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
"""The first bytes by which an encoding is known, whatever the list says of itself."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in such a list; `folder` is the heading it stands under."""

    url: str
    title: str
    folder: str = ""


def write_opml(followed: Iterable[Feed]) -> str:
    """The list of feeds, each with its topic as a category."""
    written = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head><title>Trilha</title></head>",
        "  <body>",
    ]
    for feed in followed:
        title = quoteattr(one_line(feed.title or feed.url, 200))
        more = f" htmlUrl={quoteattr(feed.site)}" if feed.site else ""
        more += f" category={quoteattr(feed.topic)}" if feed.topic else ""
        written.append(f'    <outline type="rss" text={title} title={title} xmlUrl={quoteattr(feed.url)}{more}/>')
    return "\n".join([*written, "  </body>", "</opml>", ""])


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a list holds: its feeds, once each, and how many more than are looked at. `refused` can be no address of a feed."""

    outlines: tuple[Outline, ...] = ()
    refused: tuple[str, ...] = ()
    more: int = 0


def read_opml(content: bytes) -> FeedList:
    """The feeds of a list, however broken its XML: entities are not expanded, nothing is fetched, each address comes once."""
    text = next((text for text in _decoded(content) if "<outline" in text.lower()), "")
    reader = _Outlines()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError, RecursionError):  # what was read before the slip counts
        pass
    found: dict[str, Outline] = {}
    refused: dict[str, None] = {}
    for outline in reader.found:
        try:
            found.setdefault(canonical(outline.url), outline)
        except AddressError:
            refused.setdefault(one_line(outline.url, 200))
    kept = tuple(found.values())[:MOST]
    return FeedList(kept, tuple(refused)[:MOST], len(found) - len(kept))


def _decoded(content: bytes) -> Iterable[str]:
    """The text by what its first bytes say, by what it says of itself, and as most lists are."""
    declared = _DECLARED.match(content[:400])
    names = [next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")]
    names += [declared[1].decode() if declared else "", "utf-8", "latin-1"]
    for name in filter(None, names):
        try:
            yield content.decode(name, "replace")
        except (LookupError, ValueError):  # nobody knows that one, or it is no encoding of text
            continue


class _Outlines(HTMLParser):
    """Reads `<outline>` as browsers read HTML: whatever stands there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Outline] = []
        self._folders: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "outline" and not self._take(attrs):
            self._folders.append(one_line(dict(attrs).get("text"), 60))
        elif tag == "outline":
            self._folders.append(self._folders[-1] if self._folders else "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "outline":
            self._take(attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "outline" and self._folders:
            self._folders.pop()

    def _take(self, attrs: list[tuple[str, str | None]]) -> bool:
        attributes = {name: value or "" for name, value in attrs}
        url = attributes.get("xmlurl", "").strip()
        if not url:
            return False
        if url.startswith("feed://"):
            url = f"http://{url.removeprefix('feed://')}"
        folder = attributes.get("category") or (self._folders[-1] if self._folders else "")
        title = one_line(attributes.get("title") or attributes.get("text"), 200)
        self.found.append(Outline(url, title, one_line(folder, 60)))
        return True
