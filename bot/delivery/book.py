"""Takes rows for sending, and writes down which of them are with their people.

`sending` is committed before a call and `sent` right after it. Senders that come at the same time share a commit, to take as well as to
mark: at the platform's pace nobody has company, and where more is allowed the disk is asked a twentieth as often (`make bench`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog
from bot.chat import Message, MessageRef
from bot.failpoints import BEFORE_MARK, reach
from bot.planning.offers import offer_another
from bot.store import days_off, doses, outbox, shown_cards, subscriptions
from bot.store.database import Database
from bot.store.outbox import Parcel
from bot.store.together import Together
from bot.store.trouble import TROUBLE

SENDING_LEASE = timedelta(seconds=150)
"""How long a row that was taken is ours: longer than a send, and writing down how it ended, may last together (`send.py`)."""
VERY_LATE = timedelta(hours=6)
"""A dose later than this excuses its day (design, section 2)."""


class Arrival(NamedTuple):
    """A parcel that is with its person: as what message, where that hangs, and since when."""

    parcel: Parcel
    message: Message
    ref: MessageRef
    at: datetime


class Book:
    """`await book.take(row_id)` gives the parcel, or None when the row may not go; `await book.arrived(arrival)` marks it sent."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        now: Callable[[], datetime],
        compose: Callable[[Parcel], Message | None] = lambda _: None,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._now = now
        self._compose = compose
        self._write: Together[int | Arrival, Parcel | None] = Together(database, self._mark_and_take, self._left)
        self._leaving: set[asyncio.Task[None]] = set()

    async def take(self, row_id: int) -> Parcel | None:
        """A row, ours from now on; None when it may not go. Who is cancelled meanwhile leaves none behind as taken."""
        taken = self._write.begin(row_id)
        try:
            parcel = await taken
            return await self._replace_retired(parcel) if parcel and _is_retired(parcel) else parcel
        except asyncio.CancelledError:
            if taken.done() and not taken.cancelled() and not taken.exception():  # it came as its taker was cut off
                self._left(taken.result())
            raise

    def leave(self, parcel: Parcel) -> None:
        """Give a row back where somebody is cut off: in a task of its own, as they may be told again. Wait for `at_rest`."""
        leaving = asyncio.create_task(self._leave(parcel))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def at_rest(self) -> None:
        """Wait until what was begun is written, and what was left is given back."""
        await self._write.at_rest()
        if self._leaving:
            await asyncio.wait(self._leaving)

    async def give_back(self, parcel: Parcel) -> None:
        """Leave a row to whoever takes it next: its call did not begin."""
        async with self._database.write() as session:
            await outbox.give_back(session, parcel.row)

    async def arrived(self, arrival: Arrival) -> None:
        """Mark a row: its message is with the person."""
        await self._write(arrival)

    def _left(self, taken: Parcel | None) -> None:
        """Nobody is there any more for what was taken."""
        if taken:
            self.leave(taken)

    async def _leave(self, parcel: Parcel) -> None:
        with suppress(*TROUBLE):  # then its lease runs out
            await self.give_back(parcel)

    async def _mark_and_take(self, session: AsyncSession, items: Sequence[int | Arrival]) -> list[Parcel | None]:
        arrivals = [item for item in items if isinstance(item, Arrival)]
        row_ids = [item for item in items if isinstance(item, int)]
        if arrivals:
            await self._mark(session, arrivals)
        taken = await outbox.take(session, row_ids, self._now(), SENDING_LEASE) if row_ids else {}
        self._compose_all(taken.values())
        if arrivals:
            reach(BEFORE_MARK)
        return [taken.get(item) if isinstance(item, int) else None for item in items]

    def _compose_all(self, taken: Collection[Parcel]) -> None:
        """Write the messages of a company in a row: between two calls each would take longer (design notes, "A few callers …")."""
        for parcel in taken:
            with suppress(Exception):  # whoever sends it writes it again, and writes down why that fails
                parcel.message = self._compose(parcel)

    async def _mark(self, session: AsyncSession, arrivals: Sequence[Arrival]) -> None:
        await outbox.sent_all(session, [(parcel.row, ref.id, at) for parcel, _, ref, at in arrivals])
        for parcel, message, ref, at in arrivals:
            if not (message.shows or parcel.row.kind == outbox.EDIT or _is_very_late(parcel, at)):
                continue  # most leave nothing else behind
            await outbox.name_anew(session, parcel)
            await excuse_if_very_late(session, parcel, at)
            await _remember_card(session, Arrival(parcel, message, ref, at))

    async def _replace_retired(self, parcel: Parcel) -> Parcel:
        """What left the catalog since the dose was made is not given out while there is anything else.

        To choose takes many statements, so the row has a transaction of its own for it: those who take theirs together do not wait.
        """
        try:
            async with self._database.write() as session:
                return await self._with_another(session, parcel)
        except Exception:
            await self._leave(parcel)
            raise

    async def _with_another(self, session: AsyncSession, parcel: Parcel) -> Parcel:
        """The parcel with something else in its dose; as it is where there is nothing else, or the dose went its own way meanwhile."""
        assert parcel.dose is not None, "only a dose has a resource"
        row = parcel.row
        if not await outbox.still_ours(session, row) or outbox.SEEN in await outbox.facts_of(session, row):
            return parcel
        subscription = await subscriptions.find(session, parcel.dose.subscription_id)
        dose = await doses.find(session, parcel.dose.id)
        if dose is None or await offer_another(session, self._catalog(), subscription, dose, self._now()):
            return parcel
        await session.flush()
        return (await outbox.load(session, [parcel.row.id]))[parcel.row.id]


def _is_retired(parcel: Parcel) -> bool:
    return parcel.row.kind == "dose" and parcel.resource is not None and parcel.resource.retired_at is not None


def _is_very_late(parcel: Parcel, now: datetime) -> bool:
    return parcel.row.kind == "dose" and parcel.dose is not None and now - parcel.dose.due_at > VERY_LATE


async def excuse_if_very_late(session: AsyncSession, parcel: Parcel, now: datetime) -> None:
    """A dose that comes very late excuses its day."""
    dose = parcel.dose
    if dose and _is_very_late(parcel, now):
        await days_off.excuse(session, dose.subscription_id, [dose.day], "late", since=dose.due_at, until=now)


async def _remember_card(session: AsyncSession, arrival: Arrival) -> None:
    """A card is edited when somebody decides, so where it hangs is kept."""
    parcel, message, ref, at = arrival
    row = parcel.row
    if row.kind == outbox.EDIT:
        await shown_cards.follow(session, row, ref)
    if message.shows:
        language = row.facts.get("language") or parcel.language or ""
        await shown_cards.remember(session, message.shows, ref, person_id=row.person_id, language=language, now=at)
