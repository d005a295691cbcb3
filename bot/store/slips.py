"""What a press on Done took the place of, kept on the dose so that a slip can be undone.

{"outcome", "at", "marked", "thread", "was"}   what the dose said before and since when, whether its resource was marked done,
                                               how far they were with something long, and what that press took the place of
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.learning import sessions
from bot.learning.taste import RATINGS
from bot.states import DoseOutcome, Marked
from bot.store import cards, completions, feedback, marks, threads
from bot.store.tables import Dose, Mark


async def remember(session: AsyncSession, person_id: int, dose: Dose) -> None:
    """Keep what stands before a press changes it."""
    assert dose.resource_id is not None, "only a resource can be done"
    thread = await threads.find(session, person_id, dose.resource_id)
    dose.was = {
        "outcome": dose.outcome,
        "at": dose.outcome_at.isoformat() if dose.outcome_at else None,
        "marked": await session.get(Mark, (person_id, dose.resource_id, Marked.DONE)) is not None,
        "thread": _dump(threads.thread_of(thread)) if thread else None,
        "was": dose.was,
    }


async def put_back(session: AsyncSession, person_id: int, dose: Dose, now: datetime) -> None:
    """Let everything be as it was before the press: what they wrote themselves stays, and what counted for the day is withdrawn."""
    was, resource_id, pressed_at = dose.was, dose.resource_id, dose.outcome_at
    assert was is not None, "callers have looked"
    assert resource_id is not None, "what was done holds something"
    assert pressed_at is not None, "what was done was pressed"
    if was["outcome"] is None:  # finishing what was worked on counted nothing anew
        await completions.withdraw(session, person_id, completions.key_of(dose), now)
    if not was["marked"]:
        await marks.unmark(session, person_id, resource_id, Marked.DONE)
    for rating in RATINGS:
        await feedback.take_back(session, person_id, resource_id, rating, dose.id)
    await cards.unmake(session, person_id, resource_id, made_at=pressed_at)
    if not await _went_on(session, dose, pressed_at):
        await _put_back_thread(session, person_id, resource_id, was["thread"])
    dose.outcome = DoseOutcome(was["outcome"]) if was["outcome"] else None
    dose.outcome_at = datetime.fromisoformat(was["at"]) if was["at"] else None
    dose.was = was["was"]
    await session.flush()


async def _went_on(session: AsyncSession, dose: Dose, since: datetime) -> bool:
    """Whether another dose of the same thing was answered since: then how far they are is told by that one."""
    found = exists().where(
        Dose.subscription_id == dose.subscription_id,
        Dose.resource_id == dose.resource_id,
        Dose.id != dose.id,
        Dose.outcome_at > since,
    )
    return bool(await session.scalar(select(found)))


async def _put_back_thread(
    session: AsyncSession, person_id: int, resource_id: str, before: dict[str, Any] | None
) -> None:
    if before:
        await threads.keep(session, person_id, _load(before))
    elif row := await threads.find(session, person_id, resource_id):
        await session.delete(row)


def _dump(thread: sessions.Thread) -> dict[str, Any]:
    return asdict(thread) | {"opened_on": thread.opened_on.isoformat(), "last_on": thread.last_on.isoformat()}


def _load(stored: dict[str, Any]) -> sessions.Thread:
    days = {name: date.fromisoformat(stored[name]) for name in ("opened_on", "last_on")}
    return sessions.Thread(**(stored | days))
