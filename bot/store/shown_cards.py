"""Which messages show a suggestion's card, and the rows of the outbox that bring them up to date. A dose's card has only such a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import MessageRef
from bot.states import OutboxState
from bot.store.engine import insert_into
from bot.store.outbox.hanging import keep_up_to_date
from bot.store.outbox.rows import EDIT, WAITING
from bot.store.priority import Priority
from bot.store.tables import Outgoing, ShownCard, Suggestion
from bot.store.taken import TakenRow

AFTER_ANOTHER = timedelta(milliseconds=1)
"""How much earlier a newer card is due: should the newest be gone from its chat, it is said anew once, and not each older one."""


def named(suggestion_id: int, state: str) -> str:
    """What a message shows, as `Message.shows` has it."""
    return f"suggestion:{suggestion_id}:{state}"


async def remember(
    session: AsyncSession, shows: str, ref: MessageRef, *, person_id: int | None, language: str, now: datetime
) -> None:
    """A message shows a card; if the card changed while the message was on its way, it is brought up to date."""
    kind, number, state = shows.split(":")
    if kind == "dose":
        await keep_up_to_date(session, shows, ref, person_id=person_id, now=now)
    elif suggestion := await session.get(Suggestion, int(number)):
        await _remember_card(session, suggestion, state, ref, person_id=person_id, language=language, now=now)


async def _remember_card(
    session: AsyncSession,
    suggestion: Suggestion,
    state: str,
    ref: MessageRef,
    *,
    person_id: int | None,
    language: str,
    now: datetime,
) -> None:
    values = {
        "suggestion_id": suggestion.id,
        "person_id": person_id,
        "platform": ref.address.platform,
        "chat": ref.address.chat,
        "thread": ref.address.thread,
        "message": ref.id,
        "language": language,
        "at": now,
    }
    same = ["platform", "chat", "message"]
    await session.execute(
        insert_into(session, ShownCard)
        .values(values)
        .on_conflict_do_update(index_elements=same, set_={"suggestion_id": suggestion.id})
    )
    if suggestion.state != state:
        await refresh(session, suggestion.id, now)


async def refresh(session: AsyncSession, suggestion_id: int, now: datetime, *, but: MessageRef | None = None) -> None:
    """Let every message that shows a card be brought up to date, `but` the one that is on its way to be.

    One row for each message: it is due again whenever the card changes, and what it shows is read when it goes. The newest goes first.
    """
    shown = await session.scalars(
        select(ShownCard).where(ShownCard.suggestion_id == suggestion_id).order_by(ShownCard.id)
    )
    old_to_new = [card for card in shown if but is None or not _is_at(card, but)]
    rows = [_row(card, now - place * AFTER_ANOTHER) for place, card in enumerate(old_to_new)]
    again = ("chat", "state", "not_before", "attempts", "doubts", "flagged", "plainly", "facts")
    for row in rows:
        await session.execute(
            insert_into(session, Outgoing)
            .values(row)
            .on_conflict_do_update(
                index_elements=["key"], set_={"lease_until": None} | {name: row[name] for name in again}
            )
        )


async def follow(session: AsyncSession, row: TakenRow, ref: MessageRef) -> None:
    """The card hangs in this message now. Where it could not be edited and was said anew, older ones in that chat need not be."""
    if ref.id == row.facts["message"]:
        return
    there = (ShownCard.platform == row.platform, ShownCard.chat == row.chat)
    card = await session.scalar(select(ShownCard).where(*there, ShownCard.message == row.facts["message"]))
    if card is None:
        return
    older = (*there, ShownCard.suggestion_id == card.suggestion_id, ShownCard.id < card.id)
    left = list(await session.scalars(delete(ShownCard).where(*older).returning(ShownCard.id)))
    edits = (Outgoing.key.in_([_key(number) for number in left]), Outgoing.state.in_(WAITING))
    await session.execute(delete(Outgoing).where(*edits))
    await session.execute(update(ShownCard).where(ShownCard.id == card.id).values(message=ref.id))


def _key(number: int) -> str:
    return f"edit:{number}"


def _is_at(card: ShownCard, ref: MessageRef) -> bool:
    there = ref.address
    return (card.platform, card.chat, card.message) == (there.platform, there.chat, ref.id)


def _row(card: ShownCard, now: datetime) -> dict[str, Any]:
    return {
        "key": _key(card.id),
        "kind": EDIT,
        "platform": card.platform,
        "chat": card.chat,
        "thread": card.thread,
        "person_id": card.person_id,
        "facts": {"suggestion": card.suggestion_id, "message": card.message, "language": card.language},
        "priority": Priority.CARD,
        "not_before": now,
        "state": OutboxState.DUE,
        "attempts": 0,
        "doubts": 0,
        "flagged": False,
        "plainly": False,
    }
