"""What somebody looked up in a list that has pages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.columns import NUMBERED_ONCE, Base, Key


class Lookup(Base):
    """The words of a search or the filter of a history (`kind`), so that the buttons of its pages fit 64 bytes and last."""

    __tablename__ = "lookups"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
