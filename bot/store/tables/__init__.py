"""The tables, drawn once. Migrations follow them and a test holds the two together.

    people ─┬─ identities            who they are on a platform
            ├─ subscriptions ─┬─ schedules, pauses, excuses     what each of their days was
            │                 └─ doses ── offers                what they were given, and what in its place
            ├─ completions                                      what happened, once and for ever; a slip is withdrawn
            ├─ marks, feedback                                  what they think of a resource, and every press that said so
            ├─ threads, ticks                                   how far they are with long things and checklists
            ├─ prompts                                          which of our messages asked for a line about what
            ├─ cards ── reviews                                 what comes back, and every answer to it
            ├─ voices ── suggestions                            what they brought for the catalog, and what became of it
            ├─ lookups                                          what they searched for, while its pages are turned
            ├─ link_codes, wrong_codes                          how they say that they are the same person elsewhere
            └─ questions, appointments, updates
    outbox                           everything sent unasked, and how far it got
    resources ── entries             what the catalog ever held: retired, never deleted; what the chat decided about it
    feeds ── feed_items              what fills the queue by itself; feed_hosts, feed_searches
    links ── link_visits             whether an entry's address still leads somewhere, and every visit
    audit                            every deed of the curators
    shown_cards, rooms, invitations  where curators see a suggestion, and how one becomes a curator
    remembered                       small facts of the program itself

Instants are UTC and aware (`UtcTime` refuses others); `day` is a local learning day; `zone` an IANA name.
"""

from __future__ import annotations

from bot.store.tables.catalog import DecidedEntry
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, UtcTime
from bot.store.tables.curation import AuditEntry, Invitation, Room, ShownCard, Suggestion, Voice
from bot.store.tables.feeds import Feed, FeedHost, FeedItem, FeedSearch
from bot.store.tables.learning import (
    Card,
    Completion,
    Dose,
    Feedback,
    Mark,
    Offer,
    Prompt,
    Resource,
    Review,
    Thread,
    Tick,
)
from bot.store.tables.linking import LinkCode, WrongCode
from bot.store.tables.links import Link, LinkVisit
from bot.store.tables.lookups import Lookup
from bot.store.tables.outbox import Outgoing
from bot.store.tables.people import Identity, OpenQuestion, Person, Update
from bot.store.tables.program import Remembered
from bot.store.tables.subscriptions import Appointment, Excuse, Pause, Schedule, Subscription

__all__ = [
    "NUMBERED_ONCE",
    "Appointment",
    "AuditEntry",
    "Base",
    "Card",
    "Completion",
    "DecidedEntry",
    "Dose",
    "Excuse",
    "Feed",
    "FeedHost",
    "FeedItem",
    "FeedSearch",
    "Feedback",
    "Identity",
    "Invitation",
    "Key",
    "Link",
    "LinkCode",
    "LinkVisit",
    "Lookup",
    "Mark",
    "Offer",
    "OpenQuestion",
    "Outgoing",
    "Pause",
    "Person",
    "Prompt",
    "Remembered",
    "Resource",
    "Review",
    "Room",
    "Schedule",
    "ShownCard",
    "Subscription",
    "Suggestion",
    "Thread",
    "Tick",
    "Update",
    "UtcTime",
    "Voice",
    "WrongCode",
]
