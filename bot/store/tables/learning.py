"""What people were given, what they learnt from it, and what comes back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.states import DoseOutcome, Marked, ThreadState
from bot.store.tables.columns import NUMBERED_ONCE, Base, Key, one_of


class Resource(Base):
    """What the catalog holds or ever held, so that progress points somewhere for good.

    `filed` is the entry as the file has it, none where the file does not have it.
    """

    __tablename__ = "resources"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(60))
    filed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Dose(Base):
    """What one learning day gave: number 0 is the day's dose, 1, 2, … what was asked for beyond it.

    `minutes` is the budget it was chosen for, which may be another than the person's usual one. A session of something long carries the
    `part` (from 1) it begins with; its thread is the one of the person and the resource. `small` is the small thing beside the main one,
    {"kind": …, "id": …} (see `learning/small.py`), `why` the reason with its facts (see `planning/choice.py`). A dose that was `put_off`
    until the next one is no unanswered one. `wished` is the resource of it that they want then, also where this one holds something else by
    now; empty again once it came. `was` is what its outcome took the place of, so that a slip can be undone (`store/slips.py`).
    """

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
    minutes: Mapped[int | None]
    part: Mapped[int | None]
    small: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    why: Mapped[dict[str, Any]] = mapped_column(default=dict)
    news: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    put_off: Mapped[bool] = mapped_column(default=False)
    wished: Mapped[str | None] = mapped_column(String(60))
    outcome: Mapped[DoseOutcome | None] = mapped_column(one_of(DoseOutcome, 12))
    outcome_at: Mapped[datetime | None]
    was: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @property
    def is_done(self) -> bool:
        """Whether they finished what it held."""
        return self.outcome == DoseOutcome.DONE


class Offer(Base):
    """One resource a dose held, in the order they were offered; the last one is the dose's."""

    __tablename__ = "offers"

    dose_id: Mapped[int] = mapped_column(ForeignKey("doses.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), index=True)
    at: Mapped[datetime]


class Completion(Base):
    """Something learnt: its instant, zone and local day, written once and never changed. `key` makes a repeat harmless.

    A press by mistake stays written down and is `withdrawn_at` an instant: from then on nothing counts it, and its key is free again.
    """

    __tablename__ = "completions"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_completions_person_day", "person_id", "day"),
        # all that counting asks for (`suggestions.helpful`), so that no row is looked up
        Index("ix_completions_helped", "resource_id", "withdrawn_at", "person_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    dose_id: Mapped[int | None] = mapped_column(ForeignKey("doses.id", ondelete="SET NULL"), index=True)
    resource_id: Mapped[str | None] = mapped_column(ForeignKey("resources.id"))
    at: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(64))
    day: Mapped[date]
    withdrawn_at: Mapped[datetime | None]


class Mark(Base):
    """What a person thinks of a resource; one row for each mark."""

    __tablename__ = "marks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    mark: Mapped[Marked] = mapped_column(one_of(Marked, 12), primary_key=True)
    at: Mapped[datetime]


class Thread(Base):
    """Something long that somebody does over days: `part` of its `of` parts are behind them.

    `note` is where they said they stopped; `own` is what they took themselves. One row a person and resource: what is taken up again
    goes on where it was. The rules are in `learning/sessions.py`.
    """

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("person_id", "resource_id"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"))
    part: Mapped[int] = mapped_column(default=0)
    of: Mapped[int]
    state: Mapped[ThreadState] = mapped_column(one_of(ThreadState, 8), default=ThreadState.OPEN)
    note: Mapped[str] = mapped_column(Text, default="")
    opened_on: Mapped[date]
    last_on: Mapped[date]
    own: Mapped[bool] = mapped_column(default=False)


class Feedback(Base):
    """What somebody pressed about a resource; a changed mind is another row, and a press that was a slip is taken out again.

    `kind` is one of `learning/taste.py`'s. Taste is never stored: it follows from these rows, whose say fades with age.
    """

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_person_at", "person_id", "at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"), index=True)
    dose_id: Mapped[int | None] = mapped_column(ForeignKey("doses.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    day: Mapped[date]


class Tick(Base):
    """A step of a checklist that somebody ticked off."""

    __tablename__ = "ticks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    checklist: Mapped[str] = mapped_column(String(60), primary_key=True)
    step: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime]


class Card(Base):
    """Something that comes back: a line they wrote (`origin` note), or a curators' question (catalog).

    `state` is the scheduler's JSON, kept as text so that even nonsense can be read; it follows from `reviews` and is rebuilt from them
    where it makes no sense, which is then kept in `set_aside`. `key` makes a curators' question one card. `reviewed` counts the
    reviews, `lapses` those answered "again" since it was last rewritten. `prompt` is empty for a line about a resource.
    `said_in` is the message of theirs that held the line, so that the line follows when they edit it.
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
    said_in: Mapped[str | None] = mapped_column(String(160))
    made_at: Mapped[datetime]
    day: Mapped[date]


class Prompt(Base):
    """A message of ours that asked for a line about a resource, so that a reply to it is that line whenever it comes."""

    __tablename__ = "prompts"
    __table_args__ = (Index("ix_prompts_at", "at"),)

    platform: Mapped[str] = mapped_column(String(12), primary_key=True)
    chat: Mapped[str] = mapped_column(String(64), primary_key=True)
    message: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    resource_id: Mapped[str] = mapped_column(ForeignKey("resources.id"))
    at: Mapped[datetime]


class Review(Base):
    """One answer to a card, written once and never changed: when, 1 (again) to 4 (easy), and the retention wanted then."""

    __tablename__ = "reviews"

    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    rating: Mapped[int]
    retention: Mapped[int]
