"""Two people turn out to be one: what would become of them, and doing it. The rules are in `bot/learning/union.py`."""

from __future__ import annotations

from bot.cards.linking import HERE, Plan, place_of
from bot.commands.ask import Ask
from bot.commands.digest import keep_digest
from bot.commands.goal import standing_of
from bot.commands.nudge import keep_nudge
from bot.commands.pausing.block import is_blocked, let_in
from bot.commands.schedule import next_dose, sent_today
from bot.errors import UserMistake
from bot.learning.schedule import Schedules
from bot.learning.standing import Standing
from bot.learning.streak import History, classify, streak
from bot.learning.union import together
from bot.planning.lost import catch_up
from bot.planning.presence import end_silence
from bot.states import Goal, SubscriptionState
from bot.store import appointments, cards, completions, desk, doses, outbox, people, subscriptions, union
from bot.store.history import history_of
from bot.store.tables import LinkCode, Person, Subscription

LIVELY = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED, SubscriptionState.STOPPED, SubscriptionState.DRAFT)
"""Which subscription stays where they cannot choose: the one that comes first here."""
OF_ONE_SUBSCRIPTION = ("nudge", "digest", "silence")
"""What waits for somebody because of their subscription, and ends with it."""

Two = tuple[Subscription | None, Subscription | None]


async def plan_of(ask: Ask, code: LinkCode, other: Person, wanted: str) -> Plan:
    """What linking them would do, and nothing of it done."""
    here = await subscriptions.of_person(ask.session, ask.person.id)
    there = await subscriptions.of_person(ask.session, other.id, lock=False)
    stays, ends = _which_stays(here, there, wanted)
    both = (ask.person.id, other.id)
    accounts = await people.identities(ask.session, *both)
    language = _language_of_both(ask.person, other)
    return Plan(
        number=code.id,
        name=other.name,
        made_in=[one for one in accounts if (one.person_id, one.platform) == (other.id, code.platform)],
        accounts=accounts,
        done=await completions.count_things(ask.session, both),
        notes=await cards.count_lines(ask.session, both),
        streak=await _streak(ask, stays, ends),
        stays=stays,
        ends=ends,
        stays_here=stays is here,
        may_choose=_may_choose(here, there),
        language=language.partition("-")[0] if language != other.language else None,
        comes_here=stays is not None and not _is_here(ask, stays) and await is_blocked(ask, stays),
    )


def _is_here(ask: Ask, subscription: Subscription) -> bool:
    here = ask.incoming.address
    return (subscription.platform, subscription.chat) == (here.platform, here.chat)


async def _streak(ask: Ask, stays: Subscription | None, ends: Subscription | None) -> int | None:
    if stays is None or stays.goal != Goal.STREAK or not stays.began_on:
        return None
    await _schedules(ask, stays)
    history = await history_of(ask.session, stays, ask.now)
    if ends and ends.began_on:
        await _schedules(ask, ends)
        history = together(history, await history_of(ask.session, ends, ask.now), ask.now, sent=False)
    return streak(classify(history, ask.now)).length


def _may_choose(here: Subscription | None, there: Subscription | None) -> bool:
    """Whether both give doses, or would after a pause."""
    return all(one is not None and one.gives_doses for one in (here, there))


def _which_stays(here: Subscription | None, there: Subscription | None, wanted: str) -> Two:
    """The subscription that stays, and the one that ends: the one they want, else the livelier, else the one where the code was made."""
    if here is None or there is None:
        return here or there, None
    if wanted and _may_choose(here, there):
        return (here, there) if wanted == HERE else (there, here)
    first, second = sorted((there, here), key=lambda one: LIVELY.index(one.state))
    return first, second


def _language_of_both(mine: Person, other: Person) -> str:
    """The language one of them chose; of two the one that is spoken here."""
    return other.language if other.language_chosen and not mine.language_chosen else mine.language


# ------------------------------------------------------------------------------------------------------------- doing it


async def unite(ask: Ask, other: Person, wanted: str) -> Standing | None:
    """Let the other person be the one who asks: all they have goes over. Gives where they stand then, if they ever began."""
    here = await subscriptions.of_person(ask.session, ask.person.id)
    there = await subscriptions.of_person(ask.session, other.id)
    stays, ends = _which_stays(here, there, wanted)
    # after the subscriptions: whoever claims a dose holds one of these and then names its person
    await people.hold(ask.session, other.id, whole=True)
    for one in (stays, ends):
        if one:
            await _bring_up_to_date(ask, one)
    if stays and await is_blocked(ask, stays):  # whoever links is here, and that is where doses get through
        await let_in(ask, stays, (await _schedules(ask, stays)).today(ask.now))
    if stays and ends:
        await _end(ask, stays, ends)
    await _take_over(ask, other)
    if stays is None:
        return None
    await ask.session.refresh(stays)
    return await _go_on(ask, stays)


async def _bring_up_to_date(ask: Ask, subscription: Subscription) -> None:
    """Write down what is still owed to the days before, and take back a dose that waits, so that it is told once and comes once."""
    history = await _schedules(ask, subscription)
    await catch_up(ask.session, subscription, history, ask.now)
    await end_silence(ask.session, subscription, history, ask.now)
    await sent_today(ask, subscription, history.today(ask.now))
    for kind in OF_ONE_SUBSCRIPTION:
        await outbox.withdraw_kind(ask.session, subscription.person_id or 0, kind)


async def _end(ask: Ask, stays: Subscription, ends: Subscription) -> None:
    """The doses and the days of both are those of the one that stays."""
    past: History | None = None
    if stays.began_on and ends.began_on:
        of_both = await history_of(ask.session, stays, ask.now), await history_of(ask.session, ends, ask.now)
        today = of_both[1].schedules.today(ask.now)
        sent = await doses.of_day(ask.session, ends.id, today) or await doses.of_day(ask.session, stays.id, today)
        past = together(*of_both, now=ask.now, sent=sent is not None)
    await union.end(ask.session, stays, ends)
    if past:
        await union.retell(ask.session, stays, past)


async def _take_over(ask: Ask, other: Person) -> None:
    """Everything else; a role that comes along is a deed that owners can read."""
    person, role = ask.person, max(ask.person.role, other.role)
    # from now on the clients of two platforms would take turns in saying which
    person.language, person.language_chosen = _language_of_both(person, other), True
    await union.unite(ask.session, person, other)
    if role != person.role:
        await desk.change_role(ask.session, person, role, by=person.id, now=ask.now)


async def _go_on(ask: Ask, subscription: Subscription) -> Standing | None:
    """From here on doses, nudge and digest come by the one subscription there is."""
    for kind in ("nudge", "digest"):
        await appointments.cancel(ask.session, ask.person.id, kind)
    if subscription.is_draft:
        return None
    if subscription.is_active:
        subscriptions.set_due(subscription, await next_dose(ask, subscription, await _schedules(ask, subscription)))
    if subscription.gives_doses:
        await keep_nudge(ask, subscription)
        await keep_digest(ask, subscription)
    return await standing_of(ask, subscription)


async def _schedules(ask: Ask, subscription: Subscription) -> Schedules:
    """The timetables of one of the two. Raises UserMistake where they mean nothing any more: that is mended where it is theirs."""
    try:
        return await ask.schedules(subscription)
    except UserMistake:
        both = {ask.person.id, subscription.person_id or ask.person.id}
        place = place_of(subscription, await people.identities(ask.session, *both))
        raise UserMistake("linking.mend_first", platform=place) from None
