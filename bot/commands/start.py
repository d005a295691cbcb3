"""The first minute: hello, a trail, a proposal with sensible defaults, and the first dose on its way. Two taps are enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from bot.cards.choices import trail_choice
from bot.cards.foreign import foreign_line
from bot.chat import Answer, Button, Message, lines
from bot.commands.ask import Ask
from bot.commands.desk import invite
from bot.commands.digest import keep_digest
from bot.commands.dose.today import now_row
from bot.commands.nudge import keep_nudge
from bot.commands.pausing.resume import come_back
from bot.commands.reading.typed import plain
from bot.commands.schedule import day_said, is_dry, next_dose, on_the_way_again
from bot.commands.search import search_button
from bot.commands.window import with_window
from bot.commands.zone import which_clock
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.places import guess_zone
from bot.learning.schedule import Schedules
from bot.learning.timetable import Timetable
from bot.states import Goal, Role, SubscriptionState
from bot.store import days_off, subscriptions
from bot.store.tables import Subscription

HOUR, TURN, MINUTES, DAYS = time(8), time(4), 15, "1234567"
"""What is proposed at the start: 15 minutes at 08:00 every day, the day turning at 04:00. Rest days are one press away."""


async def start(ask: Ask) -> Answer:
    """Hello; or, for somebody who is back, where they stand. With a code it gives the role that the code gives."""
    if ask.rest and (claimed := await invite.claim(ask)):
        return claimed
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if found is None or found.state in (SubscriptionState.DRAFT, SubscriptionState.STOPPED):
        hello = ask.words.text("start.hello", name=ask.person.name)
        choice = trail_choice(ask.catalog, ask.words)
        return Answer(say=(Message(hello + choice.text, choice.buttons),))
    if found.is_paused:
        return await come_back(ask, found)
    return Answer(say=(await where_they_stand(ask, found),))


async def meet(ask: Ask) -> Answer | None:
    """The first words of somebody who has not begun: hello, or what they were offered; they may as well search. None for everybody else."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if (found and not found.is_draft) or ask.role > Role.LEARNER:
        return None
    hello = ask.proposal(found) if found and found.trail else (await start(replace(ask, rest=""))).say[0]
    look = await search_button(ask, ask.rest)
    return Answer(say=(replace(hello, buttons=(*hello.buttons, (look,))) if look else hello,))


async def subscribe(ask: Ask) -> Answer:
    """Choose a trail, by name or by button."""
    if ask.rest:
        again = trail_choice(ask.catalog, ask.words, every=True)
        mistake = UserMistake("mistake.no_such_trail", typed=ask.rest, again=again)
        wanted = plain(ask.rest, mistake)
        for trail in ask.catalog.trails:
            if wanted in (trail.id, plain(trail.name.en, mistake), plain(trail.name.pt, mistake)):
                return await take_way(ask, trail.id)
        raise mistake
    return Answer(say=(await _trails(ask),))


async def show_trails(ask: Ask) -> Answer:
    """Every trail with what it is about."""
    return Answer(edit=await _trails(ask))


async def _trails(ask: Ask) -> Message:
    found = await subscriptions.of_person(ask.session, ask.person.id)
    now = found.trail if found and found.state in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED) else ""
    return trail_choice(ask.catalog, ask.words, every=True, now=now)


async def press_trail(ask: Ask) -> Answer:
    """Take a trail by its button."""
    if ask.catalog.trail(ask.rest) is None:
        every = trail_choice(ask.catalog, ask.words, every=True)
        raise UserMistake("mistake.no_such_trail", typed=ask.rest, again=every)
    return await take_way(ask, ask.rest)


async def take_way(ask: Ask, trail: str) -> Answer:
    """Go that way: a proposal for somebody new, a change for everybody else."""
    subscription = await draft_of(ask)
    new = not subscription.trail
    subscription.trail = trail
    if subscription.is_stopped:
        subscription.state = SubscriptionState.DRAFT
    if subscription.state in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED):
        return await _change_way(ask, subscription)
    if new and guess_zone(ask.incoming.sender.language) is None and ask.incoming.sender.language:
        return which_clock(ask, subscription.zone)
    return Answer(edit=ask.proposal(subscription))


