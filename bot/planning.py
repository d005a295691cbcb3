"""Makes a dose: what a person met so far, the chooser's answer, the row that holds it, and what becomes of it. Makes good for lost days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog, Resource
from bot.learning import sessions
from bot.learning.dose import Choice, Learner, NothingFits, Piece, choose, waiting
from bot.learning.dose.ground import way_of
from bot.learning.preferences import languages_for, minutes_for
from bot.learning.schedule import Due, Schedules, claim
from bot.learning.silence import MOST, is_time_to_be_quiet
from bot.learning.small import Around, small_of
from bot.learning.taste import NO_TASTE, Pressed, taste_of
from bot.store import catalog as kept_catalog
from bot.store import doses, news, outbox, subscriptions, threads
from bot.store.seen import Seen, seen_by
from bot.store.tables import Dose, Person, Subscription

HOUR, LONG_AGO = timedelta(hours=1), timedelta(days=MOST - 2)
"""How exactly we keep when somebody last wrote; and for how long they certainly wrote nothing if we are quiet."""
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


def seed_of(subscription_id: int, day: date, number: int = 0) -> int:
    """The chance of a dose: another for everybody and every day, and the same whenever it is asked."""
    return int.from_bytes(blake2b(f"{subscription_id}:{day}:{number}".encode(), digest_size=4).digest(), "big")


def plan(
    catalog: Catalog,
    subscription: Subscription,
    seen: Seen,
    *,
    day: date,
    due_at: datetime,
    closes_at: datetime,
    minutes: int | None = None,
    number: int = 0,
    passed_over: frozenset[str] = frozenset(),
) -> Dose:
    """The dose of a day, chosen but not stored. With nothing to give, it says so. `minutes` is today's budget, if it is another."""
    budget = minutes if minutes is not None else minutes_for(day, subscription.minutes, subscription.minutes_on or {})
    dose = Dose(
        subscription_id=subscription.id,
        day=day,
        number=number,
        zone=subscription.zone,
        due_at=due_at,
        closes_at=closes_at,
        minutes=budget,
    )
    choice, dose.small = decide(catalog, subscription, seen, day, budget, due_at, number, passed_over)
    _hold(dose, choice, subscription.trail)
    return dose


def decide(
    catalog: Catalog,
    subscription: Subscription,
    seen: Seen,
    day: date,
    budget: int,
    now: datetime,
    number: int = 0,
    passed_over: frozenset[str] = frozenset(),
) -> tuple[Choice | NothingFits, dict[str, Any] | None]:
    """What a dose of a day holds, and the small thing beside it."""
    learner = learner_of(catalog, subscription, seen, now, passed_over)
    choice = choose(catalog, learner, day, budget, seed_of(subscription.id, day, number))
    if isinstance(choice, NothingFits):
        return choice, None
    return choice, _small(catalog, learner, seen, choice.resource.topic, day, subscription.id)


def _hold(dose: Dose, choice: Choice | NothingFits, trail: str) -> None:
    """Put a choice into a dose's row. What they put off of it before stays a wish."""
    dose.put_off = False
    dose.why = why_of(choice, trail)
    if isinstance(choice, Choice):
        dose.resource_id, dose.part = choice.resource.id, choice.session.part if choice.session else None
    else:
        dose.resource_id = dose.part = None


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


async def plan_now(
    session: AsyncSession,
    catalog: Catalog,
    subscription: Subscription,
    *,
    day: date,
    now: datetime,
    closes_at: datetime,
    minutes: int | None = None,
    number: int = 0,
) -> Dose:
    """A dose that somebody asks for: planned for now, stored, with its first offer."""
    seen = (await seen_by(session, [subscription], now))[subscription.id]
    await put_away(session, catalog, subscription, seen, day, now)
    dose = plan(
        catalog,
        subscription,
        seen,
        day=day,
        due_at=now,
        closes_at=closes_at,
        minutes=minutes,
        number=number,
        passed_over=await doses.passed_over(session, subscription.id, day),
    )
    session.add(dose)
    await session.flush()
    doses.offer(session, dose, 0, now)
    return dose


