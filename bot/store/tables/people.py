"""Who speaks to us, what they were asked, and which of their updates took effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import Role
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, one_of

TEAM = text(f"role <> '{Role.LEARNER}'")


class Person(Base):
    """Somebody who spoke to us, whatever platforms they use; `heard_at` is when they last did, to the hour."""

    __tablename__ = "people"
    __table_args__ = (
        # the few who look after the bot; a learner who comes touches it not
        Index("ix_people_team", "role", sqlite_where=TEAM, postgresql_where=TEAM),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    language_chosen: Mapped[bool] = mapped_column(default=False)
    role: Mapped[Role] = mapped_column(one_of(Role, 12), default=Role.LEARNER)
    met_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]


class Identity(Base):
    """A person on one platform."""

    __tablename__ = "identities"

    platform: Mapped[str] = mapped_column(String(12), primary_key=True)
    platform_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class OpenQuestion(Base):
    """What the next free text of a person in a chat answers."""

    __tablename__ = "questions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(12), primary_key=True)
    chat: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class Update(Base):
    """An update that took effect. Its answer is kept until it is on the screen, so that it can be given again."""

    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_at", "at"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)
