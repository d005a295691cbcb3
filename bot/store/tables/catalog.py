"""What curators decided about the catalog from the chat, until the file says it too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import EntryState
from bot.store.tables.columns import Base, one_of


class DecidedEntry(Base):
    """An entry as the chat left it (`data`), and as the file had it when it was first touched (`base`, none: born in the chat).

    `why` is the reason why it was retired. `address` (canonical) keeps one link from being added twice.
    `exported_at`: `catalog export` wrote it into the file. `settled_at`: a catalog that was read says so, and the file counts again.
    """

    __tablename__ = "entries"

    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    address: Mapped[str | None] = mapped_column(Text, unique=True)
    base: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    data: Mapped[dict[str, Any]]
    state: Mapped[EntryState] = mapped_column(one_of(EntryState, 8))
    why: Mapped[str | None] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    exported_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
