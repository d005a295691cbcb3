"""Reads the bytes of a feed: RSS of every age, RDF, Atom, JSON Feed. Runs in a worker process, never on the loop.

feedparser gets the body as `io.BytesIO`: given bytes, it would open the file that they name. It is told not to mend the HTML of the
items, which nobody here shows; that takes half of the time. What comes out is cut to size here, so that little travels back.
"""

from __future__ import annotations

import io
import json
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any

from bot.errors import FeedUnreadable
from bot.feeds.item import ID, NAME, SUMMARY, TITLE, Item, Parsed, believable, one_line, web_link, without_tags

MOST_ITEMS = 500
LONGEST_TTL = 7 * 24 * 60


def read_feed(body: bytes, url: str, content_type: str, now: datetime) -> Parsed:
    """The feed in these bytes. Raises FeedUnreadable for what is none."""
    if not body.strip():
        raise FeedUnreadable("empty")
    if body.lstrip()[:1] == b"{":
        return _read_json(body, url, now)
    return _read_xml(body, url, content_type, now)


def _read_xml(body: bytes, url: str, content_type: str, now: datetime) -> Parsed:
    import feedparser  # late: only a worker process needs it

    # without its address: it would make ids whole with it, and all of them would change when the feed moves
    headers = {"content-type": content_type} if content_type else {}
    try:
        found = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
        raise FeedUnreadable("broken", type(error).__name__) from None  # the library's own slips on hostile bytes
    if not found.get("version") and not found.entries:
        raise FeedUnreadable("no_feed")
    feed = found.feed
    site = web_link(feed.get("link"), url)
    return Parsed(
        title=_plain(feed, "title", TITLE),
        site=site,
        items=tuple(_item(entry, site or url, now) for entry in found.entries[:MOST_ITEMS]),
        minutes=_minutes(feed.get("ttl")),
        language=one_line(feed.get("language"), 12) or None,
    )


def _item(entry: dict[str, Any], base: str, now: datetime) -> Item:
    text = _text(entry)
    return Item(
        id=one_line(entry.get("id"), ID) or None,
        link=_link(entry, base),
        title=_plain(entry, "title", TITLE),
        published=believable(_date(entry), now),
        summary=without_tags(text, SUMMARY),
        letters=len(text),
        author=one_line(entry.get("author"), NAME),
        seconds=_seconds(entry.get("itunes_duration")),
    )


def _plain(holder: Mapping[str, Any], name: str, most: int) -> str:
    """A title. Where the feed says that it is HTML its tags go; elsewhere `<script>` is a word like any other."""
    detail = holder.get(f"{name}_detail") or {}
    value = str(holder.get(name) or "")
    marked_up = "html" in str(detail.get("type", "")) and "<" in value
    return without_tags(value, most) if marked_up else one_line(value, most)


def _text(entry: Mapping[str, Any]) -> str:
    """The longest text there is."""
    contents = [str(content.get("value") or "") for content in entry.get("content") or () if isinstance(content, dict)]
    return max((str(entry.get("summary") or ""), *contents), key=len)


def _link(entry: Mapping[str, Any], base: str) -> str | None:
    """The page of an item; of an episode without one, its recording. An id is a link only if it is a whole one."""
    stated = str(entry.get("link") or "")
    if (stated != entry.get("id") or stated[:4].lower() == "http") and (link := web_link(stated, base)):
        return link
    recordings = [one.get("href") for one in entry.get("enclosures") or () if isinstance(one, dict)]
    return next((link for one in recordings if (link := web_link(one, base))), None)


def _date(entry: dict[str, Any]) -> datetime | None:
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        stated = dict.get(entry, name)  # its own `get` makes up one date from another, with a warning
        if isinstance(stated, struct_time):
            try:
                return datetime.fromtimestamp(timegm(stated), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _minutes(ttl: object) -> int | None:
    return min(int(ttl), LONGEST_TTL) if isinstance(ttl, str) and ttl.isdecimal() and len(ttl) < 9 else None


def _seconds(duration: object) -> int | None:
    """`3600`, `60:00` or `1:00:00`."""
    parts = str(duration or "").strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() and len(part) < 7 for part in parts):
        return None
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds if 0 < seconds < 48 * 3600 else None


def _read_json(body: bytes, url: str, now: datetime) -> Parsed:
    """JSON Feed, 1.0 and 1.1 (jsonfeed.org)."""
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):
        raise FeedUnreadable("broken", "JSON") from None
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        raise FeedUnreadable("no_feed")
    site = web_link(feed.get("home_page_url"), url)
    items = feed.get("items")
    entries = [entry for entry in items[:MOST_ITEMS] if isinstance(entry, dict)] if isinstance(items, list) else []
    return Parsed(
        title=one_line(feed.get("title"), TITLE),
        site=site,
        items=tuple(_json_item(entry, site or url, now) for entry in entries),
        language=one_line(feed.get("language"), 12) or None,
    )


def _json_item(entry: Mapping[str, Any], base: str, now: datetime) -> Item:
    text = str(entry.get("content_html") or entry.get("content_text") or entry.get("summary") or "")
    authors = entry.get("authors") or [entry.get("author")]
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    stated = entry.get("id")
    return Item(
        id=one_line(stated, ID) if isinstance(stated, str | int | float) and stated != "" else None,
        link=web_link(entry.get("url"), base) or web_link(entry.get("external_url"), base),
        title=one_line(entry.get("title"), TITLE),
        published=believable(_json_date(entry.get("date_published")), now),
        summary=without_tags(text, SUMMARY),
        letters=len(text),
        author=one_line(first.get("name"), NAME),
    )


def _json_date(stated: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(stated))
    except ValueError:
        return None
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
