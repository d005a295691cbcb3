# ruff: noqa: E501 (a page is a line)
"""Pages as the web has them, small: what is read from each, and that none of them can hurt."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.kinds import Kind, Language
from bot.curation.describe import MOST, Described, describe, likely_language

HTML = {"content-type": "text/html; charset=utf-8"}
PDF = {"content-type": "application/pdf"}
POST = "https://blog.example.org/2021/trees-explained"


def page(head: str = "", body: str = "", attributes: str = ' lang="en"') -> bytes:
    return f"<!doctype html><html{attributes}><head>{head}</head><body>{body}</body></html>".encode()


def linked(**facts: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **facts})}</script>'


WORDS = "<article>" + "<p>" + "word " * 1000 + "</p></article>"
PAGES: list[tuple[str, str, dict[str, str], bytes, dict[str, Any]]] = [
    ("a plain title", POST, HTML, page("<title>Trees, explained</title>"), {"title": "Trees, explained", "language": Language.EN, "kind": Kind.ARTICLE, "site": "blog.example.org"}),
    ("entities and line breaks", POST, HTML, page("<title>\n Trees &amp;\n  forests </title>"), {"title": "Trees & forests"}),
    ("Open Graph before the title", POST, HTML, page('<title>x</title><meta property="og:title" content="Trees"><meta property="og:site_name" content="The Blog"><meta property="og:description" content="All of them.">'), {"title": "Trees", "site": "The Blog", "description": "All of them."}),
    ("the site behind the title", POST, HTML, page('<title>Trees | The Blog</title><meta property="og:site_name" content="The Blog">'), {"title": "Trees"}),
    ("a title that has a bar of its own", POST, HTML, page("<title>Bias | Variance</title>"), {"title": "Bias | Variance"}),
    ("Twitter's tags", POST, HTML, page('<meta name="twitter:title" content="Trees"><meta name="twitter:description" content="Short.">'), {"title": "Trees", "description": "Short."}),
    ("only a heading", POST, HTML, page(body="<h1>Trees <em>and</em> more</h1>"), {"title": "Trees and more"}),
    ("no title at all", POST, HTML, page(body="<p>Hello</p>"), {"title": "trees explained", "reason": "no_title"}),
    ("no title and no name in the address", "https://example.org/", HTML, page(), {"title": "", "reason": "no_title"}),
    ("author and date", POST, HTML, page('<title>T</title><meta name="author" content="Ada Lovelace"><meta property="article:published_time" content="2021-06-03T10:00:00Z">'), {"author": "Ada Lovelace", "published": "2021-06-03"}),
    ("a date in slashes, without a day", POST, HTML, page('<title>T</title><meta name="citation_publication_date" content="2017/12">'), {"published": "2017-12"}),
    ("a date that is none", POST, HTML, page('<title>T</title><meta name="date" content="2021-19-77">'), {"published": None}),
    ("an author that is a link", POST, HTML, page('<title>T</title><meta property="article:author" content="https://facebook.com/ada">'), {"author": ""}),
    ("JSON-LD of a post", POST, HTML, page("<title>x</title>" + linked(**{"@type": "BlogPosting", "headline": "Trees", "author": {"@type": "Person", "name": "Ada"}, "datePublished": "2020-01-02"})), {"title": "Trees", "author": "Ada", "published": "2020-01-02", "kind": Kind.ARTICLE}),
    ("JSON-LD in a graph", POST, HTML, page("<title>x</title>" + linked(**{"@graph": [{"@type": "WebSite", "name": "The Blog"}, {"@type": "Course", "name": "Trees in ten weeks", "author": [{"name": "Ada"}, {"name": "Grace"}]}]})), {"title": "Trees in ten weeks", "author": "Ada, Grace", "kind": Kind.COURSE}),
    ("JSON-LD that is broken", POST, HTML, page('<title>Trees</title><script type="application/ld+json">{"@type": </script>'), {"title": "Trees"}),
    ("JSON-LD ten thousand deep", POST, HTML, page('<title>Trees</title><script type="application/ld+json">' + "[" * 10_000 + "</script>"), {"title": "Trees"}),
    ("a paper by its citation tags", "https://journal.example/1", HTML, page('<title>x</title><meta name="citation_title" content="Attention"><meta name="citation_author" content="Vaswani, A."><meta name="citation_author" content="Shazeer, N."><meta name="citation_author" content="C"><meta name="citation_author" content="D">'), {"title": "Attention", "author": "Vaswani, A. et al.", "kind": Kind.PAPER}),
    ("arXiv by its address", "https://arxiv.org/abs/1706.03762", HTML, page("<title>[1706.03762] Attention Is All You Need</title>"), {"kind": Kind.PAPER}),
    ("a video's length from its page", "https://www.youtube.com/watch?v=aircAruvnKk", HTML, page('<title>But what is a neural network? - YouTube</title><script>var r = {"lengthSeconds":"1153","defaultAudioLanguage":"en"}</script>', attributes=' lang="de"'), {"title": "But what is a neural network?", "minutes": 19, "kind": Kind.VIDEO, "language": Language.EN}),
    ("a video's length from its tag", "https://www.youtube.com/watch?v=aircAruvnKk", HTML, page('<title>Redes neurais, uma introdução para você - YouTube</title><meta itemprop="duration" content="PT1H3M20S">', attributes=' lang="en"'), {"minutes": 63, "language": Language.PT}),
    ("a video somewhere else", "https://videos.example/v/9", HTML, page("<title>x</title>" + linked(**{"@type": "VideoObject", "name": "Trees", "duration": "PT4M10S"})), {"minutes": 4, "kind": Kind.VIDEO}),
    ("a length of a million minutes", "https://www.youtube.com/watch?v=aircAruvnKk", HTML, page('<title>T</title><meta itemprop="duration" content="P900D">'), {"minutes": None}),
    ("reading time", POST, HTML, page("<title>T</title>", "<nav>" + "menu " * 900 + "</nav>" + WORDS), {"minutes": 5}),
    ("reading time of Japanese", POST, HTML, page("<title>木</title>", "<main>" + "決定木の説明" * 300 + "</main>", ' lang="ja"'), {"minutes": 4, "language": Language.JA}),
    ("too little to say how long", POST, HTML, page("<title>T</title>", "<p>Soon.</p>"), {"minutes": None}),
    ("Portuguese by the page's word", POST, HTML, page("<title>Trees</title>", attributes=' lang="pt-BR"'), {"language": Language.PT}),
    ("Portuguese by its words", POST, HTML, page("<title>O que é uma árvore de decisão</title>", attributes=""), {"language": Language.PT}),
    ("a language we do not know", POST, HTML, page("<title>The trees of the forest</title>", attributes=' lang="xx"'), {"language": Language.EN}),
    ("its own address", POST + "?utm_source=x", HTML, page(f'<title>T</title><link rel="canonical" href="{POST}">'), {"canonical": POST}),
    ("an own address elsewhere", POST, HTML, page('<title>T</title><link rel="canonical" href="https://evil.example/a">'), {"canonical": None}),
    ("the home page as its own address", POST, HTML, page('<title>T</title><link rel="canonical" href="/">'), {"canonical": None}),
    ("a script as its own address", POST, HTML, page('<title>T</title><link rel="canonical" href="javascript:alert(1)">'), {"canonical": None}),
    ("markup and direction marks in a title", POST, HTML, page("<title>&lt;b&gt;Trees&lt;/b&gt; \u202egnp.exe\u202c *x* \x07</title>"), {"title": "<b>Trees</b> gnp.exe *x*"}),
    ("Latin-1, said by the header", POST, {"content-type": "text/html; charset=ISO-8859-1"}, "<title>Árvores e regressão</title>".encode("latin-1"), {"title": "Árvores e regressão"}),
    ("Latin-1, said to be UTF-8", POST, HTML, "<title>Árvores e regressão</title>".encode("cp1252"), {"title": "Árvores e regressão"}),
    ("Shift JIS, said by the page", POST, {"content-type": "text/html"}, '<meta charset="shift_jis"><title>決定木</title>'.encode("shift_jis"), {"title": "決定木"}),
    ("UTF-16 with its mark", POST, {"content-type": "text/html"}, "<title>Trees</title>".encode("utf-16"), {"title": "Trees"}),
    ("a charset nobody knows", POST, {"content-type": "text/html; charset=klingon"}, b"<title>Caf\xe9</title>", {"title": "Café"}),
    ("a charset that is no charset", POST, {"content-type": "text/html; charset=hex"}, b"<title>Caf\xe9</title>", {"title": "Café"}),
    ("cut off in the middle", POST, HTML, page("<title>Trees</title>", "á" * 50)[:-20], {"title": "Trees"}),
    ("no content type", POST, {}, page("<title>Trees</title>"), {"title": "Trees"}),
    ("a PDF with a title", "https://example.org/paper.pdf", PDF, b"%PDF-1.5\n1 0 obj << /Title (Trees \\(and forests\\)) >>", {"title": "Trees (and forests)", "kind": Kind.PAPER}),
    ("a PDF with a title in hexadecimal", "https://example.org/paper.pdf", PDF, b"%PDF-1.5 /Title <FEFF00C10072>", {"title": "Ár"}),
    ("a PDF with an XMP title", "https://example.org/paper.pdf", PDF, b'%PDF-1.7 <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Trees</rdf:li></rdf:Alt></dc:title>', {"title": "Trees"}),
    ("a PDF without a title", "https://example.org/decision-trees.pdf", PDF, b"%PDF-1.5\n", {"title": "decision trees", "kind": Kind.PAPER, "reason": "no_title"}),
    ("a PDF that says it is a page", "https://example.org/decision-trees.pdf", HTML, b"%PDF-1.5\n", {"kind": Kind.PAPER}),
    ("a notebook", "https://example.org/trees.ipynb", {"content-type": "text/plain"}, json.dumps({"cells": [{"cell_type": "markdown", "source": ["# Growing trees\n", "by hand"]}]}).encode(), {"title": "Growing trees", "kind": Kind.NOTEBOOK}),
    ("a notebook that is none", "https://example.org/trees.ipynb", {"content-type": "text/plain"}, b"[1, 2", {"title": "trees", "kind": Kind.NOTEBOOK, "reason": "no_title"}),
    ("Markdown", "https://example.org/README.md", {"content-type": "text/plain"}, b"# Trees\n\nAll of them.", {"title": "Trees"}),
    ("a picture", "https://example.org/tree-of-life.png", {"content-type": "image/png"}, b"\x89PNG\r\n\x1a\n\x00\x00", {"title": "tree of life", "reason": "not_a_page"}),
    ("a sound", "https://example.org/on-trees.mp3", {"content-type": "audio/mpeg"}, b"ID3\x03\x00", {"kind": Kind.PODCAST}),
    ("nothing", POST, HTML, b" \n ", {"reason": "empty", "kind": Kind.ARTICLE}),
    ("an address that is none", "http://[::1", HTML, page("<title>Trees</title>"), {"title": "Trees", "kind": Kind.OTHER}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "headers", "content", "expected"), [one[1:] for one in PAGES], ids=[one[0] for one in PAGES]
)
def test_what_a_page_says(url: str, headers: dict[str, str], content: bytes, expected: dict[str, Any]) -> None:
    found = asdict(describe(url, headers, content))
    assert {name: found[name] for name in expected} == expected


HOSTILE = {
    "a head without an end": b"<html><head>" + b"<meta name='a' content='b'>" * 60_000,
    "a title without an end": b"<title>" + b"x" * 3_000_000,
    "two hundred thousand boxes": b"<title>T</title>" + b"<div>" * 200_000,
    "a text of brackets": b"<" * 1_500_000,
    "one attribute of a megabyte": b'<html><meta property="og:title" content="' + b"a" * 1_400_000 + b'">',
    "entities": b"<title>" + b"&amp;" * 200_000,
    "a PDF of parentheses": b"%PDF-1.4 /Title (" + b"\\(" * 700_000,
    "an XMP packet without an end": b"%PDF-1.4 " + b"<dc:title>" * 140_000,
    "blanks in hexadecimal": b"%PDF-1.4 /Title <" + b" " * 1_400_000,
    "a notebook ten thousand deep": b'{"cells": ' + b"[" * 100_000,
    "one tag without an end": b"<title>T</title><a " + b" ".join(b"a%d" % n for n in range(200_000)),
    "zeros": bytes(1_500_000),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_a_page_does_can_hurt(content: bytes) -> None:
    for url in (POST, "https://example.org/a.ipynb", "https://www.youtube.com/watch?v=aircAruvnKk"):
        for headers in (HTML, {}):
            found = describe(url, headers, content)
            assert len(found.title) <= 200
            assert len(found.description) <= 600


def test_a_page_is_read_up_to_a_tag_without_an_end() -> None:
    many = " ".join(f"a{n}" for n in range(10_000))
    assert describe(POST, HTML, page("<title>Trees</title>", f"<p>Oaks.</p><b {many}><h1>Elms")).title == "Trees"
    assert describe(POST, HTML, page(f"<meta {many}><title>Trees</title>", "")).title != "Trees"


def test_a_picture_within_a_tag_ends_no_page() -> None:
    drawn = f'<link rel="icon" href="data:image/png;base64,{"A" * 100_000}">'
    assert describe(POST, HTML, page(f"{drawn}<title>Trees</title>", "")).title == "Trees"


@given(
    st.binary(max_size=400),
    st.sampled_from(["text/html", "application/pdf", "text/plain", "", "text/html; charset=utf-7"]),
)
def test_any_bytes_are_described(content: bytes, media: str) -> None:
    found = describe(POST, {"content-type": media}, content)
    assert isinstance(found, Described)
    assert found.title.isprintable()


def test_no_more_is_read_than_is_needed() -> None:
    far = page("<title>Trees</title>", "x" * MOST + '<script>"lengthSeconds":"60"</script>')
    assert describe("https://www.youtube.com/watch?v=aircAruvnKk", HTML, far).minutes is None


@pytest.mark.parametrize(
    ("known", "title", "language"),
    [
        ({"language": "es"}, "The art of trees", "es"),
        ({"language": "xx"}, "The art of trees", "en"),
        ({}, "The art of trees", "en"),
        ({}, "Como ler uma árvore de decisão", "pt"),
        ({"description": "Um texto sobre árvores de decisão para quem não sabe por onde começar"}, "Trees", "pt"),
        ({"description": "A text on trees for those who do not know how to begin"}, "Árvores de decisão", "en"),
        ({}, "けっていぎのつくりかた", "ja"),
        ({"kind": "video"}, "", "en"),
    ],
)
def test_a_language_that_nobody_said_is_guessed_from_the_words(
    known: dict[str, Any], title: str, language: str
) -> None:
    assert likely_language(known, title, "https://example.org/trees") == language
