"""After Done: too easy, right, too hard or not worth it. It changes what comes next, gently; the newest answer counts."""

from __future__ import annotations

from bot.cards.rating import rated_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.dose.card import own_dose, title_of
from bot.commands.note import question_about
from bot.errors import UserMistake
from bot.learning.taste import RATINGS
from bot.store import cards, feedback


async def press_rating(ask: Ask) -> Answer:
    """One of the four; the same one twice changes nothing."""
    number, _, name = ask.rest.partition(":")
    subscription, dose = await own_dose(ask, number)
    if name not in RATINGS or dose.resource_id is None or not dose.outcome:
        raise UserMistake("mistake.stale_button")
    if await feedback.rating_of(ask.session, ask.person.id, dose.resource_id) != name:
        feedback.add(
            ask.session,
            person_id=ask.person.id,
            resource_id=dose.resource_id,
            kind=name,
            at=ask.now,
            day=(await ask.schedules(subscription)).today(ask.now),
            dose_id=dose.id,
        )
    asks = not await cards.has_line(ask.session, ask.person.id, dose.resource_id, dose.outcome_at or ask.now)
    said = rated_message(ask.words, dose.id, await title_of(ask, dose.resource_id), name, asks=asks)
    return Answer(edit=said, ask=await question_about(ask, dose.resource_id) if asks else None)
