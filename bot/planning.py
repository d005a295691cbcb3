"""Makes a dose: what a person met so far, the chooser's answer, and the row that holds it; and makes good for days that were lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.learning.dose import Choice, Learner, NothingFits, choose, resting
from bot.learning.schedule import Due, Schedules, claim
from bot.store import doses, subscriptions
from bot.store.doses import Seen
from bot.store.tables import Dose, Subscription

SETTLING = ("done", "known", "dismissed")
"""The marks after which a resource does not come back as a dose."""


def learner_of(subscription: Subscription, seen: Seen, day: date, passed_over: frozenset[str] = frozenset()) -> Learner:
    """What choosing needs for a day, from the rows."""
    last = seen.given[-1] if seen.given else None
    return Learner(
        trail=subscription.trail,
        topics=tuple(subscription.topics),
        minutes=subscription.minutes,
        settled=frozenset().union(*(seen.marks[name] for name in SETTLING)),
        known_topics=frozenset(subscription.known_topics),
        given=tuple(resource for _, resource, _ in seen.given),
        done=tuple(resource for _, resource, outcome in seen.given if outcome == "done"),
        unanswered=last[1] if last and last[2] is None else None,
        resting=resting(((when, resource) for when, resource, outcome in seen.given if outcome is None), day),
        passed_over=passed_over,
    )


def why_of(choice: Choice | NothingFits, trail: str) -> dict[str, Any]:
    """The reason as the dose's row keeps it."""
    if isinstance(choice, NothingFits):
        return {"reason": choice.reason, "own": choice.own, "trail": trail}
    return {"reason": choice.reason, "facts": choice.facts, "place": choice.place, "of": choice.of, "trail": trail}


def plan(
    catalog: Catalog, subscription: Subscription, seen: Seen, *, day: date, due_at: datetime, closes_at: datetime
) -> Dose:
    """The dose of a day, chosen but not stored. With nothing to give, it says so."""
    choice = choose(catalog, learner_of(subscription, seen, day))
    return Dose(
        subscription_id=subscription.id,
        day=day,
        number=0,
        zone=subscription.zone,
        due_at=due_at,
        closes_at=closes_at,
        resource_id=choice.resource.id if isinstance(choice, Choice) else None,
        why=why_of(choice, subscription.trail),
    )


async def catch_up(session: AsyncSession, subscription: Subscription, history: Schedules, now: datetime) -> None:
    """Write down the days we failed somebody, before anything moves on when they are due.

    After an outage a person may speak before the clock has claimed them: the days that ended meanwhile are lost all the same.
    """
    if subscription.state != "active" or subscription.next_day is None or subscription.next_due_at is None:
        return
    claimed = claim(history, Due(subscription.next_day, subscription.next_due_at), now)
    if claimed.lost:
        await excuse_lost(session, subscription, history, claimed.lost, now)
        subscriptions.set_due(subscription, claimed.send or claimed.then)


async def excuse_lost(
    session: AsyncSession, subscription: Subscription, history: Schedules, lost: Sequence[date], now: datetime
) -> None:
    """Excuse days whose dose never came, each since the instant it was due."""
    for day in lost:
        await subscriptions.excuse(session, subscription.id, [day], "lost", since=history.due(day), until=now)


async def offer_another(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, dose: Dose, now: datetime
) -> bool:
    """Put another resource into the same dose; False if there is none."""
    seen = (await doses.seen_by(session, [subscription]))[subscription.id]
    offered = await doses.offers_of(session, dose.id)
    passed_over = frozenset(offer.resource_id for offer in offered)
    learner = learner_of(subscription, seen, dose.day, passed_over)
    choice = choose(catalog, learner)
    if isinstance(choice, NothingFits):
        return False
    dose.resource_id, dose.why = choice.resource.id, why_of(choice, subscription.trail)
    doses.offer(session, dose, len(offered), now)
    return True
