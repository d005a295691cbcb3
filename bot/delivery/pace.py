"""How fast we speak: a bulk message waits for its turn, a reply hardly ever, and a platform that asks for silence gets it.

python-telegram-bot's own limiter lets a burst through and lifts a flood pause early (measured: 59 sends in one second), hence ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat import Address

CHAT_GAP = 1.0
"""Seconds between two messages to one chat (Telegram's FAQ: one a second)."""


class Pace:
    """The turns of one platform. Bulk turns are evenly spaced, so no sliding second holds more than `per_second` + 1."""

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
        self._next = 0.0
        self._silent_until = 0.0
        self._chats: dict[str, float] = {}

    async def bulk_turn(self, address: Address) -> None:
        """Wait for the turn of a message nobody waits for."""
        now = self._now()
        turn = max(now, self._next, self._silent_until, self._chats.get(address.chat, 0.0))
        self._next = max(now, self._next, self._silent_until) + self._gap
        self._chats[address.chat] = turn + self._chat_gap
        if len(self._chats) > 10_000:
            self._forget_old(now)
        await self._until(turn)

    async def reply_turn(self, address: Address) -> None:
        """Wait only while the platform wants silence. The reply takes room from bulk, not the other way round."""
        now = self._now()
        self._next = max(now, self._next) + self._gap
        self._chats[address.chat] = max(now, self._silent_until) + self._chat_gap
        await self._until(now)

    def slow_down(self, seconds: float) -> None:
        """Nothing goes for that long, from anybody."""
        self._silent_until = max(self._silent_until, self._now() + seconds)

    async def _until(self, turn: float) -> None:
        while (wait := max(turn, self._silent_until) - self._now()) > 0:
            await self._sleep(wait)

    def _forget_old(self, now: float) -> None:
        self._chats = {chat: at for chat, at in self._chats.items() if at > now}
