"""Reads somebody else's collection of feeds, such as feedparser's own tests (github.com/kurtmckee/feedparser, folder `tests`).

    make corpus CORPUS=folder        every file under the folder

Each file goes through the worker processes as a visit's body would, twice. Told are a crash, a process that had to be ended, a date nobody
can believe, a link that is no web address, text with characters that hide something, an item that is news to its own feed a second time,
and items that feedparser found and we lost. The files themselves are not part of this project.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from bot.errors import FeedUnreadable
from bot.feeds.identity import Habits, find_news, traits_of
from bot.feeds.item import AHEAD, EARLIEST, Item, Parsed
from bot.feeds.read import MOST_ITEMS
from bot.feeds.workers import Workers

URL = "http://127.0.0.1:8097/"
"""The address at which feedparser's own tests put their files."""
NOW = datetime(2026, 3, 2, tzinfo=UTC)
JOINERS = {0x200C: None, 0x200D: None}
"""What joins letters or parts of a picture and cannot be seen itself; several languages need it."""
ENDED = ("too_slow", "too_much")

_CONTENT_TYPE = re.compile(rb"^Header:\s+Content-type:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)


@dataclass
class Findings:
    """What became of each file, and what is wrong with it."""

    fates: Counter[str]
    faults: list[str]


async def look_at(folder: Path, files: Sequence[Path]) -> Findings:
    """Read every file; the folder is left out of their names."""
    workers, findings = Workers(), Findings(Counter(), [])
    try:
        for file in files:
            name = str(file.relative_to(folder))
            fate, faults = await _look(workers, file.read_bytes())
            findings.fates[fate] += 1
            findings.faults += [f"{name}: {fault}" for fault in faults]
    finally:
        await workers.close()
    return findings


async def _look(workers: Workers, body: bytes) -> tuple[str, list[str]]:
    stated = _CONTENT_TYPE.search(body[:2000])
    content_type = stated[1].decode("latin-1") if stated else ""
    try:
        first, second = [await workers.read(body, URL, content_type, NOW) for _ in range(2)]
    except FeedUnreadable as error:
        lost = len(_their_entries(body, content_type))
        faults = [f"ended: {error.reason}"] if error.reason in ENDED else []
        faults += [f"unreadable ({error.reason} {error.detail}), and yet {lost} entries"] if lost else []
        return error.reason, faults
    except Exception as error:
        return "crash", [f"crash: {error!r}"]
    if not isinstance(first, Parsed) or not isinstance(second, Parsed):
        return "page", []
    faults = [] if first == second else ["another reading, another feed"]
    faults += [fault for item in first.items for fault in _faults_of(item)]
    faults += _faults_of_identity(first)
    theirs = len(_their_entries(body, content_type))
    if body.lstrip()[:1] != b"{" and len(first.items) != min(theirs, MOST_ITEMS):
        faults.append(f"{len(first.items)} items of {theirs}")
    return "feed", faults


def _their_entries(body: bytes, content_type: str) -> list[object]:
    try:
        return list(feedparser.parse(io.BytesIO(body), response_headers={"content-type": content_type}).entries)
    except Exception:  # its own slips on its own files are no entries of ours
        return []


def _faults_of(item: Item) -> Iterator[str]:
    if item.published and not EARLIEST <= item.published <= NOW + AHEAD:
        yield f"dated {item.published}"
    if item.link and not item.link.lower().startswith(("http://", "https://")):
        yield f"link {item.link!r}"
    for text in (item.title, item.summary, item.author):
        if not text.translate(JOINERS).isprintable():
            yield f"text {text!r}"


def _faults_of_identity(parsed: Parsed) -> Iterator[str]:
    once = find_news(parsed.items, (), Habits(), parsed.site, first=True)
    known = [traits_of(item, parsed.site) for item in (*once.new, *once.held_back)]
    again = find_news(parsed.items, known, once.habits, parsed.site, first=False)
    if again.new or again.held_back:
        yield f"{len(again.new) + len(again.held_back)} of {len(parsed.items)} items are news a second time"
    distinct = {(item.id, item.link, item.title, item.published, item.summary) for item in parsed.items}
    if len(known) < len(distinct):
        told = {(item.id, item.link, item.title) for item in parsed.items}
        yield f"{len(distinct)} items that differ are taken for {len(known)}: {sorted(told, key=str)[:3]}"


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else None
    if folder is None or not folder.is_dir():
        print("Which folder? `make corpus CORPUS=folder`, such as the tests of feedparser.", file=sys.stderr)
        return 2
    found = asyncio.run(look_at(folder, sorted(path for path in folder.rglob("*") if path.is_file())))
    print(", ".join(f"{fate} {count}" for fate, count in found.fates.most_common()))
    print("\n".join(found.faults) or "nothing wrong with any")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
