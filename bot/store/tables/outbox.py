"""Everything sent unasked, and how far it got."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import OutboxState
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, one_of


class Outgoing(Base):
    """A message we send unasked. `key` makes it one; the states are drawn in `bot/delivery/__init__.py`.

    `doubts` counts how often nobody knew whether it arrived, `flagged` is where the platform said that it did not and may be wrong.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "not_before"),
        Index("ix_outbox_person", "person_id"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    platform: Mapped[str] = mapped_column(String(12))
    chat: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True)
    dose_id: Mapped[int | None] = mapped_column(ForeignKey("doses.id", ondelete="CASCADE"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    priority: Mapped[int] = mapped_column(default=5)
    not_before: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    state: Mapped[OutboxState] = mapped_column(one_of(OutboxState, 10), default=OutboxState.DUE)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[bool] = mapped_column(default=False)
    plainly: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None]

    @property
    def may_be_a_copy(self) -> bool:
        """Whether an earlier one may be with its person: it was in doubt, or the platform said that it failed."""
        return self.doubts > 0 or self.flagged
