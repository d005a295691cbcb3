"""What a link must be called and how long it takes, before it goes into doses: its page tells, or else a curator does.

"Attention explained, 20 min"   ──▶ "Attention explained", "20"
"Attention explained, 1h30"     ──▶ "Attention explained", "1h30"
"Attention explained"           ──▶ "Attention explained", None
"""

from __future__ import annotations

import re

from bot.store.suggestions import WholeSuggestion

READ = (None, "no_title", "file", "in_catalog", "twice")
"""What is written beside a suggestion whose page came, whatever there was to read in it."""
_MINUTES = re.compile(
    r"(?P<title>.*?\S)"
    r"(?:(?:\s*[,;·|]\s*|\s+[–—-]\s+)"  # after a comma or the like
    r"(?:(?P<bare>\d{1,5})\s*(?:m|min|minutes?|minutos?|')?"
    r"|(?P<hours>\d{1,4}(?:[.,]\d)?\s*(?:h|hs|hrs?|horas?|hours?)(?:\s*(?:e|and)?\s*\d{1,2}\s*(?:m|min|minutes?|minutos?)?)?))"
    r"|[\s,;·|–—-]+(?P<named>\d{1,5})\s*(?:min|minutes?|minutos?))\.?",  # or called minutes
    re.DOTALL | re.IGNORECASE,
)


def missing(seen: WholeSuggestion) -> tuple[str, ...]:
    """Of title and minutes, what nobody told yet of what waits. A page that was read and tells no minutes leaves them to its kind."""
    if not seen.row.is_waiting:
        return ()
    was_read = seen.row.fill_at is None and seen.row.problem in READ
    wanted = ("title",) if was_read else ("title", "minutes")
    return tuple(field for field in wanted if not seen.known.get(field))


def read_told(words: str) -> tuple[str, str | None]:
    """A title and the length of time it ends in, if any: minutes as a number alone, hours as they are written.

    “GPT-4” and “Chapter 12” are titles.
    """
    words = words.strip()
    found = _MINUTES.fullmatch(words)
    return (
        (found["title"].rstrip(" ,;·|–—-"), found["bare"] or found["hours"] or found["named"])
        if found
        else (words, None)
    )
