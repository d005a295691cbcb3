"""What a page says about itself: title, author, date, language, length. Pure; for any bytes, within the first part of them.

    bytes, content type ──▶ Page(title, author, published, language, minutes, facts of the kind by its address)

Nothing of a page is trusted further than a line of text: markup, control and direction characters are gone when it leaves here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from bot.catalog.address import AddressError, canonical
from bot.catalog.kinds import KINDS, Kind, Language, Manner
from bot.catalog.markdown.guess import kind_of_address
from bot.curation.intake import clean

READ = 400_000
"""Bytes of a page that are looked at; what a page says of itself stands at its beginning."""
WORDS_A_MINUTE = 220
TITLE, AUTHOR = 200, 100
_SILENT = frozenset(["script", "style", "noscript", "template", "svg", "nav", "footer", "header", "form", "aside"])
_LENGTH = re.compile(r"P(?:(\d{1,3})D)?T?(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?", re.IGNORECASE)
_DATE = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_TITLES = ("og:title", "citation_title", "twitter:title", "dc.title")
_AUTHORS = ("citation_author", "author", "article:author", "dc.creator", "twitter:creator")
_DATES = ("article:published_time", "citation_publication_date", "citation_date", "datepublished", "date", "dc.date")
_LENGTHS = ("duration", "og:video:duration", "video:duration")


@dataclass(frozen=True, slots=True)
class Page:
    """What was found; `problem` says why there is so little of it."""

    facts: dict[str, Any]
    problem: str | None = None


def read_page(url: str, content_type: str, body: bytes) -> Page:
    """Read a page. A file that is no page (a PDF, a picture) tells only what its address tells."""
    kind = _kind(url)
    sort = content_type.partition(";")[0].strip().lower()
    if sort and sort not in ("text/html", "application/xhtml+xml", "text/plain"):
        if sort == "application/pdf":
            return Page({"kind": kind or Kind.PAPER.value}, "file")
        return Page({"kind": kind} if kind else {}, "file")
    reader = _Reader()
    reader.read(_text(content_type, body[:READ]))
    facts = {"kind": kind or _kind_said(reader), **_said(reader)}
    if (
        "minutes" not in facts
        and facts["kind"]
        and KINDS[Kind(facts["kind"])].manner is Manner.READ
        and reader.words > 150
    ):
        facts["minutes"] = max(1, round(reader.words / WORDS_A_MINUTE))
    found = {name: value for name, value in facts.items() if value}
    return Page(found, None if "title" in found else "no_title")


def _kind(url: str) -> str | None:
    try:
        found = kind_of_address(canonical(url))
    except AddressError:
        return None
    return found.value if found else None


def _kind_said(reader: _Reader) -> str:
    said = reader.said.get("og:type", "")
    return Kind.VIDEO.value if said.startswith("video") else Kind.ARTICLE.value


def _said(reader: _Reader) -> dict[str, Any]:
    said = reader.said
    facts: dict[str, Any] = {"title": clean(_first(said, _TITLES) or reader.title, TITLE)}
    author = clean(_first(said, _AUTHORS), AUTHOR)
    if author and "://" not in author:
        facts["author"] = author
    if date := _DATE.match(_first(said, _DATES).replace("/", "-")):
        facts["published"] = date[0]
    language = (reader.language or said.get("og:locale", ""))[:2].lower()
    if language in set(Language):
        facts["language"] = language
    if minutes := _minutes(_first(said, _LENGTHS)):
        facts["minutes"] = minutes
    return facts


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _minutes(said: str) -> int | None:
    """Seconds, or an ISO 8601 length such as PT12M3S, as whole minutes."""
    if said.isdecimal() and said.isascii() and len(said) < 7:
        seconds = int(said)
    elif len(said) > 2 and (found := _LENGTH.fullmatch(said)):
        days, hours, minutes, rest = (int(part or 0) for part in found.groups())
        seconds = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    else:
        return None
    return min(max(1, round(seconds / 60)), 60_000) if seconds else None


def _text(content_type: str, body: bytes) -> str:
    named = _CHARSET.search(content_type.encode("ascii", "ignore")) or _CHARSET.search(body[:2048])
    for name in (named[1].decode() if named else "utf-8", "utf-8"):
        try:
            return body.decode(name, errors="replace")
        except LookupError:
            continue
    return ""


class _Reader(HTMLParser):
    """Collects what stands in the head, and counts the words of the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title = ""
        self.language = ""
        self.words = 0
        self._silent = 0
        self._in_title = False

    def read(self, text: str) -> None:
        """Read it all; broken markup ends the reading and nothing else."""
        try:
            self.feed(text)
        except (AssertionError, ValueError, RecursionError):
            return

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says."""
        held = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = held.get("lang", "")
        elif tag == "title" and not self.title:
            self._in_title = True
        elif tag == "meta" or "itemprop" in held:
            name = (held.get("property") or held.get("name") or held.get("itemprop") or "").lower()
            self.said.setdefault(name, held.get("content", "")[:1000])
        if tag in _SILENT:
            self._silent += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave what is silent."""
        if tag == "title":
            self._in_title = False
        if tag in _SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        """Count words, and keep those of the title."""
        if self._in_title:
            self.title = (self.title + data)[:1000]
        elif not self._silent:
            self.words += len(data.split())
