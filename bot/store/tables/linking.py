"""The codes with which somebody says that they are the same person on another platform, and the wrong ones that were tried."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.columns import NUMBERED_ONCE, Base, Key


class LinkCode(Base):
    """A code that somebody was given on `platform`, kept as a digest, good once and until an instant.

    `shown_to` is who entered it last and was asked whether to link; only they may say yes. What was used stays until it is pruned, so
    that whoever enters it again hears that.
    """

    __tablename__ = "link_codes"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str] = mapped_column(String(12))
    until: Mapped[datetime]
    shown_to: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None]


class WrongCode(Base):
    """That somebody entered a code that was none, and when: who does so too often has to wait."""

    __tablename__ = "wrong_codes"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
