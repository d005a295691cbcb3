"""Not for me, know it already, too long today, broken link: the dose gets something else at once, and it can be taken back."""

from __future__ import annotations

from bot.cards.options import PASSES
from bot.chat import Answer, Button
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, new_card, own_dose, their_dose, title_of
from bot.commands.dose.empty import leave_with_nothing
from bot.commands.schedule import due_again
from bot.errors import UserMistake
from bot.learning.preferences import minutes_for, shorter
from bot.planning.offers import offer_another, offer_of_size, put_in
from bot.states import Marked
from bot.store import doses, feedback, marks, outbox
from bot.store.tables import Dose, Subscription

LONGEST = 240
"""Minutes: no dose is larger."""
MARKS = {"not_for_me": Marked.DISMISSED, "known": Marked.KNOWN}
"""What some of them leave behind for good: it does not come again as a dose."""


async def press_pass(ask: Ask) -> Answer:
    """Pass the resource over for a reason, and offer another."""
    button, _, kind = ask.rest.rpartition(":")
    subscription, dose = await their_dose(ask, button)
    if kind not in PASSES:
        raise UserMistake("mistake.stale_button")
    if dose.outcome or dose.resource_id is None:
        return await already_done(ask, subscription, dose)
    passed = dose.resource_id
    asked, minutes = dose.why.get("minutes", 0), dose.minutes
    budget = await _write(ask, subscription, dose, kind)
    await outbox.withdraw_dose(ask.session, dose.id)
    place = (await doses.offers_of(ask.session, dose.id))[-1].place
    await ask.session.flush()
    if budget:
        nothing = await offer_of_size(ask.session, ask.catalog, subscription, dose, ask.now, budget)
    else:
        nothing = await offer_another(ask.session, ask.catalog, subscription, dose, ask.now)
    if nothing:
        await leave_with_nothing(ask, subscription, dose, nothing)
    await ask.session.flush()
    size = f":{minutes}" if kind == "too_long" and minutes else ""  # the dose has its own again when that is taken back
    back = Button(ask.words.say("button.take_back"), f"unpass:{dose.id}:{place}:{kind}{size}")
    found = nothing is None
    is_shorter = found and dose.why.get("minutes", 0) < asked
    said = ask.words.message(
        _says(kind, found=found, is_shorter=is_shorter), ((back,),), title=await title_of(ask, passed)
    )
    return Answer(edit=await card_of(ask, subscription, dose), say=(said,))


def _says(kind: str, *, found: bool, is_shorter: bool) -> str:
    """The sentence for a press. Who wants less hears plainly where there is nothing less."""
    if kind == "too_long" and is_shorter:
        return "passed.shorter"
    if kind == "too_long" and not found:
        return "passed.nothing_shorter"
    return f"passed.{kind}"


async def _write(ask: Ask, subscription: Subscription, dose: Dose, kind: str) -> int | None:
    """Write the press down, and what follows from it; give the minutes that are left for something else, if those change."""
    assert dose.resource_id is not None, "callers have looked"
    if kind in MARKS:
        await marks.mark(ask.session, ask.person.id, dose.resource_id, MARKS[kind], ask.now)
    feedback.add(
        ask.session,
        person_id=ask.person.id,
        resource_id=dose.resource_id,
        kind=kind,
        at=ask.now,
        day=(await ask.schedules(subscription)).today(ask.now),
        dose_id=dose.id,
    )
    if kind != "too_long":
        return None
    entry = ask.catalog.resource(dose.resource_id)
    today = dose.minutes or minutes_for(dose.day, subscription.minutes, subscription.minutes_on)
    return shorter(min(today, entry.minutes) if entry else today)


async def press_unpass(ask: Ask) -> Answer:
    """It was a slip: what was written down goes, and the dose holds the resource again if nothing was done with it since."""
    number, _, rest = ask.rest.partition(":")
    place, _, rest = rest.partition(":")
    kind, _, size = rest.partition(":")
    subscription, dose = await own_dose(ask, number)
    offered = {str(offer.place): offer.resource_id for offer in await doses.offers_of(ask.session, dose.id)}
    if kind not in PASSES or place not in offered:
        raise UserMistake("mistake.stale_button")
    resource_id = offered[place]
    if kind in MARKS:
        await marks.unmark(ask.session, ask.person.id, resource_id, MARKS[kind])
    await feedback.take_back(ask.session, ask.person.id, resource_id, kind, dose.id)
    await due_again(ask, subscription)
    title, entry = await title_of(ask, resource_id), ask.catalog.resource(resource_id)
    today = (await ask.schedules(subscription)).today(ask.now)
    if dose.outcome or dose.day != today or entry is None:
        return Answer(edit=ask.words.message("passed.taken_back", title=title))
    if kind == "too_long":
        usual = minutes_for(dose.day, subscription.minutes, subscription.minutes_on)
        dose.minutes = int(size) if size.isdecimal() and 0 < int(size[:4]) <= LONGEST else usual
    await put_in(ask.session, ask.catalog, subscription, dose, entry, "taken_back", ask.now)
    await ask.session.flush()
    return Answer(
        edit=ask.words.message("passed.here_again", title=title), say=(await new_card(ask, subscription, dose),)
    )
