"""Small facts of the program itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.columns import Base


class Remembered(Base):
    """A small fact that outlives the process: the zone data's version, the hash of a menu that was set, an update that was set aside.

    What somebody said is kept with its `owner`, such as "telegram:1234", and no longer than `until`.
    """

    __tablename__ = "remembered"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(80))
    until: Mapped[datetime | None]
