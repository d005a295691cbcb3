"""The queue of updates and long polling: what waits for the bot, for how long, and who may collect it.

As on the real server, `getUpdates` with an offset forgets everything before it, updates expire, kinds that
the bot did not ask for are never queued, and of two pollers the one that waits is dismissed with 409
(Client.cpp, do_get_updates).
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from .clock import TimeSource
from .html import JSON
from .refusal import Refused, conflict

DAY = 24 * 3600
PRESS_LIFETIME = 150
LONG_POLL_MAX = 50
FIRST_ID = 500_000_001
ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}

OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"

Lane = tuple[str, int]
"""Updates of one lane are delivered to a webhook in their order: a chat's messages, a person's presses."""


@dataclass(slots=True, eq=False)
class Update:
    """One waiting update; `expires` on the server's clock, in Unix seconds."""

    id: int
    kind: str
    body: JSON
    expires: float
    lane: Lane

    def as_json(self) -> JSON:
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """All updates that the bot has not confirmed.

    `quick` leaves out the 3 s by which the real server delays a poll that repeats its offset and a second
    409.
    """

    def __init__(self, clock: TimeSource, *, quick: bool) -> None:
        self.allowed: list[str] | None = None
        self.on_push: Callable[[], None] = lambda: None
        self._clock = clock
        self._quick = quick
        self._queue: deque[Update] = deque()
        self._next_id = FIRST_ID
        self._waiting: asyncio.Future[None] | None = None
        self._last_offset: int | None = None
        self._last_poll = self._last_conflict = float("-inf")

    def push(self, kind: str, body: JSON, lane: Lane, lifetime: float = DAY) -> int | None:
        """Queue an update; its id, or None for a kind that the bot does not want."""
        if kind not in self.allowed if self.allowed else kind in ONLY_WHEN_ASKED:
            return None
        update = Update(self._next_id, kind, body, self._now() + lifetime, lane)
        self._next_id += 1
        self._queue.append(update)
        self.let_go()
        self.on_push()
        return update.id

    def pending(self) -> list[Update]:
        """What waits, oldest first, without what expired."""
        self._drop_expired()
        return list(self._queue)

    def forget(self, done: Iterable[Update]) -> None:
        for update in done:
            self._queue.remove(update)

    def clear(self) -> None:
        self._queue.clear()

    async def get(self, offset: int, limit: int, patience: int) -> list[JSON]:
        """What `getUpdates` answers, after at most `patience` seconds.

        Raises `Refused` (409) when another poller or a webhook takes over.
        """
        limit, patience = self._punish_repeats(offset, limit, patience)
        self._confirm(offset)
        if not self._first(limit) and patience:
            await self._wait(patience)
        return [update.as_json() for update in self._first(limit)]

    def dismiss_poller(self, why: str) -> None:
        """Answer the poller that waits, if any, with 409."""
        if self._waiting is None or self._waiting.done():
            return
        now, dismissed = self._clock.monotonic(), self._waiting
        delay = 3 if now < self._last_conflict + 3 and not self._quick else 0
        self._last_conflict, self._waiting = now, None
        asyncio.get_running_loop().call_later(delay, _refuse, dismissed, conflict(why))

    def let_go(self) -> None:
        """End a waiting poll with what there is."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)

    def _first(self, limit: int) -> list[Update]:
        self._drop_expired()
        return list(islice(self._queue, limit))

    def _drop_expired(self) -> None:
        now = self._now()
        if any(update.expires <= now for update in self._queue):
            self._queue = deque(update for update in self._queue if update.expires > now)

    def _confirm(self, offset: int) -> None:
        """Forget what came before the offset; a negative one keeps only that many of the newest."""
        if offset < 0:
            self._queue = deque(list(self._queue)[offset:])
        while self._queue and self._queue[0].id < offset:
            self._queue.popleft()

    async def _wait(self, seconds: int) -> None:
        self.dismiss_poller(OTHER_POLLER)
        self._waiting = waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            pass

    def _punish_repeats(self, offset: int, limit: int, patience: int) -> tuple[int, int]:
        """A poller that asks again with the same offset at once gets one update, and waits."""
        now = self._clock.monotonic()
        since, repeats = now - self._last_poll, offset == self._last_offset
        self._last_offset, self._last_poll = offset, now
        if repeats and since < 3 and patience < 3 and not self._quick:
            patience = 3
        return (1 if repeats and since < 0.5 else limit), min(patience, LONG_POLL_MAX)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _refuse(poller: asyncio.Future[None], why: Refused) -> None:
    if not poller.done():
        poller.set_exception(why)
