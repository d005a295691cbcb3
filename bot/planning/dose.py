"""The day's dose, or one that is asked for: chosen, stored, offered."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.planning.choice import decide, hold
from bot.planning.long import put_away
from bot.planning.slot import Slot
from bot.store import doses
from bot.store.seen import Seen, seen_by
from bot.store.tables import Dose, Subscription


def plan(
    catalog: Catalog, subscription: Subscription, seen: Seen, slot: Slot, passed_over: frozenset[str] = frozenset()
) -> Dose:
    """The dose of a slot, chosen but not stored. With nothing to give, it says so."""
    dose = Dose(
        subscription_id=subscription.id,
        day=slot.day,
        number=slot.number,
        zone=subscription.zone,
        due_at=slot.due_at,
        closes_at=slot.closes_at,
        minutes=slot.budget(subscription),
        news=[],
    )
    choice, dose.small = decide(catalog, subscription, seen, slot, passed_over)
    hold(dose, choice, subscription.trail)
    return dose


async def plan_now(session: AsyncSession, catalog: Catalog, subscription: Subscription, slot: Slot) -> Dose:
    """A dose that somebody asks for: planned for the instant it is due, stored, with its first offer."""
    seen = (await seen_by(session, [subscription], slot.due_at))[subscription.id]
    await put_away(session, catalog, subscription, seen, slot.day, slot.due_at)
    passed_over = await doses.passed_over(session, subscription.id, slot.day)
    dose = plan(catalog, subscription, seen, slot, passed_over)
    session.add(dose)
    await session.flush()
    doses.offer(session, dose, 0, slot.due_at)
    return dose