def be_quiet(subscription: Subscription, seen: Seen, history: Schedules, day: date, now: datetime) -> bool:
    """Whether it is time to be quiet instead of giving the day's dose; then nothing is due any more."""
    heard_on = history.today(seen.heard_at) if seen.heard_at else None
    if not is_time_to_be_quiet(seen.recent, heard_on, day):
        return False
    subscription.silent_since = now
    subscriptions.set_due(subscription, None)
    return True


async def hear(session: AsyncSession, person: Person, now: datetime) -> Subscription | None:
    """Somebody writes: keep when, to the hour. Gives their subscription if we had been quiet and now go on."""
    if person.heard_at and now - person.heard_at < HOUR:
        return None
    was_long_ago = person.heard_at is None or now - person.heard_at > LONG_AGO
    person.heard_at = now
    found = await subscriptions.of_person(session, person.id) if was_long_ago else None
    if found is None or found.silent_since is None:
        return None
    found.silent_since = None
    await outbox.withdraw_kind(session, person.id, "silence")
    if found.state != "active":
        return None
    history = await subscriptions.schedules(session, found)
    subscriptions.set_due(found, history.next_due(now, history.today(now)))
    return found


async def put_away(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, seen: Seen, day: date, now: datetime
) -> None:
    """Before a dose is made: what nobody answered three times goes to Saved, and long things that left the catalog rest, their place kept.

    Writes only where there is something to write, and brings `seen` along.
    """
    if subscription.person_id is None:
        return
    for resource in waiting(seen.recent, day).spent - seen.settled:
        for name in ("skipped", "saved"):
            await doses.mark(session, subscription.person_id, resource, name, now)
        seen.settled |= {resource}
    held = [thread.resource for thread in seen.threads if catalog.resource(thread.resource)]
    seen.threads, changed = sessions.without_retired(seen.threads, held)
    for thread in changed:
        await threads.keep(session, subscription.person_id, thread)
        if thread.state == sessions.RETIRED:
            kept = await kept_catalog.find(session, thread.resource)
            title = kept.title if kept else thread.resource
            news.add(subscription, {"kind": "retired", "title": title, "part": thread.part, "of": thread.of})


async def offer_another(
    session: AsyncSession,
    catalog: Catalog,
    subscription: Subscription,
    dose: Dose,
    now: datetime,
    *,
    minutes: int | None = None,
    not_today: frozenset[str] = frozenset(),
) -> bool:
    """Put another resource into the same dose; False if there is none. With `minutes` for another budget, which stays the dose's.

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
        return False
    _hold(dose, choice, subscription.trail)
    dose.minutes = budget
    doses.offer(session, dose, place, now)
    return True


async def offer_of_size(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, dose: Dose, now: datetime, minutes: int
) -> bool:
    """Put something for so many minutes into the same dose: a whole thing if there is one, else a part of a longer one."""
    longer = frozenset(entry.id for entry in catalog.resources if entry.minutes > minutes)
    for not_today in (longer, frozenset[str]()):
        if await offer_another(session, catalog, subscription, dose, now, minutes=minutes, not_today=not_today):
            return True
    return False


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
        factors=(Piece(reason),),
        minutes=sitting.minutes if sitting else entry.minutes,
        session=sitting,
        place=min(sum(one in seen.settled for one in core) + 1, len(core)),
        of=len(core),
    )
    _hold(dose, choice, subscription.trail)
    doses.offer(session, dose, len(await doses.offers_of(session, dose.id)), now)


def leave_empty(dose: Dose) -> None:
    """Nothing is left to offer today: the dose says so."""
    _hold(dose, NothingFits("passed_over"), dose.why.get("trail", ""))


async def go_on(session: AsyncSession, person_id: int, thread: sessions.Thread) -> None:
    """Keep how far somebody is with something long that goes on; what has waited longest makes room where there is none."""
    row = await threads.find(session, person_id, thread.resource)
    if row is None or row.state != sessions.OPEN:
        await _make_room(session, person_id)
    await threads.keep(session, person_id, thread)


async def _make_room(session: AsyncSession, person_id: int) -> None:
    """Shelve the long things worked on longest ago, such as those of an earlier trail, so that one more may begin."""
    going = await threads.of_person(session, person_id, [sessions.OPEN])
    for row in going[sessions.MOST_OPEN - 1 :]:
        row.state = sessions.SHELVED


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
