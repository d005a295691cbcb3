"""Long things that go on over days; and what is put away before a dose is made."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.learning import sessions
from bot.learning.dose import waiting
from bot.states import Marked, ThreadState
from bot.store import catalog as kept_catalog
from bot.store import marks, news, threads
from bot.store.seen import Seen
from bot.store.tables import Subscription, Thread


async def put_away(
    session: AsyncSession, catalog: Catalog, subscription: Subscription, seen: Seen, day: date, now: datetime
) -> None:
    """Before a dose is made: what nobody answered three times goes to Saved, and long things that left the catalog rest, their place kept.

    Writes only where there is something to write, and brings `seen` along.
    """
    if subscription.person_id is None:
        return
    for resource in waiting(seen.recent, day).spent - seen.settled:
        for name in (Marked.SKIPPED, Marked.SAVED):
            await marks.mark(session, subscription.person_id, resource, name, now)
        seen.settled |= {resource}
    held = [thread.resource for thread in seen.threads if catalog.resource(thread.resource)]
    seen.threads, changed = sessions.without_retired(seen.threads, held)
    for thread in changed:
        await threads.keep(session, subscription.person_id, thread)
        if thread.state == ThreadState.RETIRED:
            kept = await kept_catalog.find(session, thread.resource)
            title = kept.title if kept else thread.resource
            news.add(subscription, {"kind": "retired", "title": title, "part": thread.part, "of": thread.of})


async def go_on(session: AsyncSession, person_id: int, thread: sessions.Thread) -> list[Thread]:
    """Keep how far somebody is with something long that goes on; gives what was shelved to make room where there was none."""
    row = await threads.find(session, person_id, thread.resource)
    begins = row is None or row.state != ThreadState.OPEN
    made_room = await _make_room(session, person_id) if begins else []
    await threads.keep(session, person_id, thread)
    return made_room


async def _make_room(session: AsyncSession, person_id: int) -> list[Thread]:
    """Shelve the long things worked on longest ago, such as those of an earlier trail, so that one more may begin."""
    settled = marks.settled_in(await marks.by_name(session, person_id))
    going = await threads.of_person(session, person_id, [ThreadState.OPEN])
    aside = [row for row in going if row.resource_id not in settled][sessions.MOST_OPEN - 1 :]
    for row in aside:
        row.state = ThreadState.SHELVED
    return aside
