"""What the chooser needs of somebody, from the rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.catalog.entry import Catalog
from bot.learning.dose import Learner
from bot.learning.preferences import languages_for
from bot.learning.taste import NO_TASTE, Pressed, taste_of
from bot.store.seen import Seen
from bot.store.tables import Subscription

BROKEN_FOR = timedelta(days=30)
"""How long somebody is spared a link that they reported as broken; the curators will have looked by then."""


def learner_of(
    catalog: Catalog,
    subscription: Subscription,
    seen: Seen,
    now: datetime,
    passed_over: frozenset[str] = frozenset(),
) -> Learner:
    """What choosing needs of somebody, from the rows. A link that they could not open is dead to them, for a while."""
    could_not_open = {resource for resource, at in seen.broken if now - at < BROKEN_FOR}
    pressed = [Pressed(entry, kind, at) for resource, kind, at in seen.pressed if (entry := catalog.resource(resource))]
    return Learner(
        trail=subscription.trail,
        topics=tuple(subscription.topics),
        minutes=subscription.minutes,
        languages=languages_for(subscription.resource_languages, seen.language),
        level=subscription.level,
        taste=taste_of(pressed, now, subscription.taste_since) if pressed else NO_TASTE,
        settled=seen.settled,
        known_topics=subscription.known_topics,
        recent=tuple(seen.recent),
        threads=tuple(seen.threads),
        passed_over=passed_over,
        dead=could_not_open.union(seen.dead) if could_not_open else seen.dead,
        added=seen.added,
    )
