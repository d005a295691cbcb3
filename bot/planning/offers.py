"""Something else in the same dose: another of ours, one of another size, or what they chose themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog, Resource
from bot.learning import sessions
from bot.learning.dose import Choice, NothingFits, Sentence, choose
from bot.learning.dose.ground import far_from, way_of
from bot.learning.preferences import minutes_for
from bot.planning.choice import hold, keep_small_fitting, seed_of
from bot.planning.learner import learner_of
from bot.store import doses
from bot.store.seen import seen_by
from bot.store.tables import Dose, Subscription


async def offer_another(
    session: AsyncSession,
    catalog: Catalog,
    subscription: Subscription,
    dose: Dose,
    now: datetime,
    *,
    minutes: int | None = None,
    not_today: frozenset[str] = frozenset(),
) -> NothingFits | None:
    """Put another resource into the same dose; if there is none, say why. With `minutes` for another budget, which stays the dose's.

    What is `not_today` does not come, but it stays ahead of them: no topic counts as passed because of it.
    """
    await doses.end_wish(session, dose)
    seen = (await seen_by(session, [subscription], now))[subscription.id]
    offered = await doses.offers_of(session, dose.id)
    elsewhere = await doses.passed_over(session, subscription.id, dose.day)
    passed_over = not_today.union(elsewhere, (offer.resource_id for offer in offered))
    learner = learner_of(catalog, subscription, seen, now, passed_over)
    usual = minutes_for(dose.day, subscription.minutes, subscription.minutes_on or {})
    budget = minutes if minutes is not None else dose.minutes if dose.minutes is not None else usual
    place = len(offered)
    choice = choose(catalog, learner, dose.day, budget, seed_of(subscription.id, dose.day, dose.number) + place)
    if isinstance(choice, NothingFits):
        return choice
    hold(dose, choice, subscription.trail)
    keep_small_fitting(catalog, learner, seen, dose, choice.resource.topic)
    dose.minutes = budget
    doses.offer(session, dose, place, now)
    return None


async def offer_of_size(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, dose: Dose, now: datetime, minutes: int
) -> NothingFits | None:
    """Put something for so many minutes into the same dose: a whole thing if there is one, else a part of a longer one; else say why not.

    What is near comes before what is far: who finds the first video of a trail too long today is no further on the way for that.
    """
    longer = frozenset(entry.id for entry in catalog.resources if entry.minutes > minutes)
    far = _far_from(catalog, subscription, dose)
    for not_today in (longer | far, far, longer):
        if not await offer_another(session, catalog, subscription, dose, now, minutes=minutes, not_today=not_today):
            return None
    return await offer_another(session, catalog, subscription, dose, now, minutes=minutes)


def _far_from(catalog: Catalog, subscription: Subscription, dose: Dose) -> frozenset[str]:
    """What lies neither in the topic of what a dose holds nor in its neighbours on the way; nothing where it stands beside the way."""
    way = way_of(catalog, subscription.trail, tuple(subscription.topics))
    here = way.items.get(dose.resource_id or "") if way else None
    if way is None or here is None:
        return frozenset()
    return far_from(way, here[0].id, subscription.known_topics)


async def put_in(
    session: AsyncSession,
    catalog: Catalog,
    subscription: Subscription,
    dose: Dose,
    entry: Resource,
    reason: str,
    now: datetime,
) -> None:
    """Put a resource of somebody's own choice into a dose, for a `reason` that names a sentence under `why.`."""
    seen = (await seen_by(session, [subscription], now))[subscription.id]
    usual = minutes_for(dose.day, subscription.minutes, subscription.minutes_on)
    budget = max(dose.minutes or usual, sessions.SHORTEST)
    thread = next((one for one in seen.threads if one.resource == entry.id), None)
    long = thread is not None or sessions.is_session(entry, budget)
    sitting = sessions.session_of(entry, thread, budget, subscription.minutes) if long else None
    way = way_of(catalog, subscription.trail, tuple(subscription.topics))
    core = (
        [item.id for stop in way.stops if stop.id not in subscription.known_topics for item in stop.core] if way else []
    )
    choice = Choice(
        resource=entry,
        factors=(Sentence(reason),),
        minutes=sitting.minutes if sitting else entry.minutes,
        session=sitting,
        place=min(sum(one in seen.settled for one in core) + 1, len(core)),
        of=len(core),
    )
    hold(dose, choice, subscription.trail)
    doses.offer(session, dose, len(await doses.offers_of(session, dose.id)), now)


def leave_empty(subscription: Subscription, dose: Dose, nothing: NothingFits) -> None:
    """Nothing is left to offer today: the dose says so, and why."""
    hold(dose, nothing, subscription.trail)
