"""Feeds as real sites write them, in our own words: each with what a reader should find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Shape:
    """A document, and of its first item: title, link, date (None where it has none), id; `items` is how many there are."""

    body: bytes
    title: str
    link: str | None
    published: datetime | None
    id: str | None = None
    items: int = 1
    content_type: str = ""
    seconds: int | None = None


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc,arg-type]


RSS_091 = b"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://127.0.0.1:1/rss.dtd">
<rss version="0.91"><channel><title>Old</title><link>http://old.example/</link><language>en-us</language>
<item><title>An old thing</title><link>http://old.example/thing</link><description>Words</description></item></channel></rss>"""
RSS_09 = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Older</title><link>http://older.example/</link></channel>
<item><title>The oldest</title><link>http://older.example/1</link></item></rdf:RDF>"""
RDF_10 = b"""<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel rdf:about="http://j.example/"><title>Journal</title>
<link>http://j.example/</link></channel><item rdf:about="http://j.example/a1"><title>On trees</title><link>http://j.example/a1</link>
<dc:date>2026-02-01T09:30:00-03:00</dc:date><dc:creator>Ana</dc:creator></item></rdf:RDF>"""
ATOM_03 = b"""<?xml version="1.0"?><feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>A</title>
<link rel="alternate" type="text/html" href="http://a.example/"/><entry><title>Three</title>
<link rel="alternate" type="text/html" href="http://a.example/3"/><id>tag:a,3</id><issued>2026-01-02T03:04:05Z</issued>
<modified>2026-01-03T03:04:05Z</modified></entry></feed>"""
ATOM_10 = b"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://b.example/blog/">
<title type="html">&lt;b&gt;Ten&lt;/b&gt;</title><id>urn:b</id><updated>2026-02-03T00:00:00Z</updated>
<entry><title type="html">On &lt;em&gt;base&lt;/em&gt; &amp;amp; links</title><link href="posts/1"/><link rel="enclosure" href="x.mp3"/>
<id>urn:b:1</id><published>2026-02-02T12:00:00Z</published><updated>2026-02-03T00:00:00Z</updated>
<content type="html">&lt;p&gt;Text&lt;/p&gt;</content></entry></feed>"""
YOUTUBE = b"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
<link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UCaaaaaaaaaaaaaaaaaaaaaa"/><id>yt:channel:aaa</id>
<yt:channelId>aaa</yt:channelId><title>Channel</title><link rel="alternate" href="https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa"/>
<author><name>Somebody</name></author><published>2015-01-01T00:00:00+00:00</published>
<entry><id>yt:video:abcdefghijk</id><yt:videoId>abcdefghijk</yt:videoId><title>Attention, step by step</title>
<link rel="alternate" href="https://www.youtube.com/watch?v=abcdefghijk"/><author><name>Somebody</name></author>
<published>2026-02-20T15:00:13+00:00</published><updated>2026-02-21T00:00:00+00:00</updated>
<media:group><media:title>Attention, step by step</media:title><media:description>Words</media:description></media:group></entry></feed>"""
ARXIV = b"""<?xml version='1.0' encoding='UTF-8'?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel><title>cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.LG</link>
<ttl>1440</ttl><skipDays><day>Sunday</day></skipDays><item><title>On Learning $\\alpha$</title><link>https://arxiv.org/abs/2602.01234</link>
<description>arXiv:2602.01234v1 Announce Type: new Abstract: We learn.</description>
<guid isPermaLink="false">oai:arXiv.org:2602.01234v1</guid>

<pubDate>Mon, 02 Feb 2026 00:00:00 -0500</pubDate><dc:creator>Ana, Bruno</dc:creator></item></channel></rss>"""
MEDIUM = b"""<?xml version="1.0" encoding="UTF-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 version="2.0"><channel><title><![CDATA[Stories by Ana on Medium]]></title><link>https://medium.com/@ana?source=rss-1------2</link>
<item><title><![CDATA[Vectors & you]]></title><link>https://medium.com/@ana/vectors-0123456789ab?source=rss-1------2</link>
<guid isPermaLink="false">https://medium.com/p/0123456789ab</guid><pubDate>Tue, 10 Feb 2026 10:11:12 GMT</pubDate>
<content:encoded><![CDATA[<p>Long words</p>]]></content:encoded></item></channel></rss>"""
SUBSTACK = b"""<?xml version="1.0" encoding="UTF-8"?><rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" version="2.0"><channel>
<title><![CDATA[Letters]]></title><link>https://letters.substack.com</link><item><title><![CDATA[Pipelines]]></title>
<description><![CDATA[Short]]></description><link>https://letters.substack.com/p/pipelines</link>
<guid isPermaLink="false">https://letters.substack.com/p/pipelines</guid><pubDate>Wed, 11 Feb 2026 13:00:51 GMT</pubDate></item>
</channel></rss>"""
WORDPRESS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Blog &#8211; Dados</title><link>https://dados.example</link><lastBuildDate>Thu, 12 Feb 2026 00:00:00 +0000</lastBuildDate>
<item><title>Regress\u00e3o &#8220;linear&#8221;</title><link>https://dados.example/regressao/</link>
<comments>https://dados.example/regressao/#respond</comments><pubDate>Thu, 12 Feb 2026 11:00:00 +0000</pubDate>
<guid isPermaLink="false">https://dados.example/?p=7</guid></item></channel></rss>""".encode()
PODCAST = b"""<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>Talk</title>
<link>https://talk.example</link><item><title>Episode 9</title><guid>9f-episode</guid><pubDate>Fri, 13 Feb 2026 06:00:00 EST</pubDate>
<itunes:duration>1:02:03</itunes:duration>
<enclosure url="https://cdn.example/9.mp3" type="audio/mpeg" length="1"/></item></channel></rss>"""
LATIN_1 = """<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><title>Caf\u00e9</title><link>http://c.example/</link>
<item><title>Avalia\u00e7\u00e3o</title><link>http://c.example/1</link></item></channel></rss>""".encode("latin-1")
KOI8_R = """<?xml version="1.0" encoding="koi8-r"?><rss version="2.0"><channel><title>\u0411\u043b\u043e\u0433</title><link>http://k.example/</link>
<item><title>\u0414\u0435\u0440\u0435\u0432\u044c\u044f</title><link>http://k.example/1</link></item></channel></rss>""".encode(
    "koi8-r"
)
UTF_16 = """<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><title>T</title><link>http://u.example/</link>
<item><title>\u00c1rvores</title><link>http://u.example/1</link></item></channel></rss>""".encode("utf-16")
WRONG_CHARSET = """<?xml version="1.0" encoding="us-ascii"?><rss version="2.0"><channel><title>T</title><link>http://w.example/</link>
<item><title>\u00c1rvores</title><link>http://w.example/1</link></item></channel></rss>""".encode()
NO_DATES_NO_IDS = b"""<rss version="2.0"><channel><title>Bare</title><item><title>One</title><link>http://bare.example/1</link></item>
<item><title>Two</title><link>http://bare.example/2</link></item></channel></rss>"""
TRUNCATED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Cut</title><link>http://cut.example/</link>
<item><title>Whole</title><link>http://cut.example/1</link></item><item><title>Half</ti"""
BEFORE_THE_XML = b"""\r\n\r\n  <?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>http://s.example/</link>
<item><title>After some blanks</title><link>http://s.example/1</link></item></channel></rss>"""
JSON_FEED = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "https://json.example/", "language": "pt-BR",
"items": [{"id": 7, "url": "/seven", "title": "Seven", "content_html": "<p>Words</p>", "date_published": "2026-02-14T01:02:03-03:00",
"authors": [{"name": "Ana"}]}, "nonsense", {"id": "8"}]}"""
GITHUB = b"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-US">
<id>tag:github.com,2008:https://github.com/a/b/releases</id><link type="text/html" rel="alternate" href="https://github.com/a/b/releases"/>
<title>Release notes from b</title><entry><id>tag:github.com,2008:Repository/1/v2.0</id><updated>2026-02-15T00:00:00Z</updated>
<link rel="alternate" type="text/html" href="https://github.com/a/b/releases/tag/v2.0"/><title>v2.0</title></entry></feed>"""
REDDIT = b"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><category term="ML" label="r/ML"/>
<updated>2026-02-16T00:00:00+00:00</updated><id>/r/ML/.rss</id><link rel="alternate" type="text/html" href="https://www.reddit.com/r/ML/"/>
<title>ML</title><entry><author><name>/u/ana</name></author><content type="html">&lt;a href=&quot;x&quot;&gt;[link]&lt;/a&gt;</content>
<id>t3_abc</id><link href="https://www.reddit.com/r/ML/comments/abc/x/"/><updated>2026-02-16T00:00:00+00:00</updated>
<published>2026-02-15T23:00:00+00:00</published><title>[R] A paper</title></entry></feed>"""

SHAPES = {
    "RSS 0.90": Shape(RSS_09, "The oldest", "http://older.example/1", None),
    "RSS 0.91": Shape(RSS_091, "An old thing", "http://old.example/thing", None),
    "RDF 1.0": Shape(RDF_10, "On trees", "http://j.example/a1", at(2026, 2, 1, 12, 30), "http://j.example/a1"),
    "Atom 0.3": Shape(ATOM_03, "Three", "http://a.example/3", at(2026, 1, 2, 3, 4, 5), "tag:a,3"),
    "Atom 1.0": Shape(ATOM_10, "On base & links", "http://b.example/blog/posts/1", at(2026, 2, 2, 12), "urn:b:1"),
    "YouTube": Shape(
        YOUTUBE,
        "Attention, step by step",
        "https://www.youtube.com/watch?v=abcdefghijk",
        at(2026, 2, 20, 15, 0, 13),
        "yt:video:abcdefghijk",
    ),
    "arXiv": Shape(
        ARXIV,
        r"On Learning $\alpha$",
        "https://arxiv.org/abs/2602.01234",
        at(2026, 2, 2, 5),
        "oai:arXiv.org:2602.01234v1",
    ),
    "Medium": Shape(
        MEDIUM,
        "Vectors & you",
        "https://medium.com/@ana/vectors-0123456789ab?source=rss-1------2",
        at(2026, 2, 10, 10, 11, 12),
        "https://medium.com/p/0123456789ab",
    ),
    "Substack": Shape(
        SUBSTACK,
        "Pipelines",
        "https://letters.substack.com/p/pipelines",
        at(2026, 2, 11, 13, 0, 51),
        "https://letters.substack.com/p/pipelines",
    ),
    "WordPress": Shape(
        WORDPRESS,
        "Regressão “linear”",
        "https://dados.example/regressao/",
        at(2026, 2, 12, 11),
        "https://dados.example/?p=7",
    ),
    "podcast": Shape(
        PODCAST, "Episode 9", "https://cdn.example/9.mp3", at(2026, 2, 13, 11), "9f-episode", seconds=3723
    ),
    "Latin-1": Shape(LATIN_1, "Avaliação", "http://c.example/1", None),
    "KOI8-R": Shape(KOI8_R, "Деревья", "http://k.example/1", None),
    "KOI8-R by its header": Shape(
        KOI8_R.replace(b' encoding="koi8-r"', b""),
        "Деревья",
        "http://k.example/1",
        None,
        content_type="text/xml; charset=koi8-r",
    ),
    "UTF-16": Shape(UTF_16, "Árvores", "http://u.example/1", None),
    "wrong charset": Shape(WRONG_CHARSET, "Árvores", "http://w.example/1", None),
    "no dates, no ids": Shape(NO_DATES_NO_IDS, "One", "http://bare.example/1", None, items=2),
    "cut off": Shape(TRUNCATED, "Whole", "http://cut.example/1", None, items=2),
    "blanks before": Shape(BEFORE_THE_XML, "After some blanks", "http://s.example/1", None),
    "JSON Feed": Shape(JSON_FEED, "Seven", "https://json.example/seven", at(2026, 2, 14, 4, 2, 3), "7", items=2),
    "GitHub releases": Shape(
        GITHUB,
        "v2.0",
        "https://github.com/a/b/releases/tag/v2.0",
        at(2026, 2, 15),
        "tag:github.com,2008:Repository/1/v2.0",
    ),
    "Reddit": Shape(
        REDDIT, "[R] A paper", "https://www.reddit.com/r/ML/comments/abc/x/", at(2026, 2, 15, 23), "t3_abc"
    ),
}
