"""How fast we speak: a bulk message waits for its turn, a reply hardly ever, and a platform that asks for silence gets it.

python-telegram-bot's own limiter lets a burst through and lifts a flood pause early (measured: 59 sends in one second), hence ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat import Address

CHAT_GAP = 1.0
"""Seconds between two messages to one chat (Telegram's FAQ: one a second)."""
CATCH_UP = 4
"""How many turns that the process was too busy for may follow at once. At 25 a second no sliding second holds more than 30."""
LONG_AGO = float("-inf")
CHATS_KEPT = 10_000
"""How many chats are remembered before those that are free again are forgotten."""


class Pace:
    """The turns of one platform: evenly spaced, at most `per_second` + `CATCH_UP` + 1 in any sliding second.

    `monotonic` tells seconds that only grow, `sleep` waits for some of them; it may come back early.
    """

    def __init__(
        self,
        per_second: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        chat_gap: float = CHAT_GAP,
    ) -> None:
        self._gap = 1 / per_second
        self._chat_gap = chat_gap
        self._now = monotonic
        self._sleep = sleep
        self._line = asyncio.Lock()
        self._next = LONG_AGO
        self._silent_until = LONG_AGO
        self._chats: dict[str, float] = {}

    async def bulk_turn(self, address: Address) -> None:
        """Wait for the turn of a message nobody waits for. A chat whose own gap is not over holds up nobody else."""
        while not await self._take_turn(address.chat):
            while (gap := self._chats.get(address.chat, LONG_AGO) - self._now()) > 0:
                await self._sleep(gap)

    async def reply_turn(self, address: Address) -> None:
        """Wait only while the platform wants silence. The reply takes room from bulk, not the other way round."""
        now = self._now()
        self._next = max(now, self._next) + self._gap
        self._keep_gap(address.chat, max(now, self._silent_until))
        while self.silence > 0:
            await self._sleep(self.silence)

    def slow_down(self, seconds: float) -> None:
        """Nothing goes for that long, from anybody."""
        self._silent_until = max(self._silent_until, self._now() + seconds)
        self._next = max(self._next, self._silent_until)

    @property
    def silence(self) -> float:
        """How many seconds of silence are left; not more than 0 where nothing is silent."""
        return self._silent_until - self._now()

    async def _take_turn(self, chat: str) -> bool:
        """Wait in line for the next turn; False where it would come too soon for that chat, and is left to others."""
        async with self._line:
            while (wait := self._next - self._now()) > 0:
                await self._sleep(wait)
            now = self._now()
            if self._chats.get(chat, LONG_AGO) > now:
                return False
            self._next = max(self._next, now - CATCH_UP * self._gap) + self._gap
            self._keep_gap(chat, now)
            return True

    def _keep_gap(self, chat: str, at: float) -> None:
        """Something goes to a chat at an instant; the next bulk message there waits."""
        self._chats[chat] = max(self._chats.get(chat, LONG_AGO), at + self._chat_gap)
        if len(self._chats) > CHATS_KEPT:
            now = self._now()
            self._chats = {chat: free for chat, free in self._chats.items() if free > now}
