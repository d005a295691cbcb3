"""Searches for a feed: asked in a conversation, made afterwards, answered through the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address
from bot.states import FeedSearchState
from bot.store import outbox
from bot.store.priority import Priority
from bot.store.tables import FeedSearch

KIND = "follow"
ASKED = "feed_search"


async def ask(
    session: AsyncSession, person_id: int, address: Address, url: str, topic: str | None, now: datetime
) -> FeedSearch:
    """Write down what to look for."""
    search = FeedSearch(
        person_id=person_id,
        platform=address.platform,
        chat=address.chat,
        thread=address.thread,
        url=url,
        topic=topic,
        made_at=now,
    )
    session.add(search)
    await session.flush()
    session.info[ASKED] = True
    return search


def was_asked(session: AsyncSession) -> bool:
    """Did this session's transaction ask for a search?"""
    return ASKED in session.info


async def find(session: AsyncSession, search_id: int) -> FeedSearch | None:
    """A search by its number."""
    return await session.get(FeedSearch, search_id)


async def any_waiting(session: AsyncSession) -> bool:
    """Is there anything to look for?"""
    return bool(await session.scalar(select(exists().where(FeedSearch.state == FeedSearchState.WAITING))))


async def claim(session: AsyncSession, now: datetime, lease: timedelta, limit: int) -> list[FeedSearch]:
    """Take searches that wait, for this process alone until the lease ends."""
    waiting = await session.scalars(
        select(FeedSearch)
        .where(
            FeedSearch.state == FeedSearchState.WAITING,
            or_(FeedSearch.lease_until.is_(None), FeedSearch.lease_until <= now),
        )
        .order_by(FeedSearch.made_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list(waiting)
    for search in taken:
        search.lease_until = now + lease
    return taken


async def finish(
    session: AsyncSession, search_id: int, found: list[dict[str, Any]], problem: str, now: datetime
) -> None:
    """Keep what was found and tell whoever asked, once."""
    search = await session.get(FeedSearch, search_id, with_for_update=True)
    if search is None or search.state != FeedSearchState.WAITING:
        return
    search.state, search.found, search.lease_until = FeedSearchState.DONE, found, None
    await outbox.put(
        session,
        [
            {
                "key": f"follow:{search.id}",
                "kind": KIND,
                "platform": search.platform,
                "chat": search.chat,
                "thread": search.thread,
                "person_id": search.person_id,
                "facts": {
                    "search": search.id,
                    "url": search.url,
                    "topic": search.topic,
                    "found": found,
                    "problem": problem,
                },
                "priority": Priority.ASKED,
                "not_before": now,
            }
        ],
    )


async def prune(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` searches that were over before an instant; how many there were."""
    old = (
        select(FeedSearch.id).where(FeedSearch.state == FeedSearchState.DONE, FeedSearch.made_at < before).limit(limit)
    )
    gone = await session.execute(delete(FeedSearch).where(FeedSearch.id.in_(old)).returning(FeedSearch.id))
    return len(gone.all())
