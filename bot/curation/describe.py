"""What a page says about itself: title, author, date, language, kind and length, from its address, its headers and its bytes.

    (final address, headers, bytes) ─▶ HTML · PDF · notebook · plain text · media ─▶ Described

Nothing here fetches, waits or raises: a page may be cut off, hostile, empty or in a wrong charset. At most `MOST` bytes are read, so the
time is bounded too. Where a page says nothing, the field is empty and `reason` says why there is no title.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from bot.catalog.address import AddressError, canonical
from bot.catalog.entry import DATE
from bot.catalog.fields import check_url
from bot.catalog.kinds import KINDS, Kind, Language, Manner
from bot.catalog.markdown.guess import WEAK, kind_of
from bot.catalog.markdown.language import ENGLISH, PORTUGUESE, SCRIPTS, language_of
from bot.curation.page import WebPage, read_page

MOST = 1_500_000
"""Bytes that are read; a video page says its length after the first megabyte."""
TITLE, DESCRIPTION, NAME = 200, 600, 120
WORDS_A_MINUTE = 200
SIGNS_A_MINUTE = 450
"""Of a script that writes without blanks."""
LONGEST_READ, LONGEST_WATCH = 240, 6_000
"""Minutes; more is a mistake of the page."""
SPEAKS_FOR_VISITOR = ("youtube.com", "x.com", "linkedin.com", "google.com", "kaggle.com", "reddit.com", "facebook.com")
"""Sites that answer in the language of whoever asks, which says nothing about what one finds there."""


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a page. `reason` says why there is no title: `empty`, `not_a_page` or `no_title`."""

    title: str = ""
    description: str = ""
    site: str = ""
    author: str = ""
    published: str | None = None
    language: Language | None = None
    kind: Kind | None = None
    minutes: int | None = None
    canonical: str | None = None
    reason: str | None = None


def describe(url: str, headers: Mapping[str, str], content: bytes) -> Described:
    """Describe what came from an address; header names in lower case."""
    content = content[:MOST]
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if not content.strip():
        return _by_address(url, reason="empty")
    if content.startswith(b"%PDF") or media == "application/pdf":
        return _finish(url, Described(title=_title_of_pdf(content)), by_form=Kind.PAPER)
    text = _decoded(content, headers.get("content-type", ""))
    if media == "application/x-ipynb+json" or _path(url).endswith(".ipynb"):
        return _finish(url, Described(title=_heading_of(_notebook_text(text))), by_form=Kind.NOTEBOOK)
    if media.startswith(("video/", "audio/")):
        return _by_address(url, by_form=Kind.VIDEO if media.startswith("video/") else Kind.PODCAST)
    if "html" in media or re.search(r"<(?:!doctype|html|head|title|meta|body)\b", text[:4000], re.IGNORECASE):
        return _of_page(url, headers, text)
    if media.startswith("text/") or (not media and text.isprintable()):
        return _finish(url, Described(title=_heading_of(text)), text=text)
    return _by_address(url, reason="not_a_page")


def _of_page(url: str, headers: Mapping[str, str], text: str) -> Described:
    page = read_page(text)
    found = Described(
        title=_without_site(clean(page.title, TITLE), clean(page.site, NAME)),
        description=clean(page.description, DESCRIPTION),
        site=clean(page.site, NAME),
        author=_author(page),
        published=_date(page.published),
        canonical=_canonical(url, page.canonical),
        minutes=_minutes(page.seconds),
    )
    spoken = page.language or headers.get("content-language", "").partition(",")[0]
    if _host(url).endswith(SPEAKS_FOR_VISITOR):
        spoken = page.audio_language
    return _finish(url, found, text=page.text, by_form=page.kind, spoken=spoken)


def _finish(url: str, found: Described, *, text: str = "", by_form: Kind | None = None, spoken: str = "") -> Described:
    """Add what follows from the address and the text."""
    title = clean(found.title, TITLE)
    kind = _kind(url, title, by_form)
    minutes = found.minutes
    if minutes is None and kind in (Kind.ARTICLE, Kind.THREAD, Kind.DOCS, Kind.NOTEBOOK):
        minutes = _reading_time(text)
    if minutes is not None:
        most = LONGEST_WATCH if KINDS[kind].manner is Manner.WATCH else LONGEST_READ
        minutes = minutes if 1 <= minutes <= most else None
    language = _language(spoken, f"{title} {found.description} {text[:2000]}")
    return replace(
        found,
        title=title or _name_in(url),
        kind=kind,
        minutes=minutes,
        language=language,
        site=found.site or _host(url),
        reason=None if title else "no_title",
    )


def _by_address(url: str, *, reason: str | None = None, by_form: Kind | None = None) -> Described:
    name = _name_in(url)
    return Described(title=name, site=_host(url), kind=_kind(url, name, by_form), reason=reason or "no_title")


def clean(words: str, most: int) -> str:
    """Words in one line, without characters that cannot be seen or that turn the direction, cut between words at `most`."""
    seen = " ".join("".join(letter if letter.isprintable() else " " for letter in words[: most * 4]).split())
    return seen if len(seen) <= most else seen[: most - 1].rsplit(" ", 1)[0] + "…"


def _without_site(title: str, site: str) -> str:
    """“A title | The site” is “A title”."""
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        head, found, tail = title.rpartition(mark)
        if (
            found
            and head
            and (tail.casefold() == site.casefold() or tail in ("YouTube", "Medium", "Wikipedia", "Kaggle"))
        ):
            return head.strip()
    return title


