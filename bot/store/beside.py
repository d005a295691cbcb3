"""What belongs to a dose's card besides its own row: how far they are with something long, and the small thing's state."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import sessions
from bot.learning.small import RECALL, STEP, small_from
from bot.store import cards, threads
from bot.store.tables import Card, Dose, Tick


@dataclass(frozen=True, slots=True)
class Beside:
    """The thread of a session's resource; whether the step beside it is ticked off; what the card beside it is about."""

    thread: sessions.Thread | None = None
    ticked: bool = False
    recalled: str = ""


NOTHING = Beside()


async def beside(session: AsyncSession, dose: Dose, person_id: int) -> Beside:
    """What the card of a dose shows besides the dose: one query for most, none for a dose without session and small thing."""
    thread = None
    if dose.part is not None and dose.resource_id:
        row = await threads.find(session, person_id, dose.resource_id)
        thread = threads.thread_of(row) if row else None
    small = small_from(dose.small)
    ticked, recalled = False, ""
    if small and small.kind == STEP:
        checklist, _, step = small.id.partition(":")
        ticked = await session.get(Tick, (person_id, checklist, step)) is not None
    if small and small.kind == RECALL and small.id.isdecimal():
        card = await session.get(Card, int(small.id))
        if card and card.person_id == person_id:
            recalled = await cards.title_of(session, card) or card.prompt
    return Beside(thread, ticked, recalled)
