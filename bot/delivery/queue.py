"""What waits to be sent on one platform: the most urgent first, and aside what waits for its chat alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat import Address
from bot.ending import end
from bot.store.outbox import Ticket


class Queue:
    """Tickets by urgency. `chat_free` waits until a chat takes another message; its tickets come back together then."""

    def __init__(self, chat_free: Callable[[Address], Awaitable[None]]) -> None:
        self._chat_free = chat_free
        self._ready: asyncio.PriorityQueue[Ticket] = asyncio.PriorityQueue()
        self._aside: dict[str, list[Ticket]] = {}
        self._returning: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[bool]] = set()

    @property
    def aside(self) -> int:
        """How many wait for their chat."""
        return sum(map(len, self._aside.values()))

    def put(self, ticket: Ticket) -> None:
        """Have a ticket wait for a sender."""
        self._ready.put_nowait(ticket)

    async def get(self) -> Ticket:
        """The most urgent one, when there is one."""
        return await self._ready.get()

    def put_aside(self, ticket: Ticket) -> None:
        """Its chat takes nothing yet: others go meanwhile."""
        if waiting := self._aside.get(ticket.address.chat):
            waiting.append(ticket)
            return
        self._aside[ticket.address.chat] = [ticket]
        returning = asyncio.create_task(self._return(ticket.address))
        self._returning.add(returning)
        returning.add_done_callback(self._returning.discard)

    def clear(self) -> list[Ticket]:
        """Take everything out. Nobody waits for a chat any more: who does not hear of that is told again, and brings nothing back."""
        for returning in self._returning:
            returning.cancel()
        if self._returning:
            ending = asyncio.create_task(end(*self._returning))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
        out = [ticket for waiting in self._aside.values() for ticket in waiting]
        self._aside.clear()
        while not self._ready.empty():
            out.append(self._ready.get_nowait())
        return out

    async def _return(self, address: Address) -> None:
        await self._chat_free(address)
        for ticket in self._aside.pop(address.chat, ()):
            self._ready.put_nowait(ticket)