def _author(page: WebPage) -> str:
    names = [name for name in (clean(name, NAME) for name in page.authors) if name and "://" not in name]
    if len(names) > 3:
        return f"{names[0]} et al."
    return ", ".join(dict.fromkeys(names))[:NAME]


def _date(written: str) -> str | None:
    """A day, a month or a year, as the catalog writes them."""
    found = re.match(r"\s*(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?", written[:40])
    if not found:
        return None
    text = "-".join(part.zfill(2) for part in found.groups() if part)
    return text if re.match(DATE, text) else None


def _canonical(url: str, said: str) -> str | None:
    """The address a page calls its own; only on the same site, and not the home page instead of an article."""
    try:
        wanted = urljoin(url, said.strip()) if said else ""
        if not wanted or len(wanted) > 2000:
            return None
        check_url(wanted)
        here, there = urlsplit(canonical(url)), urlsplit(canonical(wanted))
    except (ValueError, AddressError):
        return None
    if here.hostname != there.hostname or (here.path.strip("/") and not there.path.strip("/")):
        return None
    return wanted


def _kind(url: str, title: str, by_form: Kind | None) -> Kind:
    try:
        address = canonical(url)
    except AddressError:
        return by_form or Kind.OTHER
    kind, certain = kind_of(url, address, title, ())
    if by_form and (not certain or kind in WEAK or by_form is Kind.NOTEBOOK):
        return by_form
    return kind


def _minutes(seconds: float | None) -> int | None:
    return max(1, round(seconds / 60)) if seconds else None


def _reading_time(text: str) -> int | None:
    words = len(text.split())
    signs = sum("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in text)
    minutes = round(words / WORDS_A_MINUTE + signs / SIGNS_A_MINUTE)
    return max(1, minutes) if words + signs >= 60 else None


def likely_language(known: Mapping[str, Any], title: str, url: str) -> Language:
    """The language of a link, or the likely one where nobody and nothing said it: by the words about it, else by its address and title."""
    if known.get("language") in set(Language):
        return Language(known["language"])
    about = f"{title} {known.get('description') or ''}"
    kind = Kind(known["kind"]) if known.get("kind") else Kind.ARTICLE
    return _language("", about) or language_of(title, url, kind)[0]


def _language(spoken: str, text: str) -> Language | None:
    code = spoken.strip().lower()[:2]
    if code in set(Language):
        return Language(code)
    for language, letters in SCRIPTS:
        if len(letters.findall(text[:1000])) > 3:
            return language
    balance = len(PORTUGUESE.findall(text)) - len(ENGLISH.findall(text))
    return Language.PT if balance > 0 else Language.EN if balance < 0 else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _name_in(url: str) -> str:
    """The last step of an address, as words; better than nothing."""
    last = unquote(_path(url)).rstrip("/").rpartition("/")[2]
    words = re.sub(r"[-_+]+", " ", re.sub(r"\.\w{2,5}$", "", last))
    return clean(words if re.search(r"[^\W\d]{3}", words) else "", TITLE)


def _decoded(content: bytes, media: str) -> str:
    """The text, by the charset of a byte order mark, the header or the head; what cannot be read is replaced."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, "replace")
    said = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", media, re.IGNORECASE)
    meta = re.search(rb"charset\s*=\s*[\"']?([\w.:-]{1,40})", content[:4096], re.IGNORECASE)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(content) - 4:  # cut off in the middle of a letter
            return content.decode("utf-8", "replace")
    for name in (said[1] if said else "", meta[1].decode("ascii", "replace") if meta else "", "cp1252"):
        text = _try(content, name)
        if text is not None:
            return text
    return content.decode("latin-1")


def _try(content: bytes, name: str) -> str | None:
    if name.lower() in ("", "utf-8", "utf8"):
        return None
    try:
        known = codecs.lookup("cp1252" if name.lower() in ("iso-8859-1", "latin1", "us-ascii", "ascii") else name)
        return content.decode(known.name, "replace") if known._is_text_encoding else None
    except (LookupError, ValueError):
        return None


def _title_of_pdf(content: bytes) -> str:
    """The title a PDF states: in its XMP packet, else in its information dictionary."""
    if found := re.search(rb"<dc:title>.{0,200}?<rdf:li[^>]{0,80}>([^<]{1,400})<", content, re.DOTALL):
        return found[1].decode("utf-8", "replace")
    if found := re.search(rb"/Title\s*\(((?:[^()\\]|\\.){1,400})\)", content, re.DOTALL):
        plain = re.sub(rb"\\([()\\])", rb"\1", found[1])
        return plain.decode("utf-16" if plain.startswith((b"\xfe\xff", b"\xff\xfe")) else "latin-1", "replace")
    if found := re.search(rb"/Title\s*<([0-9A-Fa-f\s]{4,1600})>", content):
        digits = re.sub(rb"\s", b"", found[1]).decode()
        raw = bytes.fromhex(digits[: len(digits) // 2 * 2])
        return raw.decode("utf-16" if raw.startswith((b"\xfe\xff", b"\xff\xfe")) else "latin-1", "replace")
    return ""


def _notebook_text(text: str) -> str:
    """The words of a notebook's text cells; the source as it is where it is no notebook."""
    try:
        cells = json.loads(text)["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell.get("cell_type") == "markdown")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return text


def _heading_of(text: str) -> str:
    found = re.search(r"^\s{0,3}#{1,3}\s+(.{1,300})$", text[:20_000], re.MULTILINE)
    return found[1].strip(" #*") if found else ""
