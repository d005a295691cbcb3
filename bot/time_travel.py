"""Time that is moved at once, for a terminal and for tests: everything that falls due on the way is sent as if one had waited."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clock import Present
from bot.delivery.leader import Leader
from bot.delivery.post import Post
from bot.live_catalog import LiveCatalog


class TimeTravel:
    """`forward` lets time pass; `settle` lets what is due by now be sent. Where another process leads, only the time passes."""

    def __init__(self, present: Present, live: LiveCatalog, leader: Leader, post: Post) -> None:
        self._present = present
        self._live = live
        self._leader = leader
        self._post = post

    async def forward(self, by: timedelta) -> None:
        """Let time pass, stopping at everything that is due on the way."""
        until = self._present.now() + by
        while True:
            before = self._present.now()  # settling takes a while, and what falls due meanwhile is an event as well
            await self.settle()
            event = await self._next_event(before) if self._leader.leads else None
            if event is None or event > until:
                break
            self._present.move_to(event)
        self._present.move_to(until)
        await self.settle()

    async def settle(self) -> None:
        """Return when everything due by now is sent, or waits for the end of a silence."""
        await self._live.follow()
        rounds, senders = self._post.rounds, self._post.senders.values()
        while self._leader.leads:
            before = sum(some.let_go for some in senders)
            moved = await rounds.go()
            rounds.ring(self._present.now())  # the clock was moved: an alarm would ring too late
            for at in {ticket.due for ticket in rounds.ahead}:
                self._post.set_alarm(at)
            # what another round set in motion meanwhile may make room for the next window, or go once more to another place
            waited = any([await some.at_rest() for some in senders])
            if not waited and not moved and before == sum(some.let_go for some in senders):
                return

    async def _next_event(self, after: datetime) -> datetime | None:
        """The earliest instant after another at which something goes, or a pace takes something again."""
        events = [ticket.due for ticket in self._post.rounds.ahead if ticket.due > after]
        events += [after + timedelta(seconds=pace.rest) for pace in self._post.paces.values() if pace.rest > 0]
        if found := await self._post.rounds.next_event(after):
            events.append(found)
        return min(events, default=None)
