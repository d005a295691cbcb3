"""What somebody is answered by the command, button or question that they meant, and what they should hear besides who come back to us."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.cards.mistake import mistake_answer
from bot.chat import Answer, Incoming, Message
from bot.commands import schedule
from bot.commands.ask import Ask
from bot.commands.dose.card import today_row
from bot.commands.pausing import block
from bot.errors import UserMistake
from bot.planning.presence import hear
from bot.routing import is_command, route
from bot.store import people
from bot.store.tables import Subscription

log = structlog.get_logger("conversation")


async def heard(ask: Ask) -> Answer:
    """What somebody is answered, and besides what they should hear who come back to us."""
    person = ask.person
    heard_before = person.heard_at
    quiet_until_now = None if ask.incoming.presence else await hear(ask.session, person, ask.now)
    comes_again = person.heard_at != heard_before
    answer = await _routed(replace(ask, is_back=bool(quiet_until_now and quiet_until_now.next_day)))
    if quiet_until_now:
        return await _with_welcome(ask, quiet_until_now, answer)
    unreached = await block.unreached(ask) if comes_again and heard_before else None
    if unreached and unreached not in answer.say:
        return replace(answer, say=(*answer.say, unreached))
    return answer


async def _routed(ask: Ask) -> Answer:
    """What the command, button or question answers that this means; a mistake undoes what was begun and says what to do."""
    try:
        async with ask.session.begin_nested():
            return await route(ask)
    except UserMistake as mistake:
        log.info("update.mistake", key=ask.incoming.key, mistake=mistake.key)
        if is_command(ask.incoming.text):
            await ask.close_question()
        return mistake_answer(ask.words, mistake)


async def _with_welcome(ask: Ask, subscription: Subscription, answer: Answer) -> Answer:
    """After a silence: the answer, and that doses come again."""
    if not await people.exists(ask.session, ask.person.id) or not subscription.is_active or not subscription.next_day:
        return answer
    said = (*ask.words.text("silence.over"), *await schedule.next_said(ask, subscription))
    welcome = Message(said, () if answer.say or answer.edit else today_row(ask))
    return replace(answer, say=(*answer.say, welcome))


def is_for_us(incoming: Incoming) -> bool:
    """Did somebody say something to us? A block, a moved chat and the talk of a group are no such thing."""
    said = "" if incoming.edited else (incoming.text or "").lstrip()
    return (
        incoming.action is not None
        or bool(incoming.location)
        or said.startswith("/")
        or (bool(said or incoming.names or incoming.document) and incoming.private)
    )
