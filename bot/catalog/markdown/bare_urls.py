"""Addresses that stand in a text without markup: where they end."""

from __future__ import annotations

import re
from collections.abc import Iterator

AFTER_SCHEME = re.compile(r"://[^\s<>\"“”`|\\]+")
BEHIND_A_URL = re.compile(r"[.,;:!?'*_~…»]+$")
LINK_IN_TEXT = re.compile(r"\[([^\[\]\n]*)\]\(\s*([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\s*\)|\bhttps?(?=://)")


def trim_url(text: str) -> str:
    """Cut an address before a closing bracket that nothing in it opened, and before the sentence's own punctuation."""
    url = BEHIND_A_URL.sub("", text)
    depth = {")": 0, "]": 0}
    for place, letter in enumerate(url):
        if letter in "([":
            depth[")" if letter == "(" else "]"] += 1
        elif letter in depth:
            depth[letter] -= 1
            if depth[letter] < 0:
                return BEHIND_A_URL.sub("", url[:place])
    return url


def split_text(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the runs of a text with the address each leads to: `[words](address)` and bare addresses inside HTML."""
    done = 0
    for found in LINK_IN_TEXT.finditer(text):
        if found.start() < done:
            continue
        words, url, end = found[1], found[2], found.end()
        if words is None:
            behind = AFTER_SCHEME.match(text, found.end())
            tail = trim_url(behind[0]) if behind else ""
            words = url = found[0] + tail
            end = found.end() + len(tail)
            if len(tail) <= len("://"):
                continue
        yield text[done : found.start()], None
        yield words, url
        done = end
    yield text[done:], None
