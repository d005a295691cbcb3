"""A session of something long: worked on it, where they got to, finished. It counts for its day, once."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cards.dose import pressed
from bot.cards.session import is_by_day, part_name, place_said, session_in, where_rows
from bot.cards.shelf import Long, place_of
from bot.cards.slip import slip_button
from bot.catalog.entry import Resource
from bot.chat import Answer, Button, Message, Question, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, own_dose, their_dose, title_of
from bot.commands.dose.finish import finish, refresh_elsewhere, take_off_the_table
from bot.commands.reading.line import read_line
from bot.commands.schedule import next_said
from bot.commands.streak import count, note_milestone, streak_line
from bot.errors import UserMistake
from bot.learning.cities import fold
from bot.learning.sessions import Session, Thread, worked_on
from bot.learning.streak import counts_for
from bot.planning.long import go_on
from bot.states import DoseOutcome, ThreadState
from bot.store import completions, slips, threads
from bot.store.tables import Dose, Subscription
from bot.store.tables import Thread as Row

SURE = ":sure"
"""Ends the action of the button that says so a second time."""
TAKEN = ("chosen", "taken_up")
"""The reasons of a dose that somebody took themselves."""
FEW = 3
"""Parts that may lie ahead when somebody says they finished, without being asked."""
LONGEST = 200
"""Characters of the line that says where they stopped; it is quoted on a card."""
_NUMBER = re.compile(
    r"(?:(?:part|parte|chapter|capitulo|cap|ch|section|secao|lesson|licao|aula|video|module|modulo|page|dia|day)s? )?(\d{1,5})"
)


async def press_work(ask: Ask) -> Answer:
    """“I worked on it”: it counts at once; where they got to is asked after."""
    subscription, dose = await their_dose(ask)
    if dose.resource_id is None or dose.is_done:
        return await already_done(ask, subscription, dose)
    return await work(ask, subscription, dose)


async def work(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    """Count the session; until they say otherwise they did what it held."""
    assert dose.resource_id is not None, "a dose without a resource has no session"
    thread, session = await thread_of(ask, dose), session_in(dose)
    day = counts_for(ask.now, dose.day, await ask.schedules(subscription))
    made_room: tuple[Message, ...] = ()
    new = await count(ask, subscription, day, completions.key_of(dose), "session", dose)
    if new:
        await slips.remember(ask.session, ask.person.id, dose)
        dose.outcome, dose.outcome_at = DoseOutcome.WORKED, ask.now
        await take_off_the_table(ask, dose)
        await refresh_elsewhere(ask, subscription, dose)
        reached = session.until if session.until < session.of else session.part - 1  # the end is theirs to say
        aside = await go_on(ask.session, ask.person.id, worked_on(thread, reached, day, note=""))
        made_room = tuple([await _made_room(ask, row) for row in aside])
        await ask.session.flush()
        await note_milestone(ask, subscription, day)
    asked = await _where(ask, subscription, dose)
    return replace(asked, say=(*made_room, *asked.say))


async def _made_room(ask: Ask, row: Row) -> Message:
    """What had to wait so that this could begin, and the button that takes it up again."""
    entry, title = ask.catalog.resource(row.resource_id), await title_of(ask, row.resource_id)
    up = Button(ask.words.say("button.take_up_again"), f"shelf:up:{row.id}")
    return ask.words.message(
        "shelf.made_room", ((up,),), title=title, place=place_of(ask.words, Long(row, title, entry))
    )


async def _where(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    """The card as it stands, and the question with its quick answers."""
    entry = ask.catalog.resource(dose.resource_id or "")
    line = await streak_line(ask, subscription)
    by_line = is_by_day(entry) or session_in(dose).of == 1
    key = "session.where_line" if by_line else "session.where"
    said = lines(ask.words.text("session.counted", streak=line), ask.words.text(key))
    *ends, last = where_rows(ask.words, dose, entry)
    message = Message(said, (*ends, (*last, slip_button(ask.words, dose))))
    question = where_question(ask, dose)
    if not ask.incoming.action:
        return Answer(say=(message,), ask=question)
    return Answer(edit=await card_of(ask, subscription, dose), say=(message,), ask=question)


def where_question(ask: Ask, dose: Dose) -> Question:
    """What the next words say: where they stopped."""
    return Question("where", ask.words.say("session.prompt"), about=str(dose.id))


# ------------------------------------------------------------------------------------------------- where they got to


async def press_got(ask: Ask) -> Answer:
    """A quick answer: still there, or to the end of a part."""
    number, _, part = ask.rest.partition(":")
    subscription, dose = await own_dose(ask, number)
    if dose.part is None or dose.resource_id is None or not dose.outcome or not part.isdecimal() or len(part) > 5:
        raise UserMistake("mistake.stale_button")
    return await _got_to(ask, subscription, dose, int(part))


async def read_where(ask: Ask) -> Answer:
    """The words that were waited for: a part by number or name, or a line in their own words for the next time."""
    waiting = await ask.open_question()
    subscription, dose = await own_dose(ask, waiting.about if waiting else "")
    if dose.resource_id is None or dose.part is None:
        raise UserMistake("mistake.stale_button")
    said = read_line(ask.rest)
    entry = ask.catalog.resource(dose.resource_id)
    part = _part_meant(ask, entry, said) if not is_by_day(entry) else None
    if part is not None:
        return await _got_to(ask, subscription, dose, part)
    thread = await thread_of(ask, dose)
    line = " ".join(said.split())[:LONGEST]
    await threads.keep(ask.session, ask.person.id, replace(thread, note=line))
    return Answer(say=(ask.words.message("session.kept_line", note=line),))


def _part_meant(ask: Ask, entry: Resource | None, said: str) -> int | None:
    """The part that words name by its number or its title."""
    plain = fold(said)
    if found := _NUMBER.fullmatch(plain):
        return int(found[1])
    names = {fold(part_name(ask.words, entry, part)): part for part in range(1, len(entry.parts) + 1)} if entry else {}
    return names.get(plain) if plain else None


async def _got_to(ask: Ask, subscription: Subscription, dose: Dose, part: int) -> Answer:
    """They got to the end of a part: the thread goes on from there; the last one finishes it."""
    assert dose.resource_id is not None, "callers have looked"
    thread = await thread_of(ask, dose)
    entry = ask.catalog.resource(dose.resource_id)
    begins = (dose.part or 1) - 1
    if not begins <= part <= thread.of:
        again = Message((), where_rows(ask.words, dose, entry))
        mistake = UserMistake("session.no_such_part", n=thread.of, again=again, asks=where_question(ask, dose))
        raise mistake
    if part == thread.of:
        return await finish(ask, subscription, dose)
    if thread.state == ThreadState.FINISHED or dose.is_done:
        return await already_done(ask, subscription, dose)
    day = counts_for(ask.now, dose.day, await ask.schedules(subscription))
    await threads.keep(
        ask.session, ask.person.id, replace(thread, part=part, state=ThreadState.OPEN, last_on=max(day, thread.last_on))
    )
    place = place_said(ask.words, entry, Session(part + 1, part + 1, thread.of, 0))
    if name := part_name(ask.words, entry, part + 1):
        place = f"{place} · {name}"
    when = await next_said(ask, subscription)
    said = ask.words.message("session.kept", place=place, when=when)
    return Answer(edit=said, ask=where_question(ask, dose)) if ask.incoming.action else Answer(say=(said,))


async def thread_of(ask: Ask, dose: Dose) -> Thread:
    """How far they are with the dose's resource; a fresh thread where they have just begun."""
    assert dose.resource_id is not None, "only a resource has a thread"
    row = await threads.find(ask.session, ask.person.id, dose.resource_id)
    session = session_in(dose)
    own = dose.why.get("reason") in TAKEN
    if row is None:
        return Thread(dose.resource_id, session.part - 1, session.of, ThreadState.OPEN, dose.day, dose.day, own=own)
    kept = threads.thread_of(row)
    return replace(kept, own=kept.own or own)


async def press_finish(ask: Ask) -> Answer:
    """Finished, however far the parts say they are; where many lie ahead, a slip would end them all, so it asks once more."""
    sure = ask.rest.endswith(SURE)
    subscription, dose = await their_dose(ask, ask.rest.removesuffix(SURE))
    if dose.resource_id is None or dose.is_done:
        return await already_done(ask, subscription, dose)
    left = await _parts_ahead(ask, dose)
    if left > FEW and not sure:
        yes = Button(ask.words.say("button.all_of_it"), pressed("finish", dose) + SURE)
        return Answer(say=(ask.words.message("session.much_ahead", ((yes,),), n=left),))
    return await finish(ask, subscription, dose)


async def _parts_ahead(ask: Ask, dose: Dose) -> int:
    """How many parts come after those of this dose; none where the parts are only days that a list recommends."""
    if dose.part is None or is_by_day(ask.catalog.resource(dose.resource_id or "")):
        return 0
    thread = await thread_of(ask, dose)
    return thread.of - max(thread.part, session_in(dose).until)
