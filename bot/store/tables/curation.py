"""What waits for a curator, who brought it, what was decided and by whom; and the room and the invitations of the curators."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import Role, SuggestionState
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, one_of


class Suggestion(Base):
    """One address that somebody or some feed brought, for ever one row: `address_key` is a digest of its canonical `address`.

    `facts` is what the bot found out (title, kind, language, minutes, …, `topics` and `near` by likeness), `edits` what curators set
    instead. `fill_at` is when its page is read next, None when there is nothing left to try; `problem` says why it could not be read.
    `later_at` is when it was put at the end of the queue, `raised_at` when its age was brought up, `helped` how many learners its
    authors were told about. `resource_id` is the entry of the catalog it became.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("address_key"),
        Index("ix_suggestions_state", "state", "made_at"),
        Index("ix_suggestions_fill", "fill_at"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address_key: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[SuggestionState] = mapped_column(one_of(SuggestionState, 10), default=SuggestionState.WAITING)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    edits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    problem: Mapped[str | None] = mapped_column(String(24))
    fill_at: Mapped[datetime | None]
    fill_tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    later_at: Mapped[datetime | None]
    raised_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Text)
    resource_id: Mapped[str | None] = mapped_column(String(60), index=True)
    helped: Mapped[int] = mapped_column(default=0)

    @property
    def is_waiting(self) -> bool:
        """Whether a curator may still decide it."""
        return self.state == SuggestionState.WAITING


class Voice(Base):
    """Somebody, or a feed, who brought an address, with what they said about it. One of each for a suggestion."""

    __tablename__ = "voices"
    __table_args__ = (
        UniqueConstraint("suggestion_id", "person_id"),
        UniqueConstraint("suggestion_id", "feed"),
        Index("ix_voices_person", "person_id", "at"),
        Index("ix_voices_feed", "feed"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    feed: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what to what, how it was before and after, and when. Written once; a name leaves with its person, the deed stays."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "at"), Index("ix_audit_about", "about"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    whom_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    did: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ShownCard(Base):
    """A message that shows a suggestion's card somewhere, so that it can be edited when somebody decides."""

    __tablename__ = "shown_cards"
    __table_args__ = (UniqueConstraint("platform", "chat", "message"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    suggestion_id: Mapped[int] = mapped_column(ForeignKey("suggestions.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str] = mapped_column(String(12))
    chat: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]


class Room(Base):
    """A chat, or one thread of it, where the curators' cards go; the summary comes at `summary_at` on the clock of `zone`.

    `person_id` is whose own chat it is, None where others are in it: such a room leaves with its person, and with their role.
    """

    __tablename__ = "rooms"
    __table_args__ = (UniqueConstraint("platform", "chat"), Index("ix_rooms_next", "next_at"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    platform: Mapped[str] = mapped_column(String(12))
    chat: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(12))
    zone: Mapped[str] = mapped_column(String(64))
    summary_at: Mapped[time]
    next_at: Mapped[datetime]
    since: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class Invitation(Base):
    """A secret that gives a role, kept as a digest: how often it can still be used, how many wrong tries it survives, until when."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[Role] = mapped_column(one_of(Role, 12))
    uses_left: Mapped[int]
    tries_left: Mapped[int]
    until: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
