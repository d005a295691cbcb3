"""Whether the catalog's links still lead somewhere, and every visit that says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import LinkState
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, one_of


class Link(Base):
    """The address of an entry and what its visits say of it. With another `url` its history begins anew."""

    __tablename__ = "links"
    __table_args__ = (Index("ix_links_state", "state"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), unique=True)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[LinkState] = mapped_column(one_of(LinkState, 8))
    since: Mapped[datetime]
    visited_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]


class LinkVisit(Base):
    """One visit: what it found (`outcome`) and how (`status`, or the reason why no answer came)."""

    __tablename__ = "link_visits"
    __table_args__ = (Index("ix_link_visits_link", "link_id", "at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("links.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(8))
    status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(40))
