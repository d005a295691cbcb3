"""Roles, goals, marks, and the states that rows of the database go through: one table for each family; the columns hold these words.

Which state follows which is drawn where it is decided: subscriptions below, messages in `bot/delivery/__init__.py`, long things in
`bot/learning/sessions.py`, links in `bot/curation/links.py`.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; each role may do what the ones before it may."""

    LEARNER = "learner"
    CURATOR = "curator"
    OWNER = "owner"

    @property
    def _rank(self) -> int:
        return list(Role).index(self)

    def __lt__(self, other: str) -> bool:
        return self._rank < Role(other)._rank

    def __le__(self, other: str) -> bool:
        return self._rank <= Role(other)._rank

    def __gt__(self, other: str) -> bool:
        return self._rank > Role(other)._rank

    def __ge__(self, other: str) -> bool:
        return self._rank >= Role(other)._rank


class SubscriptionState(StrEnum):
    """Whether somebody gets doses.

    draft ──confirmed──▶ active ◀──▶ paused     by them, or by a refusal of the platform
      ▲                    └───┬────────┘
      └──begun again── stopped ◀
    """

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class Goal(StrEnum):
    """What somebody wants to see of their days: a streak, so many days of a week, or neither."""

    STREAK = "streak"
    WEEK = "week"
    OFF = "off"


class DoseOutcome(StrEnum):
    """What became of a dose; None while it is open."""

    DONE = "done"
    WORKED = "worked"


class Marked(StrEnum):
    """What a person marked a resource as. Skipped is what came three times and stayed unanswered."""

    DONE = "done"
    KNOWN = "known"
    DISMISSED = "dismissed"
    SAVED = "saved"
    SKIPPED = "skipped"


class OutboxState(StrEnum):
    """How far a message that we send unasked got."""

    DUE = "due"
    RETRY = "retry"
    UNCERTAIN = "uncertain"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class ThreadState(StrEnum):
    """How it stands with a long thing that somebody does over days."""

    OPEN = "open"
    SHELVED = "shelved"
    FINISHED = "finished"
    RETIRED = "retired"


class SuggestionState(StrEnum):
    """What became of a link that was brought: withdrawn by everybody who brought it, closed where nobody decided in time."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class EntryState(StrEnum):
    """Whether an entry that curators touched may be given out."""

    LIVE = "live"
    RETIRED = "retired"


class FeedState(StrEnum):
    """Whether a feed is visited: gone (410), unfollowed by a curator, dropped from the catalog, doubled (another one we follow)."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"
    UNFOLLOWED = "unfollowed"
    DROPPED = "dropped"
    DOUBLED = "doubled"


class FeedSearchState(StrEnum):
    """Whether we looked already for the feed that a curator wants."""

    WAITING = "waiting"
    DONE = "done"


class LinkState(StrEnum):
    """Whether the address of an entry still leads somewhere."""

    OK = "ok"
    SUSPECT = "suspect"
    DEAD = "dead"
