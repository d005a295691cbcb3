"""The chooser's answer for somebody's day, the small thing beside it, and the reason as the dose's row keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import blake2b
from typing import Any

from bot.catalog.entry import Catalog
from bot.learning.dose import Choice, Learner, NothingFits, choose
from bot.learning.small import Around, fits, small_from, small_of
from bot.planning.learner import learner_of
from bot.planning.slot import Slot
from bot.store.seen import Seen
from bot.store.tables import Dose, Subscription


def decide(
    catalog: Catalog, subscription: Subscription, seen: Seen, slot: Slot, passed_over: frozenset[str] = frozenset()
) -> tuple[Choice | NothingFits, dict[str, Any] | None]:
    """What a dose holds, and the small thing beside it."""
    learner = learner_of(catalog, subscription, seen, slot.due_at, passed_over)
    seed = seed_of(subscription.id, slot.day, slot.number)
    choice = choose(catalog, learner, slot.day, slot.budget(subscription), seed)
    if isinstance(choice, NothingFits):
        return choice, None
    return choice, _small(catalog, learner, seen, choice.resource.topic, slot.day, subscription.id)


def keep_small_fitting(catalog: Catalog, learner: Learner, seen: Seen, dose: Dose, topic: str) -> None:
    """Where a dose holds something else now, its small thing stays if it fits that; otherwise it is chosen as if it had not come."""
    small = small_from(dose.small)
    if small is None or fits(catalog, small, topic, seen.ticked):
        return
    others = {one: day for one, day in seen.small.items() if one != small}
    dose.small = _small(catalog, learner, replace(seen, small=others), topic, dose.day, dose.subscription_id)


def seed_of(subscription_id: int, day: date, number: int = 0) -> int:
    """The chance of a dose: another for everybody and every day, and the same whenever it is asked."""
    return int.from_bytes(blake2b(f"{subscription_id}:{day}:{number}".encode(), digest_size=4).digest(), "big")


def _small(catalog: Catalog, learner: Learner, seen: Seen, topic: str, day: date, chance: int) -> dict[str, Any] | None:
    small = small_of(
        catalog,
        Around(
            topic=topic,
            day=day,
            given=seen.small,
            ticked=seen.ticked,
            due=seen.due,
            languages=learner.languages,
            dead=learner.dead,
            chance=chance,
        ),
    )
    return {"kind": small.kind, "id": small.id} if small else None


def hold(dose: Dose, choice: Choice | NothingFits, trail: str) -> None:
    """Put a choice into a dose's row. What they put off of it before stays a wish."""
    dose.put_off = False
    dose.why = why_of(choice, trail)
    if isinstance(choice, Choice):
        dose.resource_id, dose.part = choice.resource.id, choice.session.part if choice.session else None
    else:
        dose.resource_id = dose.part = None


def why_of(choice: Choice | NothingFits, trail: str) -> dict[str, Any]:
    """The reason as the dose's row keeps it.

    Of a choice: `reason` and `facts`, the sentence that decided (`why.<reason>`); `factors`, all that is true as [{"reason", "facts"}, …],
    that one first; `place` of `of`; `minutes` asked of the person; `session` {"part", "until", "of", "minutes"} where it is one.
    Of nothing: `reason` (`nothing.<reason>`), `own`, `minutes` and the `nearest` trail. Both: the `trail`.
    """
    if isinstance(choice, NothingFits):
        return {
            "reason": choice.reason,
            "own": choice.own,
            "minutes": choice.minutes,
            "nearest": choice.nearest,
            "trail": trail,
        }
    why: dict[str, Any] = {
        "reason": choice.reason,
        "facts": choice.facts,
        "factors": [{"reason": piece.reason, "facts": piece.facts} for piece in choice.factors],
        "place": choice.place,
        "of": choice.of,
        "minutes": choice.minutes,
        "trail": trail,
    }
    if choice.session:
        session = choice.session
        why["session"] = {
            "part": session.part,
            "until": session.until,
            "of": session.of,
            "minutes": session.minutes,
        }
    return why
