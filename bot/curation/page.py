"""Reads the facts of an HTML page: its meta tags, its JSON-LD, the title, and the words one would read.

The parser is selectolax (Lexbor), which mends broken markup as a browser does. Several sources may name a fact; the first of them that says
anything counts, in the order in which sites keep them true: citation tags, JSON-LD, Open Graph, Twitter's, plain ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.catalog.kinds import Kind

MOST_METAS = 400
MOST_SCRIPTS = 8
LONGEST_SCRIPT = 200_000
MOST_VALUES = 2_000
"""Values of JSON-LD that are looked at."""
LONGEST_TEXT = 400_000

KIND_OF_TYPE = {
    "Course": Kind.COURSE,
    "ScholarlyArticle": Kind.PAPER,
    "Book": Kind.BOOK,
    "Dataset": Kind.DATASET,
    "PodcastEpisode": Kind.PODCAST,
    "VideoObject": Kind.VIDEO,
    "SoftwareSourceCode": Kind.REPO,
    "TechArticle": Kind.ARTICLE,
    "BlogPosting": Kind.ARTICLE,
    "NewsArticle": Kind.ARTICLE,
    "Article": Kind.ARTICLE,
}
"""What a type of schema.org is in the catalog."""
KIND_OF_GRAPH = {"video": Kind.VIDEO, "book": Kind.BOOK, "article": Kind.ARTICLE}
DURATION = re.compile(r"P(?:(\d{1,3})D)?T?(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})(?:\.\d+)?S)?", re.IGNORECASE)
LENGTH_OF_VIDEO = re.compile(r'"lengthSeconds"\s*:\s*"?(\d{1,6})')
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]{0,30})")
UNNESTED_TAGS = """
area base br col embed hr img input link meta param source track wbr
p li dt dd td th tr thead tbody tfoot option colgroup
"""
UNNESTED = frozenset(UNNESTED_TAGS.split())
"""Tags without an inside, and those the next of their kind closes."""
DEEPEST = 500
TAG_OPENS = re.compile(r"<[a-zA-Z]")
QUOTED = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
LONGEST_TAG = 20_000
"""Characters of a tag, what its attributes quote not counted: a picture may stand there."""
SILENT = "script,style,noscript,template,nav,header,footer,aside,form,svg"


@dataclass(frozen=True, slots=True)
class WebPage:
    """The facts as the page gives them; empty where it says nothing."""

    title: str = ""
    description: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    language: str = ""
    audio_language: str = ""
    canonical: str = ""
    kind: Kind | None = None
    seconds: float | None = None
    text: str = ""


def read_page(html: str) -> WebPage:
    """Read what there is; a page of any shape gives a Page."""
    try:
        return _read(html, LexborHTMLParser(_not_too_deep(_without_endless_tags(html))))
    except (ValueError, RuntimeError, RecursionError):  # the parser gave up; the title may still be had
        found = re.search(r"<title[^>]{0,200}>([^<]{1,1000})", html[:200_000], re.IGNORECASE)
        return WebPage(title=found[1] if found else "")


def _without_endless_tags(html: str) -> str:
    """Cut a page off where a tag has no end: the parser compares each attribute with all before it.

    What hides a long tag behind `>` in quotes passes; the process that reads has its limit for that.
    """
    begin = 0
    for piece in html.split(">"):
        tag = TAG_OPENS.search(piece) if len(piece) > LONGEST_TAG else None
        if tag and len(QUOTED.sub("", piece[tag.start() :])) > LONGEST_TAG:
            return html[: begin + tag.start()]
        begin += len(piece) + 1
    return html


def _not_too_deep(html: str) -> str:
    """Cut a page off where its boxes lie too deep in each other: the parser's time grows with the square of that."""
    depth = 0
    for tag in TAG.finditer(html):
        if tag[2].lower() in UNNESTED:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > DEEPEST:
            return html[: tag.start()]
    return html


