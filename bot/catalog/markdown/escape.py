"""Any text as Markdown that shows exactly this text, and any address as the target of a link."""

from __future__ import annotations

import re

SPECIAL = re.compile(r"[\\`*\[\]<>]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w+;)|:(?=//)")
"""What Markdown might take for markup; an underscore inside a word, a lone `&` or `~` mean nothing."""

BLANKS = re.compile("[\t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]| (?= )|(?<= ) ")
LINE_STARTS = re.compile(r"^(?:[#>+=~-]|\d{1,9}[.)])|^$")


def escape(text: str) -> str:
    """Return a text so that no part of it is markup; line breaks and doubled blanks are kept as character references."""
    escaped = SPECIAL.sub(lambda found: "\\" + found[0], text)
    escaped = BLANKS.sub(lambda found: f"&#{ord(found[0])};", escaped)
    return _escape_start(escaped)


def _escape_start(text: str) -> str:
    """Keep the first letters of a line from opening a heading, a list, a quote."""
    found = LINE_STARTS.match(text)
    if not found or not found[0]:
        return text
    mark = found[0]
    return f"{mark[:-1]}\\{mark[-1]}{text[len(mark) :]}"


def escape_url(url: str) -> str:
    """Return an address as it stands in `[text](…)`."""
    escaped = re.sub(r"&(?=#?\w+;)|[<>\\]", lambda found: "\\" + found[0], url)
    if not url or re.search(r"[\s<>]", url) or not _is_balanced(url):
        return f"<{escaped}>"
    return escaped


def _is_balanced(url: str) -> bool:
    """Tell whether every parenthesis of an address is closed in order."""
    depth = 0
    for letter in url:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0
