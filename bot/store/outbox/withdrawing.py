"""Rows that need not go any more, or go elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.states import OutboxState
from bot.store.outbox.rows import CARRY_DOSES, EDIT, REFUSED, SEEN, UNSEEN, UNWANTED, WAITING
from bot.store.tables import FeedSearch, Outgoing, Room, ShownCard, Subscription

OF_ROOMS = ("card", "summary")
"""The kinds of what goes to a room."""
Conditions = tuple[ColumnElement[bool], ...]


async def withdraw(session: AsyncSession, subscription_id: int) -> list[int]:
    """Take back the doses that wait for a subscription and that nobody can have seen; give their numbers.

    A snooze is not taken back: its dose is with the person already. What is on its way at this moment goes no second time.
    """
    await _mark_sending(session, UNWANTED, Outgoing.subscription_id == subscription_id, Outgoing.kind == "dose")
    gone = await session.execute(
        delete(Outgoing)
        .where(Outgoing.subscription_id == subscription_id, Outgoing.kind == "dose", *UNSEEN)
        .returning(Outgoing.dose_id)
    )
    return [dose_id for (dose_id,) in gone if dose_id is not None]


async def withdraw_dose(session: AsyncSession, dose_id: int) -> None:
    """The person has a dose some other way: what waits to carry it need not go, nor go again what is on its way at this moment.

    What brings a card of it up to date that hangs elsewhere goes all the same.
    """
    carries = (Outgoing.dose_id == dose_id, Outgoing.kind != EDIT)
    await _mark_sending(session, SEEN, *carries)
    await session.execute(delete(Outgoing).where(*carries, Outgoing.state.in_(WAITING)))


async def withdraw_kind(session: AsyncSession, person_id: int, kind: str) -> None:
    """What waits of a kind has lost its reason."""
    await session.execute(
        delete(Outgoing).where(Outgoing.person_id == person_id, Outgoing.kind == kind, Outgoing.state.in_(WAITING))
    )


async def withdraw_named(session: AsyncSession, beginning: str, people: Collection[int]) -> bool:
    """Take back what waits for some people under keys with a beginning; True if some of it may have gone already.

    By the people, of whom there is an index: for the beginning of a key each engine would look through all that was sent.
    """
    named = (Outgoing.person_id.in_(people), Outgoing.key.startswith(beginning, autoescape=True))
    went = False
    for row in list(await session.scalars(select(Outgoing).where(*named))):
        if row.state in WAITING and not row.may_be_a_copy:
            await session.delete(row)
        else:
            went = went or row.state != OutboxState.DEAD
    await session.flush()
    return went


async def name_no_deciders(session: AsyncSession) -> None:
    """Take the names of who decided out of every summary, wherever it is on its way or lies since: one of them wants to be forgotten.

    Of all, as somebody may have had another name by then; what was not told yet says “a curator”.
    """
    summaries = select(Outgoing.id, Outgoing.facts).where(Outgoing.kind == "summary").with_for_update()
    for number, facts in (await session.execute(summaries)).all():
        unnamed = [[None, *counts] for _, *counts in facts.get("decided", ())]
        await session.execute(update(Outgoing).where(Outgoing.id == number).values(facts={**facts, "decided": unnamed}))


async def give_up_address(session: AsyncSession, address: Address, reason: str) -> list[str]:
    """Nothing that waits for an address will go: nobody is there. The kinds of what waited."""
    thread = Outgoing.thread.is_(None) if address.thread is None else Outgoing.thread == address.thread
    gone = await session.execute(
        update(Outgoing)
        .where(
            Outgoing.platform == address.platform, Outgoing.chat == address.chat, thread, Outgoing.state.in_(WAITING)
        )
        .values(state=OutboxState.DEAD, lease_until=None, reason=reason)
        .returning(Outgoing.kind)
    )
    return [kind for (kind,) in gone]


async def move(session: AsyncSession, old: Address, new: Address) -> None:
    """A chat has a new address: subscriptions, rooms, cards and what waits follow. What is there already stays as it is.

    So does what was sent or given up: there is much of it, and it is told apart by the index of what waits, so that each dose pays
    for no other index.
    """
    if old.chat == new.chat:
        return
    if await session.scalar(select(Room.id).where(*_in(Room, new))) is not None:
        await session.execute(delete(Room).where(*_in(Room, old)))
        brought = (Outgoing.kind.in_(OF_ROOMS), Outgoing.state.in_(WAITING))
        await session.execute(delete(Outgoing).where(*_in(Outgoing, old), *brought))  # the room there has its own
    await _leave_taken_numbers(session, old, new)
    goes_on = Outgoing.state.in_((*WAITING, OutboxState.SENDING))
    await session.execute(update(Outgoing).where(*_in(Outgoing, old), goes_on).values(chat=new.chat))
    for table in (Subscription, Room, ShownCard, FeedSearch):
        await session.execute(update(table).where(*_in(table, old)).values(chat=new.chat))


async def send_to(session: AsyncSession, subscription_id: int, address: Address) -> None:
    """What waits of a subscription goes to another chat of its person."""
    there = {"platform": address.platform, "chat": address.chat, "thread": address.thread}
    waits = (Outgoing.subscription_id == subscription_id, Outgoing.state.in_(WAITING))
    await session.execute(update(Outgoing).where(*waits).values(there).execution_options(synchronize_session=False))


async def tell_refused(session: AsyncSession, subscription_id: int, account: str) -> bool:
    """Let the first dose that waits for a subscription tell that an account refused something; False if none waits."""
    waits = (Outgoing.subscription_id == subscription_id, Outgoing.state.in_(WAITING), Outgoing.kind.in_(CARRY_DOSES))
    first = select(Outgoing.id, Outgoing.facts).where(*waits).order_by(Outgoing.not_before, Outgoing.id).limit(1)
    if (found := (await session.execute(first)).one_or_none()) is None:
        return False
    told = {**found.facts, REFUSED: [*found.facts.get(REFUSED, ()), account]}
    await session.execute(update(Outgoing).where(Outgoing.id == found.id).values(facts=told))
    return True


async def _leave_taken_numbers(session: AsyncSession, old: Address, new: Address) -> None:
    """A new chat counts its messages anew: the card of a number that shows another one there is let go, and what would edit it."""
    taken = ShownCard.message.in_(select(ShownCard.message).where(*_in(ShownCard, new)))
    left = list(await session.scalars(select(ShownCard.id).where(*_in(ShownCard, old), taken)))
    await session.execute(delete(ShownCard).where(ShownCard.id.in_(left)))
    await session.execute(delete(Outgoing).where(Outgoing.key.in_([f"edit:{number}" for number in left])))


def _in(table: type[Outgoing | Room | ShownCard | Subscription | FeedSearch], address: Address) -> Conditions:
    """What is in a chat, whichever of its threads."""
    return (table.platform == address.platform, table.chat == address.chat)


async def _mark_sending(session: AsyncSession, mark: str, *which: ColumnElement[bool]) -> None:
    """Add a fact to rows that are on their way; those that they have stay, such as who refused them."""
    on_their_way = select(Outgoing.id, Outgoing.facts).where(Outgoing.state == OutboxState.SENDING, *which)
    for number, facts in (await session.execute(on_their_way.with_for_update())).all():
        await session.execute(update(Outgoing).where(Outgoing.id == number).values(facts={**facts, mark: True}))


async def prune_waiting(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` messages that wait since before an instant, wherever they were to go; how many there were.

    As a rule they are for a platform that has no token any more. A day's dose stays: it has an end, and whoever does not get it is told
    so. What else has an end, such as a digest, is told to nobody after it.
    """
    goes = or_(Outgoing.expires_at.is_(None), Outgoing.kind != "dose")
    old = select(Outgoing.id).where(Outgoing.state.in_(WAITING), goes, Outgoing.not_before < before)
    gone = await session.execute(delete(Outgoing).where(Outgoing.id.in_(old.limit(limit))).returning(Outgoing.id))
    return len(gone.all())


async def prune(session: AsyncSession, state: OutboxState, before: datetime, limit: int) -> int:
    """Delete up to `limit` rows of a final state that were due before an instant; how many there were."""
    old = select(Outgoing.id).where(Outgoing.state == state, Outgoing.not_before < before).limit(limit)
    gone = await session.execute(delete(Outgoing).where(Outgoing.id.in_(old)).returning(Outgoing.id))
    return len(gone.all())
