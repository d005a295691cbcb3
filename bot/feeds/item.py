"""An item of a feed, once it is clean: plain text, an absolute link, a date that can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

from bot.catalog.address import AddressError, canonical

TITLE, SUMMARY, NAME, LINK, ID = 300, 400, 120, 2000, 500
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far in the future a date may lie: zones and clocks differ, calendars do not."""

SILENT = frozenset({"script", "style"})
INLINE = frozenset(
    {"a", "abbr", "b", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u"}
)

_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
_WHOLE = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!][^>]*>")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `published` is None where no date can be believed, `letters` how much text there is, all told."""

    id: str | None
    link: str | None
    title: str
    published: datetime | None = None
    summary: str = ""
    letters: int = 0
    author: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A feed as it was read. `minutes` is its own wish for the time between two visits (`ttl`)."""

    title: str
    site: str | None
    items: tuple[Item, ...]
    minutes: int | None = None
    language: str | None = None


def one_line(text: object, most: int) -> str:
    """Text that can stand anywhere: one line, nothing unseen that turns or hides it, not endless."""
    shown = _SPACE.sub(" ", _UNSEEN.sub("", str(text or "")[: most * 20])).strip()
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def without_tags(markup: str, most: int) -> str:
    """The words of a piece of HTML. Whatever cannot be understood is left as it stands."""
    words = _Words()
    try:
        words.feed(markup[: most * 20])
        words.close()
    except (AssertionError, ValueError):  # the standard parser gives up on some declarations
        return one_line(unescape(_TAG.sub(" ", markup[: most * 20])), most)
    return one_line("".join(words.said), most)


class _Words(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.said.append("" if tag in INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT and self._silent > 0
        self.said.append("" if tag in INLINE else " ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def web_link(link: object, base: str) -> str | None:
    """An absolute http(s) address, or None: `javascript:`, a bare number, an address without a host."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        stated = link.strip()
        whole = stated if _WHOLE.match(stated) else urljoin(base, stated)
        canonical(whole)
    except (AddressError, ValueError):
        return None
    return whole if whole[:4].lower() == "http" and len(whole) <= LINK else None


def believable(when: datetime | None, now: datetime) -> datetime | None:
    """The date, if it can be one of something that exists."""
    return when if when and EARLIEST <= when <= now + AHEAD else None
