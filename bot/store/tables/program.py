"""Small facts of the program itself."""

from __future__ import annotations

from sqlalchemy import (
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables.columns import Base


class Remembered(Base):
    """A small fact that outlives the process: the zone data's version, the hash of a menu that was set."""

    __tablename__ = "remembered"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
