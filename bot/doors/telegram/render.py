"""Styled text as Telegram takes it: characters and a list of entities, cleaned, cut to length, never parsed again.

Lengths are counted in UTF-16 units, as marks are. Telegram itself counts the limit of a text in code points, so what
fits here fits there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, NotRequired, TypedDict
from urllib.parse import urlsplit

from telegram import MessageEntity
from telegram.constants import MessageEntityType

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


class Mark(TypedDict):
    """A style, or a link, over a stretch of characters, as the Bot API writes it (MessageEntity). The library's object is slow to make."""

    type: str
    offset: int
    length: int
    url: NotRequired[str]


class Words(NamedTuple):
    """Characters and the marks over them; offsets and lengths in UTF-16 units."""

    text: str
    marks: Sequence[Mark] = ()

    @property
    def entities(self) -> list[MessageEntity]:
        """The marks as the library's objects, for those of its calls that we leave to it."""
        return [MessageEntity(**mark) for mark in self.marks]


def words(text: Text, limit: int = TEXT_LIMIT) -> Words:
    """The text as characters and entities, cut to `limit` UTF-16 units with an ellipsis."""
    spans = shorten([_cleaned(span) for span in text], limit)
    return Words("".join([span.text for span in spans]), _at_most(_marks(spans)))


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
        if (span.bold or span.italic or span.code or span.link) and span.text.strip():
            for style in _styles(span.bold, span.italic, span.code, span.link):
                mark = latest.get(style["type"])
                if mark and mark["offset"] + mark["length"] == offset and mark.get("url") == style.get("url"):
                    mark["length"] += size
                else:
                    latest[style["type"]] = mark = {**style, "offset": offset, "length": size}
                    marks.append(mark)
        offset += size
    return marks


@lru_cache(1024)
def _styles(bold: bool, italic: bool, code: bool, link: str | None) -> Sequence[Mark]:
    """What marks a span, over nothing yet. Code takes no style beside it (Bot API, MessageEntity), and a link matters more than code."""
    address = web_link(link)
    if code and not address:
        return (_style(MessageEntityType.CODE),)
    looks = ((MessageEntityType.BOLD, bold), (MessageEntityType.ITALIC, italic))
    links: list[Mark] = [{**_style(MessageEntityType.TEXT_LINK), "url": address}] if address else []
    return (*links, *(_style(kind) for kind, is_so in looks if is_so))


def _style(kind: MessageEntityType) -> Mark:
    return {"type": kind.value, "offset": 0, "length": 0}


def _at_most(marks: list[Mark]) -> list[Mark]:
    """As many as a message may hold, links before looks, in the order of the text."""
    if len(marks) > ENTITY_LIMIT:
        marks = sorted(marks, key=lambda mark: "url" not in mark)[:ENTITY_LIMIT]
    return sorted(marks, key=lambda mark: (mark["offset"], -mark["length"]))
