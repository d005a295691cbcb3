"""Finding the feed: from addresses of sites with a rule, and in pages, however broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.discover import discover, known_feeds

CHANNEL = "UCYO_jab_esuFRV4b17AJtAw"
WITHOUT_SHORTS = f"https://www.youtube.com/feeds/videos.xml?playlist_id=UULF{CHANNEL[2:]}"
WITH_SHORTS = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
PAGE = "https://blog.example/posts/7?x=1"
RSS = 'rel="alternate" type="application/rss+xml"'


@pytest.mark.parametrize(
    ("given", "feed"),
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", WITHOUT_SHORTS),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos?x=1", WITHOUT_SHORTS),
        ("https://www.youtube.com/playlist?list=PLabcdefghijklmnop", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdefghijklmnop"),
        ("https://www.youtube.com/watch?v=abcdefghijk&list=PLabcdefghijklmnop", "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabcdefghijklmnop"),
        ("https://arxiv.org/list/cs.LG/recent", "https://rss.arxiv.org/rss/cs.LG"),
        ("https://arxiv.org/list/stat.ML/new", "https://rss.arxiv.org/rss/stat.ML"),
        ("https://www.reddit.com/r/MachineLearning/", "https://www.reddit.com/r/MachineLearning/.rss"),
        ("https://old.reddit.com/r/MachineLearning/top/", "https://www.reddit.com/r/MachineLearning/.rss"),
        ("https://medium.com/@somebody", "https://medium.com/feed/@somebody"),
        ("https://medium.com/some-publication/a-post-0123456789ab", "https://medium.com/feed/some-publication"),
        ("https://medium.com/tag/nlp/latest", "https://medium.com/feed/tag/nlp"),
        ("https://somebody.medium.com/", "https://somebody.medium.com/feed"),
        ("https://somebody.substack.com/p/a-post", "https://somebody.substack.com/feed"),
        ("https://github.com/lemon24/reader/releases", "https://github.com/lemon24/reader/releases.atom"),
        ("https://github.com/lemon24/reader", "https://github.com/lemon24/reader/releases.atom"),
        ("https://github.com/lemon24/reader/tags", "https://github.com/lemon24/reader/tags.atom"),
    ],
)  # fmt: skip
def test_a_site_with_a_rule_needs_no_page(given: str, feed: str) -> None:
    assert known_feeds(given)[0] == feed


@pytest.mark.parametrize(
    "given",
    [
        "https://www.youtube.com/@handle",
        "https://www.youtube.com/c/name",
        "https://www.youtube.com/watch?v=abcdefghijk&list=RDabcdefghijk",
        "https://blog.example/",
        "https://medium.com/",
        "https://medium.com/feed/@somebody",
        "https://somebody.substack.com/feed",
        "https://rss.arxiv.org/rss/cs.LG",
        "https://arxiv.org/abs/1706.03762",
        "https://github.com/lemon24/reader/releases.atom",
        "https://github.com/",
        "https://www.reddit.com/r/MachineLearning/top/.rss?t=week",
        "https://notyoutube.com/channel/UCYO_jab_esuFRV4b17AJtAw",
    ],
)
def test_where_only_the_page_can_say_the_address_says_nothing(given: str) -> None:
    assert known_feeds(given) == ()


@pytest.mark.parametrize(
    "page",
    [
        f'<script>{{"externalId":"{CHANNEL}"}}</script>',
        f'<link {RSS} href="https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}">',
        f'<meta itemprop="identifier" content="{CHANNEL}">',
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        f'<html><body><script>var x = {{"channelId":"{CHANNEL}", "</scr',
    ],
)
def test_a_channels_page_names_its_feed_without_more_network(page: str) -> None:
    found = discover(page.encode(), "https://www.youtube.com/@handle")
    assert [link.url for link in found] == [WITHOUT_SHORTS, WITH_SHORTS]


@pytest.mark.parametrize(
    ("page", "urls"),
    [
        (f'<link {RSS} href="/feed.xml">', ["https://blog.example/feed.xml"]),
        (f'<link {RSS} href="feed.xml">', ["https://blog.example/posts/feed.xml"]),
        (f'<link {RSS} href="//cdn.example/feed">', ["https://cdn.example/feed"]),
        (f'<base href="https://other.example/a/"><link {RSS} href="feed">', ["https://other.example/a/feed"]),
        ("<LINK REL='Alternate' TYPE='Application/Atom+XML' HREF='/a'>", ["https://blog.example/a"]),
        ("<link rel=alternate type=application/rss+xml href=/a>", ["https://blog.example/a"]),
        ("<link rel='alternate home' type='application/rss+xml; charset=utf-8' href=/a />", ["https://blog.example/a"]),
        ("<link rel=feed href=/a>", ["https://blog.example/a"]),
        ("<link rel=alternate type=application/feed+json href=/a.json>", ["https://blog.example/a.json"]),
        (f"<html><body><div><p><table><tr><link {RSS} href=/a>", ["https://blog.example/a"]),
        (f"<head><title>x</title <link {RSS} href=/nope><link {RSS} href=/a>", ["https://blog.example/a"]),
        (f'<link {RSS} href="/a&amp;b">', ["https://blog.example/a&b"]),
        (f"<link {RSS} href=/comments title='Comments Feed'><link {RSS} href=/a>", ["https://blog.example/a", "https://blog.example/comments"]),
        (f"<link {RSS} href=/a><link {RSS} href=/b><link {RSS} href=/a>", ["https://blog.example/a", "https://blog.example/b"]),
        (f"<link {RSS} href='javascript:alert(1)'><link {RSS} href='file:///etc/passwd'><link {RSS}>", []),
        ("<link rel=alternate hreflang=pt href=/pt><link rel=stylesheet href=/rss.css>", []),
        ("<link rel=alternate type=application/json href=/wp-json/wp/v2/posts/1>", []),
        ("<a href='/about'>x</a> <a href='/blog/rss.xml'>RSS</a>", ["https://blog.example/blog/rss.xml"]),
        ("<p>nothing", []),
        ("", []),
        ("<![if !IE]><![endif]--><!-- <link rel=alternate> <", []),
    ],
)  # fmt: skip
def test_pages_name_their_feeds_however_broken_they_are(page: str, urls: list[str]) -> None:
    assert [link.url for link in discover(page.encode(), PAGE)] == urls


def test_a_title_comes_along() -> None:
    assert discover(f"<link {RSS} href=/a title='Posts &amp; talks'>".encode(), PAGE)[0].title == "Posts & talks"


@given(st.binary(max_size=400))
def test_any_bytes_end_without_an_error(page: bytes) -> None:
    discover(page, PAGE)
    discover(b"<link rel=alternate " + page, PAGE)
    discover(b"<!" + page, PAGE)
