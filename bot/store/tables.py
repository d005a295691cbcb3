"""The tables, drawn once. Migrations follow them and a test holds the two together.

    people ─┬─ identities            who they are on a platform
            ├─ subscriptions ─┬─ schedules, pauses, excuses     what each of their days was
            │                 └─ doses ── offers                what they were given, and what in its place
            ├─ completions                                      what happened, once and for ever
            ├─ marks                                            what they think of a resource
            ├─ cards ── reviews                                 what comes back, and every answer to it
            └─ questions, appointments, updates
    outbox                           everything sent unasked, and how far it got
    resources                        what the catalog ever held: retired, never deleted
    remembered                       small facts of the program itself

Instants are UTC and aware (`UtcTime` refuses others); `day` is a local learning day; `zone` an IANA name.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; both engines give back the same aware UTC value."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware instant into UTC; SQLite stores it without an offset, so that text order is time order."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can drop what it must (Alembic, "naming conventions")."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON}  # noqa: RUF012 (SQLAlchemy reads it from the class)


Key = BigInteger().with_variant(Integer(), "sqlite")
"""A row's number: 64 bits on both engines; SQLite numbers rows only where the type is called INTEGER."""

NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""For tables whose numbers stand in buttons and nonces: SQLite must not give the number of a deleted row to another."""


class Person(Base):
    """Somebody who spoke to us, whatever platforms they use."""

    __tablename__ = "people"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    language_chosen: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str] = mapped_column(String(12), default="learner")
    met_at: Mapped[datetime]


class Identity(Base):
    """A person on one platform."""

    __tablename__ = "identities"

    platform: Mapped[str] = mapped_column(String(12), primary_key=True)
    platform_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)


class Subscription(Base):
    """One person's (later: one chat's) wish for doses, and when the next one is due.

    `trail` is a trail's id, or "own" where they picked the `topics` themselves; `ticked` is what they tick while they pick. `state` is
    draft until confirmed, then active, paused (by them, or by a refusal of the platform) or stopped. `hour` and `turn` are local wall
    time, `days` ISO weekdays such as "12345": the newest wish; what acted on which day is in `schedules`.

    `goal` is streak, week (`weekly` days of it) or off. `nudge_at` is the hour of the evening nudge, `digest_day` (ISO) and `digest_at`
    when the weekly digest comes, `picture` light or dark, `retention` the percentage of their cards that they want to know when these
    come back. `news` waits to be said with the next dose.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_due", "state", "next_due_at"),)

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
    hour: Mapped[time]
    turn: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    days: Mapped[str] = mapped_column(String(7))
    goal: Mapped[str] = mapped_column(String(12), default="streak")
    weekly: Mapped[int] = mapped_column(default=5)
    nudge_at: Mapped[time | None]
    digest_day: Mapped[int | None]
    digest_at: Mapped[time | None]
    picture: Mapped[str] = mapped_column(String(5), default="light")
    news: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    retention: Mapped[int] = mapped_column(default=90)
    state: Mapped[str] = mapped_column(String(8), default="draft")
    began_on: Mapped[date | None]
    next_day: Mapped[date | None]
    next_due_at: Mapped[datetime | None]


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
    """A day on which we failed the person: late, lost, or skipped by the date line. It never counts against them."""

    __tablename__ = "excuses"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]


class Resource(Base):
    """What the catalog holds or ever held, so that progress points somewhere for good."""

    __tablename__ = "resources"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Dose(Base):
    """What one learning day gave: number 0 is the day's dose, 1, 2, … what was asked for beyond it."""

    __tablename__ = "doses"
    __table_args__ = (UniqueConstraint("subscription_id", "day", "number"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    number: Mapped[int] = mapped_column(default=0)
    zone: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    resource_id: Mapped[str | None] = mapped_column(ForeignKey("resources.id"))
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    news: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    outcome: Mapped[str | None] = mapped_column(String(12))
    outcome_at: Mapped[datetime | None]


class Offer(Base):
    """One resource a dose held, in the order they were offered; the last one is the dose's."""

    __tablename__ = "offers"

    dose_id: Mapped[int] = mapped_column(ForeignKey("doses.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), index=True)
    at: Mapped[datetime]


class Completion(Base):
    """Something learnt: its instant, zone and local day, written once and never changed. `key` makes a repeat harmless."""

    __tablename__ = "completions"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_completions_person_day", "person_id", "day"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    dose_id: Mapped[int | None] = mapped_column(ForeignKey("doses.id", ondelete="SET NULL"), index=True)
    resource_id: Mapped[str | None] = mapped_column(ForeignKey("resources.id"))
    at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]


class Mark(Base):
    """What a person thinks of a resource: done, known, dismissed, saved."""

    __tablename__ = "marks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime]


class Card(Base):
    """Something that comes back: a line they wrote (`origin` note), or a curators' question (catalog).

    `state` is the scheduler's JSON, kept as text so that even nonsense can be read; it follows from `reviews` and is rebuilt from them
    where it makes no sense, which is then kept in `set_aside`. `key` makes a curators' question one card. `reviewed` counts the
    reviews, `lapses` those answered "again" since it was last rewritten. `prompt` is empty for a line about a resource.
    """

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index("ix_cards_due", "person_id", "due_at"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(96))
    origin: Mapped[str] = mapped_column(String(8))
    resource_id: Mapped[str | None] = mapped_column(ForeignKey("resources.id"))
    prompt: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    set_aside: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime]
    reviewed: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    suspended: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    day: Mapped[date]


class Review(Base):
    """One answer to a card, written once and never changed: when, 1 (again) to 4 (easy), and the retention wanted then."""

    __tablename__ = "reviews"

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    rating: Mapped[int]
    retention: Mapped[int]


class OpenQuestion(Base):
    """What the next free text of a person in a chat answers."""

    __tablename__ = "questions"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(12), primary_key=True)
    chat: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    about: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]


class Appointment(Base):
    """What a person is due besides the dose: a snooze, a nudge, a digest. One of a kind and subject at a time."""

    __tablename__ = "appointments"
    __table_args__ = (UniqueConstraint("person_id", "kind", "about"), Index("ix_appointments_due", "due_at"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(64), default="")
    due_at: Mapped[datetime]


class Update(Base):
    """An update that took effect. Its answer is kept until it is on the screen, so that it can be given again."""

    __tablename__ = "updates"
    __table_args__ = (Index("ix_updates_at", "at"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(Text)


class Outgoing(Base):
    """A message we send unasked. `key` makes it one; the states are drawn in `bot/delivery/__init__.py`."""

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
    state: Mapped[str] = mapped_column(String(10), default="due")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    plainly: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None]


class Remembered(Base):
    """A small fact that outlives the process: the zone data's version, the hash of a menu that was set."""

    __tablename__ = "remembered"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
