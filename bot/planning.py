"""Makes a dose: what a person met so far, the chooser's answer, and the row that holds it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.learning.dose import Choice, Learner, NothingFits, choose
from bot.store import doses
from bot.store.doses import Seen
from bot.store.tables import Dose, Subscription

SETTLING = ("done", "known", "dismissed")
"""The marks after which a resource does not come back as a dose."""


def learner_of(subscription: Subscription, seen: Seen, passed_over: frozenset[str] = frozenset()) -> Learner:
    """What choosing needs, from the rows."""
    last = seen.given[-1] if seen.given else None
    return Learner(
        trail=subscription.trail,
        topics=tuple(subscription.topics),
        minutes=subscription.minutes,
        settled=frozenset().union(*(seen.marks[name] for name in SETTLING)),
        known_topics=frozenset(subscription.known_topics),
        given=tuple(resource for _, resource, _ in seen.given),
        unanswered=last[1] if last and last[2] is None else None,
        passed_over=passed_over,
    )


def why_of(choice: Choice | NothingFits) -> dict[str, Any]:
    """The reason as the dose's row keeps it."""
    if isinstance(choice, NothingFits):
        return {"reason": choice.reason}
    return {"reason": choice.reason, "facts": choice.facts, "place": choice.place, "of": choice.of}


def plan(
    catalog: Catalog, subscription: Subscription, seen: Seen, *, day: date, due_at: datetime, closes_at: datetime
) -> Dose:
    """The dose of a day, chosen but not stored. With nothing to give, it says so."""
    choice = choose(catalog, learner_of(subscription, seen))
    return Dose(
        subscription_id=subscription.id,
        day=day,
        number=0,
        zone=subscription.zone,
        due_at=due_at,
        closes_at=closes_at,
        resource_id=choice.resource.id if isinstance(choice, Choice) else None,
        why=why_of(choice),
    )


async def offer_another(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, dose: Dose, now: datetime
) -> bool:
    """Put another resource into the same dose; False if there is none."""
    seen = (await doses.seen_by(session, [subscription]))[subscription.id]
    offered = await doses.offers_of(session, dose.id)
    passed_over = frozenset(offer.resource_id for offer in offered)
    learner = learner_of(subscription, seen, passed_over)
    choice = choose(catalog, learner)
    if isinstance(choice, NothingFits):
        return False
    dose.resource_id, dose.why = choice.resource.id, why_of(choice)
    doses.offer(session, dose, len(offered), now)
    return True
