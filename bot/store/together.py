"""Writes in one transaction what many want written at the same time.

A commit waits for the disk, so at a fast pace it is the commits that cost. Nobody waits here for company: who comes first begins a
transaction as soon as the loop has nobody else who would come along, and who comes while it is on its way shares the next one. Each
caller goes on when its own part is committed, and a few of them at once: so the next transaction gets on while the last company works.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Generic, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.database import Database
from bot.store.trouble import is_away

log = structlog.get_logger("store")

PORTION = 8
"""How many callers go on at once. A whole company would hold the loop for as long as a transaction lasts, and that would wait for it."""

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[AsyncSession, Sequence[Item]], Awaitable[Sequence[Result]]]
Waiting = list[tuple[Item, "asyncio.Future[Result]"]]
Told = Iterator[tuple["asyncio.Future[Result]", Result]]


class Together(Generic[Item, Result]):
    """Does `work` for one item or for several at once; it gives a result for each, in their order.

    Nobody's cancellation undoes a commit: `unheard` is told a result that is committed and whose caller was gone before it came. Where the
    writing itself is cut off, or breaks off by a mistake of ours, who waits hears of that at once as of a database that goes away: nobody
    knows whether it was committed.
    """

    def __init__(
        self, database: Database, work: Work[Item, Result], unheard: Callable[[Result], None] = lambda _: None
    ) -> None:
        self._database = database
        self._work = work
        self._unheard = unheard
        self._waiting: Waiting[Item, Result] = []
        self._company: Waiting[Item, Result] = []
        self._writing: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    async def __call__(self, item: Item) -> Result:
        """The result for an item, committed. Raises what its own part raised; nobody else's trouble is heard of."""
        return await self.begin(item)

    def begin(self, item: Item) -> asyncio.Future[Result]:
        """What will be the result. Where it comes in the very moment in which its caller is cut off, the caller has to look for it."""
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
            self._writing.add_done_callback(self._tell_broken_off)
        return result

    async def at_rest(self) -> None:
        """Wait until all that was begun is written and told."""
        while going := [task for task in (*self._telling, self._writing) if task and not task.done()]:
            await asyncio.wait(going)

    async def _write(self) -> None:
        """Write until nobody waits."""
        while self._waiting:
            company = self._company = await self._gather()
            if len(company) == 1 or not await self._ended(company):
                for item, result in company:  # somebody failed: each by itself, so that it fails alone
                    await self._alone(item, result)
            self._company = []

    def _tell_broken_off(self, writing: asyncio.Task[None]) -> None:
        """Have nobody wait for a task that is cancelled, be it before its first step, or that failed by a mistake of ours.

        That mistake is in nobody's statements, so it speaks against no item: they hear what may go well the next time, and its cause.
        """
        failed = None if writing.cancelled() else writing.exception()
        if not (writing.cancelled() or failed):
            return
        left = self._left_by(writing)
        if failed:
            log.error("together.failed", items=len(left), exc_info=failed)
        elif left:
            log.warning("together.cut_off", items=len(left))
        error = ConnectionAbortedError(f"the writing failed: {failed!r}" if failed else "the writing was cut off")
        error.__cause__ = failed
        self._fail(left, error)

    def _left_by(self, writing: asyncio.Task[None]) -> Waiting[Item, Result]:
        """Whoever waits for a task that is over. Who came since then has a task of their own."""
        left, self._company = self._company, []
        if writing is self._writing:
            left, self._waiting = [*left, *self._waiting], []
        return left

    async def _gather(self) -> Waiting[Item, Result]:
        """Whoever waits, and whoever comes with what the loop has to do at this moment anyway."""
        there = 0
        while len(self._waiting) > there:
            there = len(self._waiting)
            await asyncio.sleep(0)
        company, self._waiting = self._waiting, []
        return company

    async def _ended(self, company: Waiting[Item, Result]) -> bool:
        """Write for a company and tell each how it ended; False if it failed for somebody's own reason, and may go well for the others.

        A database that is away is nobody's own: to ask it again for each would make everybody wait as often as there are in company.
        """
        try:
            results = await self._transaction([item for item, _ in company])
        except Exception as error:
            away = is_away(error)
            log.warning("together.away" if away else "together.apart", items=len(company), reason=repr(error))
            self._fail(company if away else [], error)
            return away
        told = zip((waits for _, waits in company), results, strict=True)
        telling = asyncio.create_task(self._tell(told))
        self._telling.add(telling)
        telling.add_done_callback(partial(self._tell_the_rest, told))
        return True

    async def _alone(self, item: Item, waits: asyncio.Future[Result]) -> None:
        try:
            (result,) = await self._transaction([item])
        except Exception as error:
            self._fail([(item, waits)], error)
        else:
            self._give(waits, result)

    async def _transaction(self, items: Sequence[Item]) -> Sequence[Result]:
        async with self._database.write(here=True) as session:
            results = await self._work(session, items)
            if len(results) != len(items):  # before the commit: nobody could say whose result is missing
                raise ValueError(f"{len(results)} results for {len(items)} items")
            return results

    async def _tell(self, told: Told[Result]) -> None:
        """Have each go on with its result, a portion at a time."""
        for count, (waits, result) in enumerate(told, start=1):
            self._give(waits, result)
            if count % PORTION == 0:
                await asyncio.sleep(0)

    def _tell_the_rest(self, told: Told[Result], telling: asyncio.Task[None]) -> None:
        """What is committed is told also where the telling was cut off."""
        self._telling.discard(telling)
        for waits, result in told:
            self._give(waits, result)

    def _give(self, waits: asyncio.Future[Result], result: Result) -> None:
        """Tell a result. Whoever is gone holds up nobody, also where `unheard` fails."""
        if not waits.done():
            waits.set_result(result)
            return
        try:
            self._unheard(result)
        except Exception:
            log.exception("together.unheard")

    def _fail(self, company: Waiting[Item, Result], error: Exception) -> None:
        for _, waits in company:
            if not waits.done():
                waits.set_exception(error)
