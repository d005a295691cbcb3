"""What is on people's screens that we come back to: cards change when somebody decides, and a line may come as a reply to its question."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Incoming, MessageRef, load_answer
from bot.commands import note
from bot.store import people, prompts, shown_cards
from bot.store.updates import Rendered

SHOWS = '"shows"'
"""What a stored answer holds where one of its messages shows something that changes."""
ASKS = f'"kind":"{note.LINE}"'
"""What it holds where it asks for a line."""


async def remember_shown(
    session: AsyncSession,
    shown: Rendered,
    incoming: Incoming,
    sent: tuple[MessageRef, ...],
    default_language: str,
    now: datetime,
) -> None:
    """Remember which of the messages of a stored answer these are; most answers have nothing that we come back to."""
    if not (SHOWS in shown.answer or ASKS in shown.answer):
        return
    answer = load_answer(shown.answer)
    if shown.person_id and answer.ask and answer.ask.kind == note.LINE:
        await prompts.remember(session, shown.person_id, answer.ask.about, sent, now)
    whose = shown.person_id if incoming.private else None
    person = await people.get(session, shown.person_id)
    language = person.language if person else default_language
    for message, ref in zip((answer.edit, *answer.say) if answer.edit else answer.say, sent, strict=False):
        if message and message.shows:
            await shown_cards.remember(session, message.shows, ref, person_id=whose, language=language, now=now)
