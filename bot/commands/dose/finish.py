"""A resource is finished: by Done, by Finished, or because the last part is reached. It counts for its day, once."""

from __future__ import annotations

from bot.cards.rating import rating_rows
from bot.cards.slip import slip_button
from bot.chat import Answer, Message, Text, lines
from bot.commands.ask import Ask
from bot.commands.card import keep_questions
from bot.commands.dose.card import already_done, card_of, today_row
from bot.commands.dose.empty import leave_with_nothing
from bot.commands.note import question_about
from bot.commands.schedule import next_said
from bot.commands.streak import count, note_milestone, streak_line
from bot.learning import sessions
from bot.learning.streak import counts_for
from bot.learning.taste import LATER
from bot.planning.offers import offer_another
from bot.states import DoseOutcome, Marked
from bot.store import appointments, completions, doses, feedback, marks, outbox, slips, threads
from bot.store.tables import Dose, Subscription


async def finish(ask: Ask, subscription: Subscription, dose: Dose) -> Answer:
    """Write down that the dose's resource is done; ask how it was, and for one line to remember it by."""
    if dose.is_done or dose.resource_id is None:
        return await already_done(ask, subscription, dose)
    day = counts_for(ask.now, dose.day, await ask.schedules(subscription))
    new = await count(ask, subscription, day, completions.key_of(dose), "done", dose)
    await slips.remember(ask.session, ask.person.id, dose)
    await marks.mark(ask.session, ask.person.id, dose.resource_id, Marked.DONE, ask.now)
    if thread := await threads.find(ask.session, ask.person.id, dose.resource_id):
        await threads.keep(ask.session, ask.person.id, sessions.finished(threads.thread_of(thread), day))
    dose.outcome, dose.outcome_at = DoseOutcome.DONE, ask.now
    await take_off_the_table(ask, dose)
    await refresh_elsewhere(ask, subscription, dose)
    await ask.session.flush()
    if new:
        await note_milestone(ask, subscription, day)
    await keep_questions(ask, subscription, dose.resource_id, day)
    buttons = (*rating_rows(ask.words, dose.id), (slip_button(ask.words, dose),))
    renewed = await _renew_today(ask, subscription, dose)  # first: where it leaves nothing, no next dose is promised
    told: tuple[Message, ...] = (Message(await _congratulate(ask, subscription), buttons),)
    if renewed:
        told += (renewed,)
    line = await question_about(ask, dose.resource_id)
    card = await card_of(ask, subscription, dose)
    return Answer(edit=card, say=told, ask=line) if ask.incoming.action else Answer(say=told, ask=line)


async def _renew_today(ask: Ask, subscription: Subscription, dose: Dose) -> Message | None:
    """If they finished yesterday's dose and today's is the very same thing, today gets something else, or says why it has nothing."""
    today = (await ask.schedules(subscription)).today(ask.now)
    newer = await doses.of_day(ask.session, subscription.id, today)
    if newer is None or newer.id == dose.id or newer.outcome or newer.resource_id != dose.resource_id:
        return None
    nothing = await offer_another(ask.session, ask.catalog, subscription, newer, ask.now)
    if nothing:
        await leave_with_nothing(ask, subscription, newer, nothing)
    await ask.session.flush()
    return await card_of(ask, subscription, newer) if nothing else ask.words.message("done.renewed", today_row(ask))


async def take_off_the_table(ask: Ask, dose: Dose) -> None:
    """Nothing that waits need carry this dose to the person, nor remind them of the day; and it was not put off after all."""
    if dose.resource_id:
        await feedback.take_back(ask.session, ask.person.id, dose.resource_id, LATER, dose.id)
    await outbox.withdraw_dose(ask.session, dose.id)
    await appointments.cancel(ask.session, ask.person.id, "snooze", str(dose.id))
    await outbox.withdraw_kind(ask.session, ask.person.id, "nudge")


async def refresh_elsewhere(ask: Ask, subscription: Subscription, dose: Dose) -> None:
    """What was pressed here shows on the card that came to another account of theirs, also where doses come here by now."""
    here = ask.incoming.address
    await outbox.refresh_elsewhere(ask.session, subscription, dose, here, ask.person.id, ask.now)


async def _congratulate(ask: Ask, subscription: Subscription) -> Text:
    """Say that it is done, which day that makes, when the next one comes; and ask how it was, and for a line."""
    when = await next_said(ask, subscription)
    done = ask.words.text("done.said", streak=await streak_line(ask, subscription), when=when)
    return lines(done, ask.words.text("rated.ask"), ask.words.text("note.ask"))
