"""Styled text as Telegram takes it: characters and a list of entities, cleaned, cut to length, never parsed again.

Lengths are counted in UTF-16 units, as marks are. Telegram itself counts the limit of a text in code points, so what
fits here fits there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from telegram import MessageEntity

from bot.chat import Span, Text

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
"""What stands past the hundredth entity, Telegram shows unstyled (undocumented; telegram.constants)."""
LINK_LIMIT = 2048

_CLEAN: dict[int, str | None] = {
    **dict.fromkeys(range(0x01, 0x20), " "),
    0x00: "\ufffd",
    ord("\n"): "\n",
    ord("\r"): None,
    **dict.fromkeys(range(0x2028, 0x202F), None),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}
"""NUL and lone surrogates become �; the rest is what the server would change anyway (tdlib/td, misc.cpp, clean_input_string):
control characters, line separators, and the overrides of direction with which a title could turn the words after it round."""

_HOST = re.compile(r"(?:[A-Za-z0-9._-]|[^\x00-\x7f])+|\[[0-9A-Fa-f:.]+\]")


@dataclass(slots=True)
class Mark:
    """A style, or a link, over a stretch of characters. The library's own object takes ten times as long to make."""

    type: str
    offset: int
    length: int
    url: str | None = None

    @property
    def end(self) -> int:
        """Where the stretch is over."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """The mark as the Bot API writes it (MessageEntity)."""
        link = {"url": self.url} if self.url else {}
        return {"type": self.type, "offset": self.offset, "length": self.length, **link}


class Words(NamedTuple):
    """Characters and the marks over them; offsets and lengths in UTF-16 units."""

    text: str
    marks: tuple[Mark, ...] = ()

    @property
    def entities(self) -> list[MessageEntity]:
        """The marks as the library's objects, for those of its calls that we leave to it."""
        return [MessageEntity(**mark.as_json()) for mark in self.marks]


def words(text: Text, limit: int = TEXT_LIMIT) -> Words:
    """The text as characters and entities, cut to `limit` UTF-16 units with an ellipsis."""
    spans = shorten([_cleaned(span) for span in text], limit)
    return Words("".join([span.text for span in spans]), tuple(_at_most(_marks(spans))))


def _cleaned(span: Span) -> Span:
    cleaned = clean(span.text)
    return span if cleaned is span.text else replace(span, text=cleaned)


def clean(text: str) -> str:
    """Characters that every server and every database takes, and that cannot disturb their neighbours."""
    return text if text.isprintable() else text.translate(_CLEAN)


def length(text: str) -> int:
    """UTF-16 units; a lone surrogate is one."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def shorten(spans: list[Span], limit: int) -> list[Span]:
    """The same within `limit` UTF-16 units; the last one is an ellipsis if anything was cut. No character is halved."""
    # a character is two units at most, and to count them takes longer than to count characters
    if 2 * sum([len(span.text) for span in spans]) <= limit or sum(length(span.text) for span in spans) <= limit:
        return spans
    room = limit - 1
    kept: list[Span] = []
    for span in spans:
        size = length(span.text)
        if size > room:
            head = span.text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore")
            return [*kept, replace(span, text=head), Span("…")]
        kept.append(span)
        room -= size
    return kept


@lru_cache(1024)
def web_link(link: str | None) -> str | None:
    """The address if it is a plain http or https one that Telegram takes; None for everything else.

    A user name before the host (`https://bank.com@evil.com`) is refused as well: nobody reads it right.
    """
    if not link or len(link) > LINK_LIMIT or not link.isprintable() or " " in link:
        return None
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return None
    host, colon, _ = parts.netloc.rpartition(":") if port is not None else (parts.netloc, "", "")
    fits = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and ("." in host.strip(".") or "[" in host)
    return link if fits and (not colon or port) else None


def _marks(spans: Iterable[Span]) -> list[Mark]:
    """The stretches to be marked; neighbours of one style are one stretch."""
    marks: list[Mark] = []
    latest: dict[str, Mark] = {}
    offset = 0
    for span in spans:
        size = length(span.text)
        for kind, link in _styles(span):
            mark = latest.get(kind)
            if mark and mark.end == offset and mark.url == link:
                mark.length += size
            else:
                latest[kind] = mark = Mark(kind, offset, size, link)
                marks.append(mark)
        offset += size
    return marks


def _styles(span: Span) -> Sequence[tuple[str, str | None]]:
    """What marks a span. Code takes no style beside it (Bot API, MessageEntity), and a link matters more than code."""
    if not (span.bold or span.italic or span.code or span.link) or not span.text.strip():
        return ()
    link = web_link(span.link)
    if span.code and not link:
        return ((MessageEntity.CODE, None),)
    looks = ((MessageEntity.BOLD, span.bold), (MessageEntity.ITALIC, span.italic))
    links = ((MessageEntity.TEXT_LINK, link),) if link else ()
    return (*links, *((kind, None) for kind, is_so in looks if is_so))


def _at_most(marks: list[Mark]) -> list[Mark]:
    """As many as a message may hold, links before looks, in the order of the text."""
    if len(marks) > ENTITY_LIMIT:
        marks = sorted(marks, key=lambda mark: mark.url is None)[:ENTITY_LIMIT]
    return sorted(marks, key=lambda mark: (mark.offset, -mark.length))
