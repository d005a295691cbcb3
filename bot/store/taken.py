"""What is taken for sending, as plain values: a mapped object of each would take longer to make than the message does to compose.

Their fields are columns of the tables of the same name, and `beside.py` and the cards read a dose of either kind.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from bot.states import DoseOutcome
from bot.store.tables import Dose, Outgoing, Resource


@dataclass(slots=True)
class TakenRow:
    """A row of the outbox as it was when it was taken."""

    id: int
    key: str
    kind: str
    platform: str
    chat: str
    thread: str | None
    person_id: int | None
    subscription_id: int | None
    facts: dict[str, Any]
    priority: int
    not_before: datetime
    expires_at: datetime | None
    lease_until: datetime | None
    attempts: int
    doubts: int
    flagged: bool
    plainly: bool

    @classmethod
    def of(cls, row: Outgoing) -> Self:
        """The same of a row that is at hand."""
        return cls(**{name: getattr(row, name) for name in names_of(cls)})

    @property
    def may_be_a_copy(self) -> bool:
        """As `Outgoing.may_be_a_copy`."""
        return self.doubts > 0 or self.flagged


@dataclass(slots=True)
class TakenDose:
    """The dose of such a row."""

    id: int
    subscription_id: int
    day: date
    due_at: datetime
    resource_id: str | None
    minutes: int | None
    part: int | None
    small: dict[str, Any] | None
    why: dict[str, Any]
    news: list[dict[str, Any]]
    outcome: DoseOutcome | None

    @classmethod
    def of(cls, dose: Dose) -> Self:
        """The same of a dose that is at hand."""
        return cls(**{name: getattr(dose, name) for name in names_of(cls)})


@dataclass(frozen=True, slots=True)
class TakenResource:
    """What its message says of the resource of such a dose."""

    title: str
    url: str
    topic: str
    retired_at: datetime | None


AnyDose = Dose | TakenDose
"""A dose, at hand to be changed or taken to be sent."""
AnyResource = Resource | TakenResource
"""What it holds, likewise."""


def names_of(kind: type[TakenRow | TakenDose | TakenResource]) -> list[str]:
    """The columns that it is made of, in their order."""
    return [field.name for field in fields(kind)]