async def _change_way(ask: Ask, subscription: Subscription) -> Answer:
    await on_the_way_again(ask, subscription)
    changed = ask.words.text("trail.changed", trail=ask.trail_name(subscription.trail))
    foreign = foreign_line(ask.words, ask.catalog, subscription)
    languages = ((Button(ask.words.say("button.languages"), "languages"),),) if foreign else ()
    return Answer(edit=Message(lines(changed, foreign), (*await now_row(ask, subscription), *languages)))


async def draft_of(ask: Ask) -> Subscription:
    """Their subscription in whatever state, a draft with our defaults for somebody new."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if found is None:
        found = _draft(ask)
        ask.session.add(found)
        await ask.session.flush()
    return found


def _draft(ask: Ask) -> Subscription:
    address = ask.incoming.address
    return Subscription(
        owner=f"person:{ask.person.id}",
        person_id=ask.person.id,
        platform=address.platform,
        chat=address.chat,
        thread=address.thread,
        goal=Goal.STREAK,
        weekly=5,
        retention=90,
        picture="light",
        news=[],
        state=SubscriptionState.DRAFT,
        zone=guess_zone(ask.incoming.sender.language) or ask.settings.default_zone,
        hour=HOUR,
        turn=TURN,
        minutes=MINUTES,
        days=DAYS,
        trail="",
        topics=[],
        ticked=[],
        known_topics=[],
    )


async def begin(ask: Ask) -> Answer:
    """Confirm: from now on doses come."""
    found = await _confirmable(ask)
    if found.is_active:
        return Answer(edit=await where_they_stand(ask, found))
    timetable = subscriptions.timetable_of(found)
    history = await _first_schedule(ask, found, timetable)
    today = history.today(ask.now)
    await days_off.end_pause(ask.session, found.id, today)
    found.state = SubscriptionState.ACTIVE
    if ask.incoming.private:  # with accounts on two platforms doses come to where they confirmed
        here = ask.incoming.address
        found.platform, found.chat, found.thread = here.platform, here.chat, here.thread
    due = await next_dose(ask, found, history)
    subscriptions.set_due(found, due)
    found.began_on = found.began_on or (due.day if due else today)
    await keep_nudge(ask, found)
    await keep_digest(ask, found)
    when = day_said(ask, due.day, found.zone) if due else ""
    begun = ask.words.message("start.begun", await now_row(ask, found), when=when, hour=show_hour(found.hour))
    return Answer(
        edit=await with_window(ask, begun, found),
        toast=ask.words.say("start.begun_toast"),
    )


async def _first_schedule(ask: Ask, subscription: Subscription, timetable: Timetable) -> Schedules:
    """Their timetable acts from today: before they began there was nothing to keep."""
    old = await ask.schedules(subscription)
    today = Schedules(((date.min, timetable),)).today(ask.now)
    wishes = tuple(wish for wish in old.wishes if wish[0] < today) if subscription.began_on else ()
    history = Schedules((*wishes, (today, timetable)))
    await subscriptions.keep_schedules(ask.session, subscription, history)
    await ask.session.flush()
    return history


async def _confirmable(ask: Ask) -> Subscription:
    """Their subscription, if a way was chosen. Raises UserMistake otherwise."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if found is None or not found.trail:
        raise UserMistake("mistake.no_subscription", again=trail_choice(ask.catalog, ask.words))
    return found


async def where_they_stand(ask: Ask, subscription: Subscription) -> Message:
    """The trail, the hour and the next dose of somebody who is already on the way."""
    if is_dry(subscription):
        trails = Button(ask.words.say("button.trails"), "trails")
        trail = ask.trail_name(subscription.trail)
        return ask.words.message("start.already_dry", ((trails,),), name=ask.person.name, trail=trail)
    due = subscription.next_day
    said = ask.words.message(
        "start.already",
        await now_row(ask, subscription),
        name=ask.person.name,
        trail=ask.trail_name(subscription.trail),
        hour=show_hour(subscription.hour),
        when=day_said(ask, due, subscription.zone) if due else "—",
    )
    return await with_window(ask, said, subscription)
