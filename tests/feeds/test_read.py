"""Feeds of every age and manner, and hostile ones: what is read is clean, and reading twice gives the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FeedUnreadable
from bot.feeds.item import EARLIEST, TITLE, Parsed, web_link, without_tags
from bot.feeds.read import read_feed
from tests.feeds.hostile import HOSTILE, dated, item, rss
from tests.feeds.shapes import SHAPES

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
URL = "http://x.example/feed"


def read(body: bytes, content_type: str = "") -> Parsed:
    return read_feed(body, URL, content_type, NOW)


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_understood(name: str) -> None:
    shape = SHAPES[name]
    parsed = read(shape.body, shape.content_type)
    first = parsed.items[0]
    assert (first.title, first.link, first.published) == (shape.title, shape.link, shape.published)
    assert len(parsed.items) == shape.items
    assert first.seconds == shape.seconds
    if shape.id:
        assert first.id == shape.id


def test_ids_stay_the_same_when_a_feed_moves() -> None:
    for shape in SHAPES.values():
        here, there = (read_feed(shape.body, url, "", NOW) for url in (URL, "https://elsewhere.example/new/feed"))
        assert [one.id for one in here.items] == [one.id for one in there.items]


def test_what_the_feed_says_of_itself_comes_along() -> None:
    parsed = read(SHAPES["arXiv"].body)
    assert (parsed.title, parsed.minutes) == ("cs.LG updates on arXiv.org", 1440)
    assert read(SHAPES["JSON Feed"].body).language == "pt-BR"
    assert read(SHAPES["Atom 1.0"].body).title == "Ten"
    assert read(SHAPES["RDF 1.0"].body).items[0].author == "Ana"


def test_fifty_hostile_feeds_are_there() -> None:
    assert len(HOSTILE) >= 50


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_is_read_clean_or_refused_and_twice_the_same(name: str) -> None:
    try:
        parsed = read(HOSTILE[name])
    except FeedUnreadable:
        return
    assert parsed == read(HOSTILE[name])
    for one in parsed.items:
        assert len(one.title) <= TITLE
        assert one.title.isprintable()
        assert "\u202e" not in one.title
        one.title.encode()
        assert one.link is None or one.link.startswith(("http://", "https://"))
        assert one.published is None or EARLIEST <= one.published <= NOW + timedelta(days=1)
        assert "root:" not in one.title + one.summary


@pytest.mark.parametrize(
    ("stated", "read_as"),
    [
        ("Mon, 02 Mar 2026 10:00:00 -0300", datetime(2026, 3, 2, 13, tzinfo=UTC)),
        ("2026-03-02T10:00:00+02:00", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("Tue, 03 Mar 2026 11:00:00 GMT", datetime(2026, 3, 3, 11, tzinfo=UTC)),
        ("Tue, 03 Mar 2026 13:00:00 GMT", None),
        ("Sun, 31 Dec 1989 23:00:00 GMT", None),
        ("tomorrow", None),
    ],
)
def test_a_date_is_believable_or_unknown(stated: str, read_as: datetime | None) -> None:
    assert read(dated(stated)).items[0].published == read_as


def test_a_body_that_names_a_file_is_not_the_file(tmp_path: object) -> None:
    with pytest.raises(FeedUnreadable):
        read(b"/proc/self/environ")


@pytest.mark.parametrize(
    ("link", "base", "whole"),
    [
        ("/a", "https://x.example/b/", "https://x.example/a"),
        ("a?b#c", "https://x.example/b/", "https://x.example/b/a?b#c"),
        ("//y.example/a", "https://x.example/", "https://y.example/a"),
        (" https://x.example/a ", "https://x.example/", "https://x.example/a"),
        ("javascript:alert(1)", "https://x.example/", None),
        ("mailto:a@x.example", "https://x.example/", None),
        ("", "https://x.example/", None),
        (None, "https://x.example/", None),
    ],
)
def test_links_become_whole_or_nothing(link: str | None, base: str, whole: str | None) -> None:
    assert web_link(link, base) == whole


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One</p><p>Two</p>", "One Two"),
        ("a<script>alert(1)</script>b", "a b"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("x < y and y > z", "x < y and y > z"),
        ("<![if !IE]>a", "a"),
        ("no <unclosed", "no <unclosed"),
        ("<b>wo</b>rd", "word"),
        ("v\xadi\u2063a\U000e0041gra", "viagra"),
        ("\u200c\u0645\u06cc\u200c\u0634\u0648\u062f", "\u200c\u0645\u06cc\u200c\u0634\u0648\u062f"),
    ],
)
def test_html_becomes_words(markup: str, words: str) -> None:
    assert without_tags(markup, 100) == words


def test_a_title_of_plain_text_keeps_its_signs() -> None:
    assert read(rss(item(title="Using a &lt; b", link="http://x.example/1"))).items[0].title == "Using a < b"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for document in (body, b"<rss version='2.0'><channel><item><title>" + body, b"{" + body):
        try:
            read(document)
        except FeedUnreadable:
            continue
