"""Whether a link still leads somewhere, from what visits to it found. Values in, a state out (design, section 3, “Links die”).

404 or 410, twice and days apart ─▶ dead        once, or a way to a login or a home page, or two learners ─▶ suspect
403, 429, 5xx, time-outs ─▶ nothing new: a site may refuse robots and stay open to people
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlsplit

from bot.states import LinkState

AGAIN = timedelta(days=14)
"""How often a link that opens is visited."""
IN_DOUBT = timedelta(days=3)
"""How often one that does not."""
APART = timedelta(days=3)
"""How far two strikes must lie apart; a site that is down for a weekend loses nothing."""
STRIKES = 2
PATIENT_HOSTS = ("youtube.com", "youtu.be")
PATIENT_STRIKES = 3
"""Where a page that is there is said to be gone now and then."""
REPORTS = 2
"""Learners who could not open it since it last opened for us."""
GONE = frozenset({404, 410})
LOGIN = re.compile(r"/(?:log-?in|sign-?in|signin|auth|sso|accounts?/login|session/new)\b", re.IGNORECASE)


class LinkOutcome(StrEnum):
    """What one visit found."""

    OPENS = "opens"
    GONE = "gone"
    ASIDE = "aside"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit and what it found."""

    at: datetime
    outcome: LinkOutcome


def outcome_of(asked: str, status: int | None, came_to: str) -> LinkOutcome:
    """What an answer means; `status` is None where none came, `came_to` where the redirects ended."""
    if status in GONE:
        return LinkOutcome.GONE
    if status is None or not (200 <= status < 300 or status == 304):
        return LinkOutcome.UNSURE
    return LinkOutcome.ASIDE if _leads_aside(asked, came_to) else LinkOutcome.OPENS


def state_of(visits: Sequence[Visit], reports: int, host: str) -> LinkState:
    """The state after these visits, oldest first, and that many learners' reports since it last opened."""
    since = list(visits)
    for place, visit in enumerate(visits):
        if visit.outcome is LinkOutcome.OPENS:
            since = list(visits[place + 1 :])
    strikes, last = 0, None
    for visit in since:
        if visit.outcome is LinkOutcome.GONE and (last is None or visit.at - last >= APART):
            strikes, last = strikes + 1, visit.at
    if strikes >= (PATIENT_STRIKES if is_patient(host) else STRIKES):
        return LinkState.DEAD
    doubtful = strikes or reports >= REPORTS or any(visit.outcome is LinkOutcome.ASIDE for visit in since)
    return LinkState.SUSPECT if doubtful else LinkState.OK


def is_patient(host: str) -> bool:
    """Whether a 404 of this host means less than elsewhere."""
    return any(host == one or host.endswith(f".{one}") for one in PATIENT_HOSTS)


def archive_address(url: str, day: datetime) -> str:
    """Where the Internet Archive would have the page as it was around a day; built, not looked up."""
    return f"https://web.archive.org/web/{day:%Y%m%d}/{quote(url, safe=':/?&=%~+,;@!$()*#')}"


def _leads_aside(asked: str, came_to: str) -> bool:
    """Whether one ended at a login or a home page instead of the page."""
    here, there = urlsplit(asked), urlsplit(came_to)
    if not here.path.strip("/") and not here.query:
        return False
    home = not there.path.strip("/") and not there.query
    return home or bool(LOGIN.search(there.path) and not LOGIN.search(here.path))
