"""When something comes back: the FSRS scheduler's rules over a log of answers (`fsrs`, without steps below a day, without chance).

    Review, Review, … ──replay──▶ state ──due_of──▶ instant
                       state ──answer(Review)──▶ state

The state follows from the log alone, so it can be thrown away and made again. Instants are UTC inside; which learning day shows a card is
decided by whoever asks. Writing something down counts as the first review, answered “good”.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from fsrs import Card, Rating, Scheduler, State

RATINGS = {"again": 1, "hard": 2, "good": 3, "easy": 4}
RETENTIONS = (80, 85, 90, 95)
"""The shares of cards, in percent, that somebody may wish to know when these come back."""
LEECH = 8
"""After how many lapses a card is offered for rewriting."""
LONGEST = 36500
"""Days; FSRS's own limit of an interval."""


class CorruptState(ValueError):
    """A stored state that no scheduler wrote."""


@dataclass(frozen=True, slots=True)
class Review:
    """One answer: its instant (aware), 1 (again) to 4 (easy), and the retention wanted at that time, in percent."""

    at: datetime
    rating: int
    retention: int = 90


def answer(state: str | None, review: Review) -> str:
    """The state after an answer. None is a card that was never reviewed. Raises CorruptState, and ValueError for a naive instant."""
    if review.at.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {review.at!r}")
    at = review.at.astimezone(UTC)
    before = _read(state) if state is not None else Card(card_id=0, due=at)
    if before.last_review and at < before.last_review:  # an answer cannot come before the one before it
        at = before.last_review
    after, _ = _scheduler(review.retention).review_card(before, Rating(review.rating), at)
    return _write(after)


def replay(reviews: Iterable[Review]) -> str:
    """The state that a log of answers leads to, in its order. Raises ValueError for an empty log."""
    state: str | None = None
    for review in reviews:
        state = answer(state, review)
    if state is None:
        raise ValueError("nothing was ever answered")
    return state


def due_of(state: str) -> datetime:
    """The instant (UTC) from which a card wants to come back. Raises CorruptState."""
    return _read(state).due


def retrievability(state: str, now: datetime) -> float:
    """How likely it is that they know it now, 0 to 1. Raises CorruptState."""
    return _scheduler(90).get_card_retrievability(_read(state), now.astimezone(UTC))


@cache
def _scheduler(retention: int) -> Scheduler:
    return Scheduler(
        desired_retention=retention / 100,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,  # chance could not be replayed
    )


def _write(card: Card) -> str:
    return json.dumps(card.to_dict(), sort_keys=True)


def _read(state: str) -> Card:
    try:
        card = Card.from_dict(json.loads(state))
        sound = (
            card.state is State.Review
            and _is_between(card.stability, 0.0, math.inf)
            and _is_between(card.difficulty, 1.0, 10.0)
            and card.last_review is not None
            and card.due.tzinfo is not None
            and card.due > card.last_review
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as cause:
        raise CorruptState(str(cause)) from cause
    if not sound:
        raise CorruptState("a state that no answer leads to")
    card.due = card.due.astimezone(UTC)
    card.last_review = card.last_review.astimezone(UTC) if card.last_review else None
    return card


def _is_between(value: Any, least: float, most: float) -> bool:
    return isinstance(value, float) and math.isfinite(value) and least <= value <= most
