"""The shelf: long things set aside, taken up again where they were. At most two go on at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.cards.names import short_name
from bot.cards.shelf import Long, place_of, shelf_message
from bot.chat import Answer, Button, Message, Rows
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, their_dose, title_of
from bot.commands.dose.chosen import take_now
from bot.commands.dose.empty import leave_with_nothing
from bot.commands.dose.session import thread_of
from bot.commands.schedule import due_again, on_the_way_again
from bot.errors import UserMistake
from bot.learning.sessions import UNFINISHED, can_open
from bot.planning.offers import offer_another, put_in
from bot.states import ThreadState
from bot.store import doses, marks, outbox, threads
from bot.store.tables import Subscription, Thread


async def show_shelf(ask: Ask) -> Answer:
    """What goes on, and what waits."""
    await ask.subscription(stopped=True)
    return await _list(ask, 0)


async def press_shelve(ask: Ask) -> Answer:
    """The button of a session: set the thing aside, keep the place, and give something else today."""
    subscription, dose = await their_dose(ask)
    if dose.outcome or dose.resource_id is None:
        return await already_done(ask, subscription, dose)
    thread = replace(await thread_of(ask, dose), state=ThreadState.SHELVED)
    row = await threads.keep(ask.session, ask.person.id, thread)
    await outbox.withdraw_dose(ask.session, dose.id)
    if nothing := await offer_another(ask.session, ask.catalog, subscription, dose, ask.now):
        await leave_with_nothing(ask, subscription, dose, nothing)
    await ask.session.flush()
    return Answer(edit=await card_of(ask, subscription, dose), say=(await _set_aside(ask, row),))


async def press(ask: Ask) -> Answer:
    """The buttons of the shelf: take up, set aside, go on with it now, and the pages of the list."""
    what, _, rest = ask.rest.partition(":")
    if what == "list":
        return await _list(ask, int(rest) if rest.isdecimal() and len(rest) < 4 else 0)
    subscription = await ask.subscription(stopped=True)
    number, _, instead = rest.partition(":")
    row = await _theirs(ask, number)
    if what == "up":
        return await _take_up(ask, subscription, row)
    if what == "down":
        await threads.keep(ask.session, ask.person.id, replace(threads.thread_of(row), state=ThreadState.SHELVED))
        if not instead:
            return Answer(edit=await _set_aside(ask, row))
        return await _take_up(ask, subscription, await _theirs(ask, instead))
    if what == "now" and row.state == ThreadState.OPEN:
        return await _now(ask, subscription, row)
    raise UserMistake("mistake.stale_button")


async def _take_up(ask: Ask, subscription: Subscription, row: Thread) -> Answer:
    """Let it go on, unless two others do; then which of them should wait?"""
    if row.state != ThreadState.OPEN:
        going = await _theirs_in(ask, ThreadState.OPEN)
        if not can_open(threads.thread_of(one) for one in going):
            first = ask.words.message("shelf.full", title=await title_of(ask, row.resource_id))
            return Answer(edit=replace(first, buttons=await _shelve_one(ask, going, row)))
        again = replace(threads.thread_of(row), state=ThreadState.OPEN, own=True)
        await threads.keep(ask.session, ask.person.id, again)
        await on_the_way_again(ask, subscription)
    now = Button(ask.words.say("button.go_on_now"), f"shelf:now:{row.id}")
    one = await _long(ask, row)
    return Answer(
        edit=ask.words.message("shelf.up", ((now,),), title=one.title, place=place_of(ask.words, one)),
    )


async def _shelve_one(ask: Ask, going: Sequence[Thread], instead: Thread) -> Rows:
    """A button for each of those that go on: it may wait, and the other goes on instead."""
    titles = [short_name(await title_of(ask, one.resource_id)) for one in going]
    return tuple(
        (Button(ask.words.say("button.shelve_named", title=title), f"shelf:down:{one.id}:{instead.id}"),)
        for one, title in zip(going, titles, strict=True)
    )


async def _now(ask: Ask, subscription: Subscription, row: Thread) -> Answer:
    """Put it into today's dose if that is open; else it is one more, now."""
    today = (await ask.schedules(subscription)).today(ask.now)
    dose = await doses.of_day(ask.session, subscription.id, today)
    entry = ask.catalog.resource(row.resource_id)
    if entry is None:
        raise UserMistake("mistake.stale_button")
    if dose is None or dose.outcome:
        return await take_now(ask, entry, "taken_up")
    await outbox.withdraw_dose(ask.session, dose.id)
    await due_again(ask, subscription)
    await put_in(ask.session, ask.catalog, subscription, dose, entry, "taken_up", ask.now)
    await ask.session.flush()
    return Answer(edit=await card_of(ask, subscription, dose))


async def _set_aside(ask: Ask, row: Thread) -> Message:
    one = await _long(ask, row)
    up = Button(ask.words.say("button.take_up_again"), f"shelf:up:{row.id}")
    return ask.words.message("shelf.down", ((up,),), title=one.title, place=place_of(ask.words, one))


async def _list(ask: Ask, page: int) -> Answer:
    rows = await _theirs_in(ask, *UNFINISHED)
    if not rows:
        said = ask.words.message("shelf.empty")
    else:
        ordered = sorted(rows, key=lambda row: row.state != ThreadState.OPEN)
        said = shelf_message(ask.words, [await _long(ask, row) for row in ordered], page)
    return ask.show(said)


async def _theirs_in(ask: Ask, *states: ThreadState) -> list[Thread]:
    """Their threads in these states, without what they said is not for them or known: that goes on no more."""
    marked = await marks.by_name(ask.session, ask.person.id)
    settled = marks.settled_in(marked)
    rows = await threads.of_person(ask.session, ask.person.id, states)
    return [row for row in rows if row.resource_id not in settled]


async def _long(ask: Ask, row: Thread) -> Long:
    return Long(row, await title_of(ask, row.resource_id), ask.catalog.resource(row.resource_id))


async def _theirs(ask: Ask, number: str) -> Thread:
    """The thread of a number, if it is the presser's and not over. Raises UserMistake for every other number."""
    row = next((one for one in await _theirs_in(ask, *UNFINISHED) if str(one.id) == number), None)
    if row is None:
        raise UserMistake("mistake.stale_button")
    return row
