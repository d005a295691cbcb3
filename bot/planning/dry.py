"""Trails that ran dry: it was said once, and from then on it is looked whether there is something again."""

from __future__ import annotations

from datetime import date, datetime

from bot.catalog.entry import Catalog
from bot.learning.dose import Choice
from bot.learning.schedule import Due
from bot.planning.choice import decide
from bot.planning.slot import Slot
from bot.store.seen import Seen
from bot.store.tables import Subscription


def something_again(
    catalog: Catalog, subscription: Subscription, seen: Seen, due: Due | None, now: datetime
) -> Due | None:
    """The next dose of somebody for whom nothing was left, if it would hold something by now.

    A curator found something new, a link works again, or another weekday has more minutes.
    """
    return due if due and holds_something(catalog, subscription, seen, due.day, now) else None


def holds_something(catalog: Catalog, subscription: Subscription, seen: Seen, day: date, now: datetime) -> bool:
    """Whether the dose of a day would hold something, as things are now."""
    choice, _ = decide(catalog, subscription, seen, Slot(day, now, now))
    return isinstance(choice, Choice)
