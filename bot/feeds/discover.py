"""Finds the feed behind what people give us: from the address alone where the site has a rule, else in the bytes of the page.

youtube.com/@name ─▶ the page names its channel ─▶ feeds/videos.xml?playlist_id=UULF…     (UULF: the channel without its Shorts)
a blog            ─▶ <link rel="alternate">, several perhaps ─▶ the person chooses
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from bot.feeds.item import one_line, web_link

MOST = 8
"""Feeds of one page that are looked at."""
TITLE = 120
FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)
USUAL_PLACES = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
"""Where a site may have its feed without saying so."""

_FEED_LIKE = re.compile(r"(?:^|[/._-])(?:feed|rss|atom)(?:[/._-]|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE)
_LINK_TAG = re.compile(rb"<link\b[^<>]{0,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_CHANNEL = re.compile(
    rb'(?:"(?:externalId|externalChannelId|channelId)"\s*:\s*"|channel_id=|/channel/|itemprop="(?:identifier|channelId)"\s+content=")'
    rb"(UC[A-Za-z0-9_-]{22})"
)
_CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str = ""


def known_feeds(url: str) -> tuple[str, ...]:
    """The feeds an address stands for by its site's own rule, the best first; nothing where only the page can say."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("old.")
    steps = [step for step in parts.path.split("/") if step]
    for ending, rule in _SITES.items():
        if host == ending or host.endswith(f".{ending}"):
            return tuple(rule(host, steps, parts.query))
    return ()


def usual_places(url: str) -> tuple[str, ...]:
    """Addresses worth a try where a page names no feed."""
    return tuple(urljoin(url, place) for place in USUAL_PLACES)


def discover(page: bytes, url: str) -> tuple[FeedLink, ...]:
    """The feeds a page names, in its order, those of comments last. Whatever the page is, this ends and raises nothing."""
    if _on(url, "youtube.com") and (found := _CHANNEL.search(page)):
        return tuple(FeedLink(feed) for feed in _of_channel(found[1].decode()))
    reader = _Links()
    try:
        reader.feed(page.decode("utf-8", "replace"))
        reader.close()
    except (AssertionError, ValueError, RecursionError):  # the standard parser gives up on some declarations
        reader.alternates = [_attributes(tag) for tag in _LINK_TAG.findall(page)]
    base = urljoin(url, reader.base or "")
    named = _unique(
        FeedLink(link, one_line(attributes.get("title"), TITLE))
        for attributes in reader.alternates
        if _is_feed(attributes) and (link := web_link(attributes.get("href"), base))
    )
    if not named:
        named = _unique(FeedLink(link) for href in reader.anchors if (link := _feed_like(href, base)))
    return tuple(sorted(named, key=_is_about_comments))[:MOST]


class _Links(HTMLParser):
    """Collects `<link>`, the `<base>` and the addresses of `<a>`, wherever a broken page has them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.alternates: list[dict[str, str]] = []
        self.anchors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "link":
            self.alternates.append(attributes)
        elif tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag == "a" and "href" in attributes:
            self.anchors.append(attributes["href"])

    handle_startendtag = handle_starttag


def _attributes(tag: bytes) -> dict[str, str]:
    text = tag.decode("utf-8", "replace")
    return {found[1].lower(): unescape(found[2] or found[3] or found[4] or "") for found in _ATTRIBUTE.finditer(text)}


def _is_feed(attributes: dict[str, str]) -> bool:
    kinds, relations = (
        attributes.get("type", "").split(";")[0].strip().lower(),
        attributes.get("rel", "").lower().split(),
    )
    if "feed" in relations:
        return True
    # pages translate themselves by the same relation, and WordPress offers its own programs' JSON
    if "alternate" not in relations or "hreflang" in attributes or "/wp-json/" in attributes.get("href", ""):
        return "alternate" in relations and kinds in ("application/rss+xml", "application/atom+xml")
    return kinds in FEED_TYPES


def _feed_like(href: str, base: str) -> str | None:
    link = web_link(href, base)
    return link if link and _FEED_LIKE.search(urlsplit(link).path) else None


def _is_about_comments(link: FeedLink) -> bool:
    return "comment" in f"{link.title} {link.url}".lower() or "comentário" in link.title.lower()


def _unique(links: Iterable[FeedLink]) -> list[FeedLink]:
    found: dict[str, FeedLink] = {}
    for link in links:
        found.setdefault(link.url, link)
    return list(found.values())


def _on(url: str, site: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == site or host.endswith(f".{site}")


# ------------------------------------------------------------------------------------------------- the sites with a rule


def _youtube(_: str, steps: list[str], query: str) -> Iterable[str]:
    asked = parse_qs(query)
    if steps[:1] == ["channel"] and len(steps) > 1 and _CHANNEL_ID.fullmatch(steps[1]):
        return _of_channel(steps[1])
    playlist = asked.get("list", [""])[0]
    if re.fullmatch(r"(?:PL|UU|OL|FL)[A-Za-z0-9_-]{10,64}", playlist):
        return (f"https://www.youtube.com/feeds/videos.xml?playlist_id={playlist}",)
    return ()


def _of_channel(channel: str) -> tuple[str, ...]:
    """A channel without its Shorts; should that list not be there, all of it."""
    return (
        f"https://www.youtube.com/feeds/videos.xml?playlist_id=UULF{channel[2:]}",
        f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}",
    )


def _arxiv(host: str, steps: list[str], _: str) -> Iterable[str]:
    if host == "arxiv.org" and len(steps) > 1 and steps[0] in ("list", "archive"):
        return (f"https://rss.arxiv.org/rss/{steps[1]}",)
    return ()


def _reddit(_: str, steps: list[str], __: str) -> Iterable[str]:
    if len(steps) > 1 and steps[0] in ("r", "user") and steps[-1] != ".rss":  # one that is a feed already says more
        return (f"https://www.reddit.com/{steps[0]}/{steps[1]}/.rss",)
    return ()


def _medium(host: str, steps: list[str], _: str) -> Iterable[str]:
    if host != "medium.com":
        return (f"https://{host}/feed",)
    if steps[:1] == ["feed"] or not steps:
        return ()
    kept = steps[:2] if steps[0] == "tag" else steps[:1]
    return (f"https://medium.com/feed/{'/'.join(kept)}",)


def _substack(host: str, steps: list[str], _: str) -> Iterable[str]:
    return (f"https://{host}/feed",) if host != "substack.com" and steps[:1] != ["feed"] else ()


def _github(host: str, steps: list[str], _: str) -> Iterable[str]:
    if host != "github.com" or len(steps) < 2 or steps[-1].endswith(".atom"):
        return ()
    watched = steps[2] if len(steps) > 2 and steps[2] in ("releases", "tags") else "releases"
    return (f"https://github.com/{steps[0]}/{steps[1]}/{watched}.atom",)


_SITES: dict[str, Callable[[str, list[str], str], Iterable[str]]] = {
    "youtube.com": _youtube,
    "arxiv.org": _arxiv,
    "reddit.com": _reddit,
    "medium.com": _medium,
    "substack.com": _substack,
    "github.com": _github,
}
