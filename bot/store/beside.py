"""What belongs to a dose's card besides its own row: how far they are with something long, and the small thing's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import sessions
from bot.learning.small import RECALL, STEP, Small, small_from
from bot.store import cards, threads, ticks
from bot.store.tables import Card, Dose
from bot.store.taken import AnyDose


@dataclass(frozen=True, slots=True)
class Beside:
    """The thread of a session's resource; whether the step beside it is ticked off; what the card beside it is about."""

    thread: sessions.Thread | None = None
    ticked: bool = False
    recalled: str = ""


NOTHING = Beside()


async def beside(session: AsyncSession, dose: Dose, person_id: int) -> Beside:
    """What the card of a dose shows besides the dose."""
    return (await beside_all(session, [(dose, person_id)]))[dose.id]


async def beside_all(session: AsyncSession, some: Sequence[tuple[AnyDose, int]]) -> dict[int, Beside]:
    """The same for many doses, each with its person, by dose: one query for all sessions, one for all steps, two for each card."""
    smalls = {dose.id: small_from(dose.small) for dose, _ in some}
    long = {(person, dose.resource_id) for dose, person in some if dose.part is not None and dose.resource_id}
    begun = await threads.of_many(session, long)
    ticked = await ticks.of_many(session, {person for dose, person in some if _is(smalls[dose.id], STEP)})
    return {
        dose.id: Beside(
            thread=begun.get((person, dose.resource_id)) if dose.part is not None and dose.resource_id else None,
            ticked=(small := smalls[dose.id]) is not None and (person, *_step(small)) in ticked,
            recalled=await _recalled(session, small, person) if small and small.kind == RECALL else "",
        )
        for dose, person in some
    }


def _is(small: Small | None, kind: str) -> bool:
    return small is not None and small.kind == kind


def _step(small: Small) -> tuple[str, str]:
    """The checklist and the step that a small thing names; of anything else what nobody can have ticked off."""
    checklist, _, step = small.id.partition(":") if small.kind == STEP else ("", "", "")
    return checklist, step


async def _recalled(session: AsyncSession, small: Small, person_id: int) -> str:
    """What the card is about, if it is theirs."""
    card = await session.get(Card, int(small.id)) if small.id.isdecimal() else None
    if card is None or card.person_id != person_id:
        return ""
    return await cards.title_of(session, card) or card.prompt
