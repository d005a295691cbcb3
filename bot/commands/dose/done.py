"""Done with a dose: it counts for its day, once."""

from __future__ import annotations

from bot.chat import Answer, Message, lines
from bot.commands.ask import Ask
from bot.commands.dose.card import already_done, card_of, refuse_if_closed, their_dose, today_row
from bot.commands.note import keep_questions, question_about
from bot.commands.schedule import day_said
from bot.commands.streak import note_milestone, streak_line
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.schedule import Schedules
from bot.learning.sessions import FINISHED
from bot.learning.streak import counts_for
from bot.planning import work_on
from bot.store import appointments, doses, outbox
from bot.store.tables import Dose, Subscription


async def done(ask: Ask) -> Answer:
    """Done with the newest dose."""
    subscription = await ask.subscription()
    dose = await doses.last_seen(ask.session, subscription.id)
    if dose is None or dose.resource_id is None:
        raise UserMistake("done.no_dose", again=ask.words.message("done.want_one", today_row(ask)))
    await refuse_if_closed(ask, subscription, dose)
    return await _finish(ask, subscription, dose)


async def press_done(ask: Ask) -> Answer:
    """The Done button of a dose."""
    subscription, dose = await their_dose(ask)
    return await _finish(ask, subscription, dose)


async def _finish(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    history = await ask.schedules(subscription)
    day = counts_for(ask.now, dose.day, history)
    new = await doses.complete(
        ask.session,
        person_id=ask.person.id,
        key=f"dose:{dose.id}",
        kind="done",
        dose=dose,
        at=ask.now,
        zone=subscription.zone,
        day=day,
    )
    if not new:
        return await already_done(ask, subscription, dose)
    assert dose.resource_id is not None, "a dose without a resource has no Done"
    thread = await work_on(ask.session, ask.catalog, ask.person.id, dose, day, ask.now)
    await outbox.withdraw_dose(ask.session, dose.id)
    await appointments.cancel(ask.session, ask.person.id, "snooze", str(dose.id))
    await outbox.withdraw_kind(ask.session, ask.person.id, "nudge")
    dose.outcome, dose.outcome_at = "done", ask.now
    await ask.session.flush()
    await note_milestone(ask, subscription, day)
    if thread is None or thread.state == FINISHED:
        await keep_questions(ask, subscription, dose.resource_id, day)
    said = await _congratulate(ask, subscription, history)
    line = await question_about(ask, dose.resource_id)
    so_far = ask.words.text("session.so_far", part=thread.part, of=thread.of) if thread and thread.left else None
    said = Message(lines(said.text, so_far, ask.words.text("note.ask")), said.buttons)
    card = await card_of(ask, subscription, dose)
    return Answer(edit=card, say=(said,), ask=line) if ask.incoming.action else Answer(say=(said,), ask=line)


async def _congratulate(ask: Ask, subscription: Subscription, history: Schedules) -> Message:
    """Say “Done. Day 6. See you tomorrow at 08:00”."""
    now_done = await streak_line(ask, subscription)
    today = history.today(ask.now)
    if subscription.next_day is None:
        return ask.words.message("done.said", streak=now_done)
    when = day_said(ask, subscription.next_day, today)
    return ask.words.message("done.said_until", streak=now_done, when=when, hour=show_hour(subscription.hour))
