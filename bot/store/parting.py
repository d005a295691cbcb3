"""An account leaves a person and is somebody of its own again; what was on its way to it goes to another account of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import link_codes
from bot.store.desk import SENT
from bot.store.outbox import WAITING
from bot.store.tables import FeedSearch, Identity, OpenQuestion, Outgoing, Person, Prompt, Room, ShownCard, Subscription

Spoken = type[FeedSearch | OpenQuestion | Outgoing | Prompt | Room | ShownCard | Subscription]


async def part(
    session: AsyncSession, person: Person, leaves: Identity, others: Sequence[Identity], now: datetime
) -> Person:
    """Give an account a person of its own, new and empty. All they have stays with the `others`, of whom the first gets what it got."""
    heir = others[0]

    def there(table: Spoken) -> tuple[ColumnElement[bool], ...]:
        """What is the person's in the chat of that account; all of its platform where no other account of theirs is there."""
        same_chat = (table.chat == leaves.platform_id,) if _stays_on_platform(leaves, others) else ()
        return (table.person_id == person.id, table.platform == leaves.platform, *same_chat)

    to_heir: dict[str, Any] = {"platform": heir.platform, "chat": heir.platform_id, "thread": None}
    quietly = {"synchronize_session": False}
    anew = await _somebody_new(session, person, now)
    for gone in (Room, ShownCard, OpenQuestion, Prompt):
        await session.execute(delete(gone).where(*there(gone)).execution_options(**quietly))
    waits = (*there(Outgoing), Outgoing.state.in_(WAITING))
    # that their code was used is for this account to know, whoever took it out meanwhile
    warns = Outgoing.key.startswith(link_codes.USED, autoescape=True)
    await session.execute(update(Outgoing).where(*waits, warns).values(person_id=anew.id).execution_options(**quietly))
    await session.execute(delete(Outgoing).where(*waits, Outgoing.kind.in_(SENT)).execution_options(**quietly))
    await session.execute(update(Outgoing).where(*waits).values(to_heir).execution_options(**quietly))
    for goes in (Subscription, FeedSearch):
        await session.execute(update(goes).where(*there(goes)).values(to_heir).execution_options(**quietly))
    await link_codes.drop_open(session, person.id)
    leaves.person_id = anew.id
    await session.flush()
    return anew


def takes_along(subscription: Subscription, leaves: Identity, others: Sequence[Identity]) -> bool:
    """Whether the doses come to the account that leaves, so that another one gets them then."""
    in_its_chat = subscription.chat == leaves.platform_id or not _stays_on_platform(leaves, others)
    return subscription.platform == leaves.platform and in_its_chat


def _stays_on_platform(leaves: Identity, others: Sequence[Identity]) -> bool:
    return any(one.platform == leaves.platform for one in others)


async def _somebody_new(session: AsyncSession, person: Person, now: datetime) -> Person:
    anew = Person(name=person.name, language=person.language, met_at=now)
    session.add(anew)
    await session.flush()
    return anew
