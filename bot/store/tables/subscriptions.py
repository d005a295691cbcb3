"""Who wants doses and when, and what each of their days was."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import Goal, SubscriptionState
from bot.store.tables.columns import Base, Key, one_of


class Subscription(Base):
    """One person's (later: one chat's) wish for doses, and when the next one is due.

    `trail` is a trail's id, or "own" where they picked the `topics` themselves; `ticked` is what they tick while they pick. `hour` and
    `turn` are local wall time, `days` ISO weekdays such as "12345": the newest wish; what acted on which day is in `schedules`.

    `weekly` is how many days of a week their goal is, where it is one. `nudge_at` is the hour of the evening nudge, `digest_day` (ISO)
    and `digest_at` when the weekly digest comes, `picture` light or dark, `retention` the percentage of their cards that they want to
    know when these come back. `news` waits to be said with the next dose. `lot` says who comes first among those who are due at one
    instant.

    `minutes` is the size of a dose; `minutes_on` says otherwise for ISO weekdays, such as {"6": 60}. `resource_languages` are ISO 639-1
    codes, the preferred one first; None follows the interface, an empty list is none at all (both: `learning/preferences.py`). `level`
    is 1 (easy) to 3 (hard). What was pressed before `taste_since` says nothing about their taste any more. `silent_since` is the instant
    from which nothing comes until they write, because ten doses in a row went unanswered.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_due", "state", "platform", "next_due_at", "lot"),
        Index("ix_subscriptions_chat", "platform", "chat"),  # for a chat that moves
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    owner: Mapped[str] = mapped_column(String(80), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    platform: Mapped[str] = mapped_column(String(12))
    chat: Mapped[str] = mapped_column(String(64))
    thread: Mapped[str | None] = mapped_column(String(64))
    trail: Mapped[str] = mapped_column(String(60))
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    ticked: Mapped[list[str]] = mapped_column(JSON, default=list)
    known_topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    minutes: Mapped[int]
    minutes_on: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    resource_languages: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    level: Mapped[int] = mapped_column(default=2)
    taste_since: Mapped[datetime | None]
    silent_since: Mapped[datetime | None]
    hour: Mapped[time]
    turn: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    days: Mapped[str] = mapped_column(String(7))
    goal: Mapped[Goal] = mapped_column(one_of(Goal, 12), default=Goal.STREAK)
    weekly: Mapped[int] = mapped_column(default=5)
    nudge_at: Mapped[time | None]
    digest_day: Mapped[int | None]
    digest_at: Mapped[time | None]
    picture: Mapped[str] = mapped_column(String(5), default="light")
    news: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    retention: Mapped[int] = mapped_column(default=90)
    state: Mapped[SubscriptionState] = mapped_column(one_of(SubscriptionState, 8), default=SubscriptionState.DRAFT)
    began_on: Mapped[date | None]
    next_day: Mapped[date | None]
    next_due_at: Mapped[datetime | None]
    lot: Mapped[int] = mapped_column(default=0)

    @property
    def is_draft(self) -> bool:
        """Whether they have not confirmed it yet."""
        return self.state == SubscriptionState.DRAFT

    @property
    def is_active(self) -> bool:
        """Whether doses are due."""
        return self.state == SubscriptionState.ACTIVE

    @property
    def is_paused(self) -> bool:
        """Whether doses wait, for them or for the platform."""
        return self.state == SubscriptionState.PAUSED

    @property
    def gives_doses(self) -> bool:
        """Whether doses come, now or after a pause."""
        return self.is_active or self.is_paused

    @property
    def is_stopped(self) -> bool:
        """Whether they ended it."""
        return self.state == SubscriptionState.STOPPED


class Schedule(Base):
    """The hour, turn, zone and days that act from a learning day on, until the next row."""

    __tablename__ = "schedules"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[time]
    turn: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    days: Mapped[str] = mapped_column(String(7))


class Pause(Base):
    """Days without doses: from `from_day` to the day before `to_day`, open while that is empty; `why` is asked or blocked."""

    __tablename__ = "pauses"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    to_day: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(8))


class Excuse(Base):
    """A day on which nothing came in time: late, lost, unsure, restored (what they did is forgotten), skipped by the date line, or silent.

    It never counts against them.
    """

    __tablename__ = "excuses"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]


class Appointment(Base):
    """What a person is due besides the dose: a snooze, a nudge, a digest. One of a kind and subject at a time."""

    __tablename__ = "appointments"
    __table_args__ = (UniqueConstraint("person_id", "kind", "about"), Index("ix_appointments_due", "due_at"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(64), default="")
    due_at: Mapped[datetime]