def _read(html: str, tree: LexborHTMLParser) -> WebPage:
    meta = _metas(tree)
    linked = list(_linked_data(tree))
    kind = _kind(meta, linked)
    heading = tree.css_first("h1")
    title = tree.css_first("title")
    plain = (title.text() if title else "") or (heading.text() if heading else "")
    link = tree.css_first('link[rel="canonical"]')
    root = tree.css_first("html")
    return WebPage(
        title=_first(meta, "citation_title", "og:title", "twitter:title") or _said(linked, "headline", "name") or plain,
        description=_first(meta, "og:description", "description", "twitter:description")
        or _said(linked, "description"),
        site=_first(meta, "og:site_name", "application-name"),
        authors=_authors(meta, linked),
        published=_first(
            meta, "citation_publication_date", "citation_date", "article:published_time", "date", "dc.date"
        )
        or _said(linked, "datePublished", "uploadDate"),
        language=(root.attributes.get("lang") or "" if root else "")
        or _first(meta, "og:locale", "content-language", "citation_language")
        or _said(linked, "inLanguage"),
        audio_language=_found(r'"defaultAudioLanguage"\s*:\s*"([\w-]{2,12})"', html),
        canonical=(link.attributes.get("href") or "" if link else "") or _first(meta, "og:url"),
        kind=kind,
        seconds=_seconds(html, meta, linked),
        text=_text(tree),
    )


def _metas(tree: LexborHTMLParser) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for node in tree.css("meta")[:MOST_METAS]:
        said = node.attributes
        name = said.get("property") or said.get("name") or said.get("itemprop") or said.get("http-equiv") or ""
        if name and (content := said.get("content")):
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _linked_data(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, the outer ones first."""
    left = MOST_VALUES
    for node in tree.css('script[type="application/ld+json"]')[:MOST_SCRIPTS]:
        raw = node.text()
        if len(raw) > LONGEST_SCRIPT:
            continue
        try:
            waiting = [json.loads(raw, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            left -= 1
            value = waiting.pop(0)
            if isinstance(value, dict):
                yield value
                waiting += [part for part in value.values() if isinstance(part, dict | list)]
            elif isinstance(value, list):
                waiting += value[:100]


def _first(meta: dict[str, list[str]], *names: str) -> str:
    return next((found for name in names for found in meta.get(name, ()) if found.strip()), "")


def _said(linked: list[dict[str, Any]], *names: str) -> str:
    """The first text of that name in an object that describes a work, not the site or an organisation."""
    for item in linked:
        if not any(known in KIND_OF_TYPE for known in _types(item)):
            continue
        for name in names:
            if isinstance(value := item.get(name), str) and value.strip():
                return value
    return ""


def _types(item: dict[str, Any]) -> list[str]:
    said = item.get("@type")
    return (
        [said]
        if isinstance(said, str)
        else [one for one in said if isinstance(one, str)]
        if isinstance(said, list)
        else []
    )


def _authors(meta: dict[str, list[str]], linked: list[dict[str, Any]]) -> tuple[str, ...]:
    if cited := meta.get("citation_author"):
        return tuple(cited[:50])
    for item in linked:
        if any(known in KIND_OF_TYPE for known in _types(item)) and (names := _names(item.get("author"))):
            return names
    return tuple(meta.get("author", meta.get("article:author", meta.get("twitter:creator", [])))[:1])


def _names(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list) else [value]
    named = [one.get("name") if isinstance(one, dict) else one for one in several[:50]]
    return tuple(name for name in named if isinstance(name, str) and name.strip())


def _kind(meta: dict[str, list[str]], linked: list[dict[str, Any]]) -> Kind | None:
    if "citation_title" in meta:
        return Kind.PAPER
    for item in linked:
        for known in _types(item):
            if known in KIND_OF_TYPE:
                return KIND_OF_TYPE[known]
    return KIND_OF_GRAPH.get(_first(meta, "og:type").partition(".")[0].lower())


def _seconds(html: str, meta: dict[str, list[str]], linked: list[dict[str, Any]]) -> float | None:
    if found := LENGTH_OF_VIDEO.search(html):
        return float(found[1]) or None
    if (said := _first(meta, "og:video:duration", "video:duration")).isdigit():
        return float(said) if len(said) < 7 else None
    stated = _first(meta, "duration") or _said(linked, "duration", "timeRequired")
    found = DURATION.fullmatch(stated.strip()) if stated else None
    if found is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds) or None


def _text(tree: LexborHTMLParser) -> str:
    """The words of the article, or of the body without what stands around it."""
    best: LexborNode | None = tree.css_first("article") or tree.css_first("main") or tree.body
    if best is None:
        return ""
    for node in best.css(SILENT):
        node.decompose()
    return best.text(separator=" ")[:LONGEST_TEXT]


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[1] if found else ""
